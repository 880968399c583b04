/// A DHCP or BOOTP message (RFC 2131 §2), read for who asks, who answers and what is given.
package struct DHCPMessage: Sendable {
    package let transaction: UInt32
    package let clientAddress: UInt64
    /// `yiaddr`.
    package let offered: UInt32
    /// Option 53; 0 without it.
    package private(set) var messageType: UInt8 = 0
    /// Option 54; 0 without it.
    package private(set) var server: UInt32 = 0

    private static let cookie: UInt32 = 0x6382_5363
    private static let options = 240

    package init(parsing bytes: Span<UInt8>) throws(WireError) {
        let operation = try bytes.bigEndian(UInt8.self, at: 0, "op")
        guard operation == 1 || operation == 2 else { throw .unexpected(field: "op", value: Int(operation)) }
        transaction = try bytes.bigEndian(UInt32.self, at: 4, "xid")
        offered = try bytes.bigEndian(UInt32.self, at: 16, "yiaddr")
        clientAddress = try bytes.address48(at: 28, "chaddr")
        let cookie = try bytes.bigEndian(UInt32.self, at: 236, "magic cookie")
        guard cookie == Self.cookie else { throw .unexpected(field: "magic cookie", value: Int(cookie)) }
        try readOptions(bytes)
    }

    private mutating func readOptions(_ bytes: Span<UInt8>) throws(WireError) {
        var offset = Self.options
        while offset < bytes.count {
            let code = bytes[offset]
            offset &+= 1
            if code == 0 { continue }
            if code == 255 { return }
            guard let length = bytes.number(UInt8.self, at: offset) else { return }
            let value = offset &+ 1
            switch code {
            case 53: messageType = try bytes.bigEndian(UInt8.self, at: value, "option 53")
            case 54 where length == 4: server = try bytes.bigEndian(UInt32.self, at: value, "option 54")
            default: break
            }
            offset = value &+ Int(length)
        }
    }
}
