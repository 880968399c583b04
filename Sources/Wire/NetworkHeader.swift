/// An IPv4 or IPv6 header with its extension headers, read for what lies behind it.
package struct NetworkHeader: Sendable {
    package private(set) var isIPv4: Bool
    /// 0 for IPv4.
    package private(set) var sourceHigh: UInt64 = 0
    /// An IPv4 address in the low 32 bits.
    package private(set) var sourceLow: UInt64
    package private(set) var destinationHigh: UInt64 = 0
    package private(set) var destinationLow: UInt64
    /// What follows (IANA protocol-numbers); of IPv6, after the extension headers that are walked.
    package private(set) var protocolNumber: UInt8
    package private(set) var hopLimit: UInt8
    /// Where the transport header begins, from the frame's start.
    package private(set) var payload: Int
    /// Where the datagram ends by its own length; may lie behind the captured bytes.
    package private(set) var end: Int
    package private(set) var isFragment = false
    package private(set) var moreFragments = false
    /// In bytes.
    package private(set) var fragmentOffset = 0
    package private(set) var identification: UInt32 = 0

    /// RFC 791.
    package init(ipv4 frame: Span<UInt8>, at offset: Int) throws(WireError) {
        let first = try frame.bigEndian(UInt8.self, at: offset, "version")
        guard first >> 4 == 4 else { throw .unexpected(field: "version", value: Int(first >> 4)) }
        let headerLength = Int(first & 15) &* 4
        guard headerLength >= 20 else {
            throw .impossibleLength(field: "header length", claimed: headerLength, available: frame.count &- offset)
        }
        destinationLow = UInt64(try frame.bigEndian(UInt32.self, at: offset &+ 16, "destination"))
        sourceLow = UInt64(try frame.bigEndian(UInt32.self, at: offset &+ 12, "source"))
        protocolNumber = try frame.bigEndian(UInt8.self, at: offset &+ 9, "protocol")
        hopLimit = try frame.bigEndian(UInt8.self, at: offset &+ 8, "time to live")
        let length = Int(try frame.bigEndian(UInt16.self, at: offset &+ 2, "total length"))
        // 0 is what an interface with segmentation offload leaves: the datagram fills the frame.
        guard length >= headerLength || length == 0 else {
            throw .impossibleLength(field: "total length", claimed: length, available: frame.count &- offset)
        }
        let flags = try frame.bigEndian(UInt16.self, at: offset &+ 6, "flags")
        identification = UInt32(try frame.bigEndian(UInt16.self, at: offset &+ 4, "identification"))
        isIPv4 = true
        fragmentOffset = Int(flags & 0x1fff) &* 8
        moreFragments = flags & 0x2000 != 0
        isFragment = moreFragments || fragmentOffset > 0
        payload = offset &+ headerLength
        end = length == 0 ? frame.count : offset &+ length
    }

    /// RFC 8200.
    package init(ipv6 frame: Span<UInt8>, at offset: Int) throws(WireError) {
        let first = try frame.bigEndian(UInt8.self, at: offset, "version")
        guard first >> 4 == 6 else { throw .unexpected(field: "version", value: Int(first >> 4)) }
        destinationLow = try frame.bigEndian(UInt64.self, at: offset &+ 32, "destination")
        destinationHigh = try frame.bigEndian(UInt64.self, at: offset &+ 24, "destination")
        sourceLow = try frame.bigEndian(UInt64.self, at: offset &+ 16, "source")
        sourceHigh = try frame.bigEndian(UInt64.self, at: offset &+ 8, "source")
        hopLimit = try frame.bigEndian(UInt8.self, at: offset &+ 7, "hop limit")
        protocolNumber = try frame.bigEndian(UInt8.self, at: offset &+ 6, "next header")
        let length = Int(try frame.bigEndian(UInt16.self, at: offset &+ 4, "payload length"))
        isIPv4 = false
        payload = offset &+ 40
        // 0 with a jumbo option (RFC 2675) or segmentation offload: the datagram fills the frame.
        end = length == 0 ? frame.count : payload &+ length
        walkExtensions(frame)
    }

    /// Hop-by-hop (0), routing (43), fragment (44) and destination options (60); cut off, the walk ends at what it reached.
    private mutating func walkExtensions(_ frame: Span<UInt8>) {
        while true {  // each turn steps over eight bytes of the frame at least
            switch protocolNumber {
            case 0, 43, 60:
                guard let next = frame.number(UInt8.self, at: payload),
                    let length = frame.number(UInt8.self, at: payload &+ 1)
                else { return }
                protocolNumber = next
                payload &+= (Int(length) &+ 1) &* 8
            case 44:
                guard let next = frame.number(UInt8.self, at: payload),
                    let word = frame.number(UInt16.self, at: payload &+ 2),
                    let number = frame.number(UInt32.self, at: payload &+ 4)
                else { return }
                protocolNumber = next
                payload &+= 8
                fragmentOffset = Int(word & 0xfff8)
                moreFragments = word & 1 != 0
                isFragment = true
                identification = number
                if fragmentOffset > 0 { return }
            default: return
            }
        }
    }
}
