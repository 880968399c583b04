/// An ARP packet (RFC 826) for IPv4 over Ethernet.
package struct ARPPacket: Sendable {
    package static let byteCount = 28

    /// 1 request, 2 reply.
    package let operation: UInt16
    package let senderAddress: UInt64
    package let senderIP: UInt32
    package let targetAddress: UInt64
    package let targetIP: UInt32

    package init(parsing bytes: Span<UInt8>, at offset: Int = 0) throws(WireError) {
        let network = try bytes.bigEndian(UInt16.self, at: offset &+ 2, "protocol type")
        guard network == 0x0800 else { throw .unexpected(field: "protocol type", value: Int(network)) }
        let lengths = try bytes.bigEndian(UInt16.self, at: offset &+ 4, "address lengths")
        guard lengths == 0x0604 else { throw .unexpected(field: "address lengths", value: Int(lengths)) }
        operation = try bytes.bigEndian(UInt16.self, at: offset &+ 6, "operation")
        senderAddress = try bytes.address48(at: offset &+ 8, "sender hardware address")
        senderIP = try bytes.bigEndian(UInt32.self, at: offset &+ 14, "sender address")
        targetAddress = try bytes.address48(at: offset &+ 18, "target hardware address")
        targetIP = try bytes.bigEndian(UInt32.self, at: offset &+ 24, "target address")
    }
}
