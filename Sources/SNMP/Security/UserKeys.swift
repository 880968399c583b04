/// A user's keys at one engine, ready for use.
struct UserKeys {
    let auth: SNMPCredential.AuthProtocol?
    let priv: SNMPCredential.PrivProtocol?
    let authKey: [UInt8]
    let privKey: [UInt8]

    /// nil when a key cannot be made.
    init?(_ credential: SNMPCredential, authMaster: [UInt8], privMaster: [UInt8], engineID: [UInt8]) {
        auth = credential.auth
        priv = credential.priv
        guard let auth = credential.auth else {
            authKey = []
            privKey = []
            return
        }
        authKey = SecurityLibrary.localizedKey(auth, master: authMaster, engineID: engineID)
        if authKey.isEmpty { return nil }
        guard let priv = credential.priv else {
            privKey = []
            return
        }
        var key = SecurityLibrary.localizedKey(auth, master: privMaster, engineID: engineID)
        guard !key.isEmpty else { return nil }
        // draft-blumenthal-aes-usm-04 §3.1.2.1: a key that is too short is followed by its hash, until it is not.
        while key.count < priv.keySize {
            let more = SecurityLibrary.hash(auth, of: key)
            guard !more.isEmpty else { return nil }
            key += more
        }
        privKey = Array(key[..<priv.keySize])
    }
}
