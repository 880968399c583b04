import Wire

/// What stands before a scoped PDU that we send (RFC 3412 §6, RFC 3414 §2.4).
struct SecuredHeader {
    var messageID: Int32
    var flags: UInt8
    var engineID: [UInt8]
    var boots: Int64
    var seconds: Int64
    var user: [UInt8]

    /// Writes itself before msgData; returns how far from the message's end the digest's place begins.
    @discardableResult
    func write(to writer: inout MessageWriter, digestSize: Int, salt: [UInt8]) -> Int {
        let end = writer.count
        writer.string(salt)
        writer.string([UInt8](repeating: 0, count: digestSize))
        // Two octets of header stand before the digest: no digest has 128.
        let place = writer.count - 2
        writer.string(user)
        writer.integer(seconds)
        writer.integer(boots)
        writer.string(engineID)
        writer.header(Tag.sequence, since: end)
        writer.header(Tag.octets, since: end)
        let before = writer.count
        writer.integer(SecuredMessage.usm)
        writer.string([flags])
        writer.integer(Int64(MessageWriter.capacity))
        writer.integer(Int64(messageID))
        writer.header(Tag.sequence, since: before)
        writer.integer(3)
        writer.header(Tag.sequence, since: 0)
        return place
    }
}

extension UserKeys {
    /// Encrypts the scoped PDU that `writer` holds, puts `header` before it and signs the whole, as far as the user has keys;
    /// false when that fails. `salt` differs from message to message.
    func seal(_ writer: inout MessageWriter, _ header: SecuredHeader, salt: UInt64, withoutPrivacy: Bool = false) -> Bool {
        var header = header
        var sent: [UInt8] = []
        if let priv, !withoutPrivacy {
            header.flags |= SecuredMessage.privFlag
            sent = self.salt(priv, salt, header.boots)
            let vector = vector(priv, sent, boots: header.boots, seconds: header.seconds)
            let cipher = SecurityLibrary.encrypted(priv, key: cipherKey(priv), vector: vector, writer.message)
            guard !cipher.isEmpty else { return false }
            writer.replaceAll(with: cipher[...])
            writer.header(Tag.octets, since: 0)
        }
        guard let auth else {
            header.write(to: &writer, digestSize: 0, salt: sent)
            return writer.isComplete
        }
        header.flags |= SecuredMessage.authFlag
        let place = header.write(to: &writer, digestSize: auth.digestSize, salt: sent)
        let digest = SecurityLibrary.digest(auth, key: authKey, of: writer.message)
        guard digest.count == auth.digestSize else { return false }
        writer.replace(digest, at: place)
        return writer.isComplete
    }

    /// Whether the digest of the first `limit` octets is ours (RFC 3414 §6.3.2).
    func isGenuine(_ message: SecuredMessage, _ bytes: Span<UInt8>, _ limit: Int) -> Bool {
        guard let auth, message.digest.count == auth.digestSize else { return false }
        var copy = bytes.copy(0..<limit)
        for place in message.digest { copy[place] = 0 }
        let digest = SecurityLibrary.digest(auth, key: authKey, of: copy[...])
        guard digest.count == auth.digestSize else { return false }
        // Without a branch on the octets: a forger learns nothing from how long it takes.
        var difference: UInt8 = 0
        for (offset, octet) in digest.enumerated() { difference |= octet ^ bytes[message.digest.lowerBound + offset] }
        return difference == 0
    }

    /// The plain scoped PDU, padding included; empty when it cannot be had.
    func decrypted(_ message: SecuredMessage, _ bytes: Span<UInt8>) -> [UInt8] {
        let salt = bytes.copy(message.salt)
        guard let priv, message.data.tag == Tag.octets, salt.count == 8 else { return [] }
        let vector = vector(priv, salt, boots: message.boots, seconds: message.seconds)
        return SecurityLibrary.decrypted(
            priv, key: cipherKey(priv), vector: vector, bytes.copy(message.data.start..<message.data.end))
    }

    /// RFC 3414 §8.1.1.1: DES's salt begins with the engine's boots; RFC 3826 §3.1.2.1: AES's is a counter.
    private func salt(_ priv: SNMPCredential.PrivProtocol, _ counter: UInt64, _ boots: Int64) -> [UInt8] {
        priv == .des ? octets(UInt32(truncatingIfNeeded: boots)) + octets(UInt32(truncatingIfNeeded: counter)) : octets(counter)
    }

    private func cipherKey(_ priv: SNMPCredential.PrivProtocol) -> [UInt8] {
        priv == .des ? Array(privKey.prefix(8)) : privKey
    }

    private func vector(_ priv: SNMPCredential.PrivProtocol, _ salt: [UInt8], boots: Int64, seconds: Int64) -> [UInt8] {
        if priv == .des { return zip(privKey.dropFirst(8), salt).map { $0 ^ $1 } }
        return octets(UInt32(truncatingIfNeeded: boots)) + octets(UInt32(truncatingIfNeeded: seconds)) + salt
    }

    private func octets(_ number: some FixedWidthInteger) -> [UInt8] {
        (0..<(number.bitWidth / 8)).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
}
