import Testing
import Wire

@Suite struct LinkHeaderTests {
    /// The shortest IPv4 header.
    static let datagram = Bytes.ipv4(protocolNumber: 59, payload: []).all

    static let frames: [(name: String, linkType: LinkType, before: [UInt8])] = [
        ("ethernet", .ethernet, Bytes.ethernet(type: 0x800).all),
        ("vlan", .ethernet, Bytes.ethernet(type: 0x8100).u16(42).u16(0x800).all),
        ("two tags", .ethernet, Bytes.ethernet(type: 0x88a8).u16(42).u16(0x8100).u16(7).u16(0x800).all),
        ("mpls", .ethernet, Bytes.ethernet(type: 0x8847).u32(0x0001_0040).u32(0x0002_0140).all),
        ("pppoe", .ethernet, Bytes.ethernet(type: 0x8864).u16(0x1100).u16(1).u16(22).u16(0x21).all),
        ("snap", .ethernet, Bytes.ethernet(type: 28).appending([0xaa, 0xaa, 3, 0, 0, 0]).u16(0x800).all),
        ("llc", .ethernet, Bytes.ethernet(type: 23).appending([6, 6, 3]).all),
        ("e-tag", .ethernet, Bytes.ethernet(type: 0x893f).zeros(6).u16(0x800).all),
        ("service header", .ethernet, Bytes.ethernet(type: 0x894f).appending([0, 2, 2, 1]).zeros(4).all),
        ("provider backbone", .ethernet, Bytes.ethernet(type: 0x88e7).zeros(4).zeros(12).u16(0x800).all),
        ("pseudowire", .ethernet, Bytes.ethernet(type: 0x8847).u32(0x0001_0140).zeros(4).zeros(12).u16(0x800).all),
        ("cooked", .linuxCooked, Bytes([0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0]).u16(0x800).all),
        ("cooked 2", .linuxCooked2, Bytes().u16(0x800).zeros(6).u16(1).u8(0).u8(6).appending([2, 0, 0, 0, 0, 1, 0, 0]).all),
        ("raw", .raw, []),
        ("null, little-endian", .null, [2, 0, 0, 0]),
        ("null, big-endian", .null, [0, 0, 0, 2]),
        ("loop", .loop, [0, 0, 0, 2]),
        ("ppp", .ppp, [0xff, 3, 0, 0x21]),
        ("cisco hdlc", .ciscoHDLC, [0x0f, 0, 8, 0]),
        ("netfilter log", .nflog, Bytes([2, 0, 0, 0, 8, 0, 1, 0, 0, 0, 0, 0, 24, 0, 9, 0]).all),
    ]

    @Test(arguments: frames.indices) func `the network header is found behind every link layer`(index: Int) throws {
        let (name, linkType, before) = Self.frames[index]
        let frame = before + Self.datagram
        let header = try LinkHeader(parsing: frame.span, linkType: linkType)
        #expect(header.network == .ipv4, "\(name)")
        #expect(header.offset == before.count, "\(name)")
    }

    @Test(arguments: frames.indices) func `a strict prefix of the link layer is refused or yields nothing that could be read`(
        index: Int
    ) {
        let (name, linkType, before) = Self.frames[index]
        for count in 0..<before.count {
            let frame = Array(before.prefix(count))
            guard let header = try? LinkHeader(parsing: frame.span, linkType: linkType) else { continue }
            #expect(header.network == .other || header.offset >= count, "\(name), \(count) bytes")
        }
    }

    @Test func `addresses and the outer tag are read`() throws {
        let frame = Bytes.ethernet(type: 0x88a8).u16(0x602a).u16(0x8100).u16(7).u16(0x86dd).all
        let header = try LinkHeader(parsing: frame.span, linkType: .ethernet)
        #expect(header.network == .ipv6)
        #expect(header.vlanIdentifier == 42)
        #expect(header.sourceAddress == 0x0200_0000_0001)
        #expect(header.destinationAddress == 0x0200_0000_0002)
    }

    @Test func `a cooked header without a hardware address has none`() throws {
        let frame = Bytes([0, 0, 3, 4, 0, 0]).zeros(8).u16(0x800).all
        let header = try LinkHeader(parsing: frame.span, linkType: .linuxCooked)
        #expect(header.sourceAddress == nil)
        #expect(header.destinationAddress == nil)
    }

    @Test func `tags without end are given up`() throws {
        var frame = Bytes.ethernet(type: 0x8100)
        for _ in 0..<1000 { frame = frame.u16(1).u16(0x8100) }
        let bytes = frame.all
        #expect(try LinkHeader(parsing: bytes.span, linkType: .ethernet).network == .other)
    }

    @Test func `frames in frames without end are given up`() throws {
        var frame = Bytes.ethernet(type: 0x6558)
        for _ in 0..<1000 { frame = frame.zeros(12).u16(0x6558) }
        let bytes = frame.all
        #expect(try LinkHeader(parsing: bytes.span, linkType: .ethernet).network == .other)
    }

    @Test func `data link types are told by the numbers of capture files`() {
        #expect(LinkType(dataLink: 12) == .raw)
        #expect(LinkType(dataLink: 1) == .ethernet)
        #expect(!LinkType(dataLink: 189).isReadable)
    }
}
