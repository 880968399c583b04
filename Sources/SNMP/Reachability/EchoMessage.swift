/// An echo request or reply of ICMP (RFC 792) or ICMPv6 (RFC 4443 §4), with our token as its data.
struct EchoMessage {
    static let requestV4: UInt8 = 8
    static let replyV4: UInt8 = 0
    static let requestV6: UInt8 = 128
    static let replyV6: UInt8 = 129

    var identifier: UInt16
    /// Tells one request from all others that are under way.
    var token: UInt64

    init(identifier: UInt16, token: UInt64) {
        self.identifier = identifier
        self.token = token
    }

    /// The request's bytes; the kernel fills in the checksum of ICMPv6 itself (RFC 3542 §3.1).
    func request(isIPv4: Bool) -> [UInt8] {
        var bytes: [UInt8] = [isIPv4 ? Self.requestV4 : Self.requestV6, 0, 0, 0]
        let sequence = UInt16(truncatingIfNeeded: token)
        for half in [identifier, sequence] {
            bytes.append(UInt8(half >> 8))
            bytes.append(UInt8(half & 255))
        }
        for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: token >> UInt64(shift))) }
        if isIPv4 {
            let sum = Self.checksum(bytes.span)
            bytes[2] = UInt8(sum >> 8)
            bytes[3] = UInt8(sum & 255)
        }
        return bytes
    }

    /// The reply in a datagram, nil for anything else. `hasHeader` says that an IPv4 header stands before it, as raw sockets give it.
    init?(reply bytes: Span<UInt8>, isIPv4: Bool, hasHeader: Bool) {
        var start = 0
        if hasHeader {
            guard bytes.count >= 20, bytes[0] >> 4 == 4 else { return nil }
            start = Int(bytes[0] & 15) * 4
        }
        guard start <= bytes.count, bytes.count - start >= 16, bytes[start] == (isIPv4 ? Self.replyV4 : Self.replyV6),
            bytes[start + 1] == 0
        else { return nil }
        identifier = UInt16(bytes[start + 4]) << 8 | UInt16(bytes[start + 5])
        token = 0
        for offset in 8..<16 { token = token << 8 | UInt64(bytes[start + offset]) }
    }

    /// RFC 1071.
    static func checksum(_ bytes: Span<UInt8>) -> UInt16 {
        var sum: UInt32 = 0
        for index in bytes.indices { sum &+= index % 2 == 0 ? UInt32(bytes[index]) << 8 : UInt32(bytes[index]) }
        while sum >> 16 != 0 { sum = sum & 0xffff &+ sum >> 16 }
        return ~UInt16(truncatingIfNeeded: sum)
    }
}
