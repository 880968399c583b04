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

    /// Whether `bytes`, six at least, begin with a record that begins with a client's or a server's hello, as far as they go.
    @inlinable
    package static func startsHello(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count > 5, mayStartHello(bytes) else { return false }
        // A hello is shorter than 64 kB, and its version is 3.x or a draft's 0x7f, where its first bytes share a record.
        let length = Int(bytes[3]) << 8 | Int(bytes[4])
        guard length >= 6, bytes.count > 9 else { return length > 0 }
        return bytes[6] == 0 && (bytes[9] == 3 || bytes[9] == 0x7f)
    }

    /// Whether bytes that are too few for `startsHello` are not against it.
    @inlinable
    package static func mayStartHello(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count > 0, bytes[0] == 22 else { return false }
        if bytes.count > 1, bytes[1] != 3 { return false }
        if bytes.count > 2, bytes[2] > 4 { return false }
        return bytes.count <= 5 || bytes[5] == 1 || bytes[5] == 2
    }
}
