import Campus

/// Master keys by credential: deriving one hashes a megabyte (RFC 3414 §A.2).
struct KeyCache {
    private struct Source: Hashable {
        var auth: SNMPCredential.AuthProtocol
        var password: String
    }

    private var keys: [Source: [UInt8]] = [:]
    private static let limit = 1024

    mutating func authKey(_ credential: SNMPCredential) -> [UInt8] {
        key(credential.auth, credential.authSecret?.revealed)
    }

    /// RFC 3414 §2.6: the privacy key is derived with the authentication protocol's hash.
    mutating func privKey(_ credential: SNMPCredential) -> [UInt8] {
        credential.priv == nil ? [] : key(credential.auth, credential.privSecret?.revealed)
    }

    private mutating func key(_ auth: SNMPCredential.AuthProtocol?, _ password: String?) -> [UInt8] {
        guard let auth, let password else { return [] }
        let source = Source(auth: auth, password: password)
        if let known = keys[source] { return known }
        if keys.count >= Self.limit { keys = [:] }
        let key = SecurityLibrary.masterKey(auth, password: password)
        keys[source] = key
        return key
    }
}
