/// The header of a TLS record (RFC 8446 §5.1; RFC 5246 §6.2).
package struct TLSRecord: Sendable {
    package enum Content: UInt8, Sendable {
        case changeCipherSpec = 20
        case alert, handshake, applicationData, heartbeat
    }

    package static let headerByteCount = 5
    /// 2^14 bytes and what ciphers and compression may add (RFC 5246 §6.2.3).
    package static let maximumLength = (1 << 14) + 2048

    package let content: Content
    /// Of the data behind the header, in bytes.
    package let length: Int

    package init(parsing bytes: Span<UInt8>, at offset: Int = 0) throws(WireError) {
        let type = try bytes.bigEndian(UInt8.self, at: offset, "content type")
        guard let content = Content(rawValue: type) else { throw .unexpected(field: "content type", value: Int(type)) }
        let version = try bytes.bigEndian(UInt16.self, at: offset &+ 1, "record version")
        guard version >> 8 == 3 else { throw .unexpected(field: "record version", value: Int(version)) }
        length = Int(try bytes.bigEndian(UInt16.self, at: offset &+ 3, "record length"))
        guard length <= Self.maximumLength else {
            throw .impossibleLength(field: "record length", claimed: length, available: Self.maximumLength)
        }
        self.content = content
    }

    /// Whether `bytes` begin with a record that begins with a client's or a server's hello.
    @inlinable
    package static func startsHello(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count > 5, bytes[0] == 22, bytes[1] == 3, bytes[2] <= 4, bytes[5] == 1 || bytes[5] == 2 else { return false }
        let length = Int(bytes[3]) << 8 | Int(bytes[4])
        guard length >= 4, length <= maximumLength, bytes.count >= 9 else { return length >= 4 && bytes.count < 9 }
        // A hello of more than 64 kB does not exist; its third byte from the end of the length tells.
        return bytes[6] == 0 && (bytes.count < 11 || bytes[9] == 3)
    }
}
