/// The line by which an SSH side names itself (RFC 4253 §4.2).
package struct SSHIdentification: Sendable {
    /// Without its line end.
    package let text: String
    /// RFC 4253 allows 255 with CR LF; some devices send more.
    package static let maximumByteCount = 512

    /// `bytes` begin with the line.
    package init(parsing bytes: Span<UInt8>) throws(WireError) {
        guard bytes.hasPrefix("SSH-") else {
            throw .unexpected(field: "identification", value: Int(bytes.number(UInt8.self, at: 0) ?? 0))
        }
        let end = HTTPHead.lineEnd(bytes, from: 0)
        guard end < bytes.count else {
            throw .truncated(field: "identification", needed: end &+ 1, available: bytes.count)
        }
        text = bytes.text(HTTPHead.trimmed(bytes, 0, end))
    }
}
