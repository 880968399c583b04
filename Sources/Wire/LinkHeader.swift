/// Where the network header of a frame begins, after link layer, VLAN tags, MPLS, PPPoE and LLC/SNAP.
package struct LinkHeader: Sendable {
    package enum Network: UInt8, Sendable {
        case ipv4, ipv6, arp
        /// Anything else: spanning tree, LLDP, PPPoE discovery …
        case other
    }

    /// No address: all ones in 64 bits, which no 48-bit address is.
    @usableFromInline static let noAddress = UInt64.max
    @usableFromInline static let noTag = UInt16.max

    package private(set) var network: Network = .other
    package private(set) var offset = 0
    /// `UInt64.max` where the link layer has none.
    package private(set) var source: UInt64 = Self.noAddress
    package private(set) var destination: UInt64 = Self.noAddress
    /// The outermost tag's VLAN id, `UInt16.max` without a tag.
    package private(set) var vlan: UInt16 = Self.noTag
    /// Headers that one frame may stack before it is given up.
    static let maximumDepth = 16
    static let maximumLogFields = 64

    @inlinable package var sourceAddress: UInt64? { source == Self.noAddress ? nil : source }
    @inlinable package var destinationAddress: UInt64? { destination == Self.noAddress ? nil : destination }
    @inlinable package var vlanIdentifier: UInt16? { vlan == Self.noTag ? nil : vlan }

    package init(parsing frame: Span<UInt8>, linkType: LinkType) throws(WireError) {
        switch linkType {
        case .ethernet: try ethernet(frame)
        case .linuxCooked: try cooked(frame)
        case .linuxCooked2: try cooked2(frame)
        case .raw, .ipv4, .ipv6: try internet(frame)
        case .null: try family(frame, swapped: true)
        case .loop: try family(frame, swapped: false)
        case .ppp, .pppSerial: try ppp(frame, framed: true)
        case .pppEthernet:
            offset = 6
            try ppp(frame, framed: false)
        case .ciscoHDLC: try ciscoHDLC(frame)
        case .nflog: try log(frame)
        default: break
        }
    }

    @inline(__always)
    private mutating func ethernet(_ frame: Span<UInt8>) throws(WireError) {
        destination = try frame.address48(at: 0, "destination address")
        source = try frame.address48(at: 6, "source address")
        let type = try frame.bigEndian(UInt16.self, at: 12, "ethertype")
        offset = 14
        switch type {
        case 0x0800: network = .ipv4
        case 0x86dd: network = .ipv6
        default: try etherType(frame, type, depth: 0)
        }
    }

    private mutating func innerEthernet(_ frame: Span<UInt8>, depth: Int) throws(WireError) {
        if source == Self.noAddress {
            destination = try frame.address48(at: offset, "destination address")
            source = try frame.address48(at: offset &+ 6, "source address")
        }
        let type = try frame.bigEndian(UInt16.self, at: offset &+ 12, "ethertype")
        offset &+= 14
        try etherType(frame, type, depth: depth)
    }

    /// What follows an EtherType (IANA ieee-802-numbers); `offset` is right behind it.
    private mutating func etherType(_ frame: Span<UInt8>, _ first: UInt16, depth start: Int) throws(WireError) {
        var type = first
        for depth in start..<Self.maximumDepth {
            switch type {
            case 0x0800: return found(.ipv4)
            case 0x86dd: return found(.ipv6)
            case 0x0806: return found(.arp)
            case 0x8100, 0x88a8, 0x9100, 0x9200, 0x9300:
                let tag = try frame.bigEndian(UInt16.self, at: offset, "vlan tag")
                if vlan == Self.noTag { vlan = tag & 0xfff }
                type = try frame.bigEndian(UInt16.self, at: offset &+ 2, "ethertype after vlan tag")
                offset &+= 4
            case 0x8847, 0x8848: return try labels(frame, depth: depth)
            case 0x8864:
                offset &+= 6
                return try ppp(frame, framed: false)
            case 0x8926, 0x892f: type = try tag(frame, 4)  // VN-Tag; HSR (IEC 62439-3)
            case 0x893f, 0x8909: type = try tag(frame, 6)  // E-Tag (IEEE 802.1BR); Cisco metadata
            case 0x894f: return try serviceHeader(frame, depth: depth)
            case 0x88e7, 0x8903:  // 802.1ah service tag, Cisco FabricPath: the customer's frame follows
                offset &+= type == 0x8903 ? 2 : 4
                return try customerFrame(frame, depth: depth)
            case 0x6558: return try customerFrame(frame, depth: depth)
            case 0..<1536: return try logicalLink(frame, depth: depth)
            default: return
            }
        }
    }

    /// Steps over `length` bytes of a tag and returns the EtherType behind it.
    private mutating func tag(_ frame: Span<UInt8>, _ length: Int) throws(WireError) -> UInt16 {
        let type = try frame.bigEndian(UInt16.self, at: offset &+ length, "ethertype after tag")
        offset &+= length &+ 2
        return type
    }

    /// The Network Service Header (RFC 8300 §2.2).
    private mutating func serviceHeader(_ frame: Span<UInt8>, depth: Int) throws(WireError) {
        let length = Int(try frame.bigEndian(UInt8.self, at: offset &+ 1, "nsh length") & 0x3f) &* 4
        let next = try frame.bigEndian(UInt8.self, at: offset &+ 3, "nsh next protocol")
        offset &+= length
        switch next {
        case 1: found(.ipv4)
        case 2: found(.ipv6)
        case 3: try customerFrame(frame, depth: depth)
        default: break
        }
    }

    private mutating func customerFrame(_ frame: Span<UInt8>, depth: Int) throws(WireError) {
        guard depth &+ 1 < Self.maximumDepth else { return }
        try innerEthernet(frame, depth: depth &+ 1)
    }

    /// MPLS (RFC 3032): the stack's end does not say what follows, the first nibble does (RFC 4928).
    private mutating func labels(_ frame: Span<UInt8>, depth: Int) throws(WireError) {
        for _ in 0..<Self.maximumDepth {
            let entry = try frame.bigEndian(UInt32.self, at: offset, "label")
            offset &+= 4
            guard entry & 0x100 != 0 else { continue }
            let next = try frame.bigEndian(UInt8.self, at: offset, "byte after the labels")
            switch next >> 4 {
            case 4: return found(.ipv4)
            case 6: return found(.ipv6)
            case 0:  // a pseudowire's control word (RFC 4448), then Ethernet
                offset &+= 4
                return try customerFrame(frame, depth: depth)
            default: return try customerFrame(frame, depth: depth)
            }
        }
    }

    /// IEEE 802.2 with or without SNAP (RFC 1042).
    private mutating func logicalLink(_ frame: Span<UInt8>, depth: Int) throws(WireError) {
        let points = try frame.bigEndian(UInt16.self, at: offset, "service access points")
        if points == 0xaaaa, try frame.bigEndian(UInt8.self, at: offset &+ 2, "llc control") == 3 {
            let type = try frame.bigEndian(UInt16.self, at: offset &+ 6, "snap protocol")
            offset &+= 8
            guard type >= 1536 else { return }
            return try etherType(frame, type, depth: depth &+ 1)
        }
        if points == 0x0606 {
            offset &+= 3
            found(.ipv4)
        }
    }

    private mutating func ciscoHDLC(_ frame: Span<UInt8>) throws(WireError) {
        offset = 4
        try etherType(frame, frame.bigEndian(UInt16.self, at: 2, "ethertype"), depth: 0)
    }

    /// PPP (RFC 1661); with HDLC-like framing (RFC 1662) two bytes may stand before the protocol.
    private mutating func ppp(_ frame: Span<UInt8>, framed: Bool) throws(WireError) {
        if framed {
            switch try frame.bigEndian(UInt16.self, at: offset, "ppp address") {
            case 0xff03: offset &+= 2
            case 0x0f00, 0x8f00: return try ciscoHDLC(frame)
            default: break
            }
        }
        var code = UInt16(try frame.bigEndian(UInt8.self, at: offset, "ppp protocol"))
        offset &+= 1
        if code & 1 == 0 {
            code = code << 8 | UInt16(try frame.bigEndian(UInt8.self, at: offset, "ppp protocol"))
            offset &+= 1
        }
        switch code {
        case 0x0021: found(.ipv4)
        case 0x0057: found(.ipv6)
        case 0x0281: try labels(frame, depth: 0)
        default: break
        }
    }

    private mutating func cooked(_ frame: Span<UInt8>) throws(WireError) {
        let type = try frame.bigEndian(UInt16.self, at: 14, "cooked protocol")
        if try frame.bigEndian(UInt16.self, at: 4, "cooked address length") == 6 {
            source = try frame.address48(at: 6, "cooked address")
        }
        offset = 16
        try cookedPayload(frame, type)
    }

    private mutating func cooked2(_ frame: Span<UInt8>) throws(WireError) {
        let type = try frame.bigEndian(UInt16.self, at: 0, "cooked protocol")
        if try frame.bigEndian(UInt8.self, at: 11, "cooked address length") == 6 {
            source = try frame.address48(at: 12, "cooked address")
        }
        offset = 20
        try cookedPayload(frame, type)
    }

    /// 1 and 4 are Linux's own numbers for 802.3 without and with LLC.
    private mutating func cookedPayload(_ frame: Span<UInt8>, _ type: UInt16) throws(WireError) {
        if type == 4 { return try logicalLink(frame, depth: 0) }
        guard type >= 1536 else { return }
        try etherType(frame, type, depth: 0)
    }

    /// BSD's address family: 2 is IPv4, IPv6 is 24, 28 or 30 (10 on Linux); in the order of the writing host, or the network's.
    private mutating func family(_ frame: Span<UInt8>, swapped: Bool) throws(WireError) {
        let value = try frame.bigEndian(UInt32.self, at: 0, "address family")
        offset = 4
        switch swapped && value > 0xffff ? value.byteSwapped : value {
        case 2: found(.ipv4)
        case 10, 24, 28, 30: found(.ipv6)
        default: break
        }
    }

    /// Linux's netfilter log: lengths and types in the order of the writing host, taken as little-endian; 9 is the packet.
    private mutating func log(_ frame: Span<UInt8>) throws(WireError) {
        offset = 4
        for _ in 0..<Self.maximumLogFields {
            let length = Int(try frame.bigEndian(UInt16.self, at: offset, "field length").byteSwapped)
            let type = try frame.bigEndian(UInt16.self, at: offset &+ 2, "field type").byteSwapped
            if type == 9 {
                offset &+= 4
                return try internet(frame)
            }
            guard length >= 4 else { throw .impossibleLength(field: "field length", claimed: length, available: frame.count) }
            offset &+= (length &+ 3) & ~3
        }
    }

    private mutating func internet(_ frame: Span<UInt8>) throws(WireError) {
        switch try frame.bigEndian(UInt8.self, at: offset, "version") >> 4 {
        case 4: found(.ipv4)
        case 6: found(.ipv6)
        default: break
        }
    }

    private mutating func found(_ kind: Network) { network = kind }
}
