import Testing
import Wire

@Suite struct NetworkHeaderTests {
    @Test(arguments: 0..<20) func `every strict prefix of an IPv4 header is refused`(count: Int) {
        let bytes = Array(Bytes.ipv4(protocolNumber: 6, payload: [1, 2, 3]).all.prefix(count))
        #expect(throws: WireError.self) { try NetworkHeader(ipv4: bytes.span, at: 0) }
    }

    @Test(arguments: 0..<40) func `every strict prefix of an IPv6 header is refused`(count: Int) {
        let bytes = Array(Bytes.ipv6(next: 6, payload: [1, 2, 3]).all.prefix(count))
        #expect(throws: WireError.self) { try NetworkHeader(ipv6: bytes.span, at: 0) }
    }

    @Test func `an IPv4 header tells who, what and where`() throws {
        let bytes = Bytes.ipv4(protocolNumber: 17, payload: [9, 9, 9, 9]).all
        let header = try NetworkHeader(ipv4: bytes.span, at: 0)
        #expect(header.sourceLow == 0x0a00_0001)
        #expect(header.destinationLow == 0x0a00_0002)
        #expect(header.protocolNumber == 17)
        #expect(header.hopLimit == 64)
        #expect(header.payload == 20)
        #expect(header.end == 24)
        #expect(!header.isFragment)
    }

    @Test(arguments: [(0x2000, true, 0), (0x2003, true, 24), (0x0003, false, 24)])
    func `fragments are told by flag and offset`(flags: Int, more: Bool, offset: Int) throws {
        let bytes = Bytes.ipv4(protocolNumber: 17, payload: [], flags: flags).all
        let header = try NetworkHeader(ipv4: bytes.span, at: 0)
        #expect(header.isFragment)
        #expect(header.moreFragments == more)
        #expect(header.fragmentOffset == offset)
        #expect(header.identification == 7)
    }

    @Test func `a header length below five words is refused`() {
        var bytes = Bytes.ipv4(protocolNumber: 6, payload: []).all
        bytes[0] = 0x44
        #expect(throws: WireError.self) { try NetworkHeader(ipv4: bytes.span, at: 0) }
    }

    @Test func `a total length shorter than the header is refused and zero fills the frame`() throws {
        var bytes = Bytes.ipv4(protocolNumber: 6, payload: [1, 2, 3, 4, 5]).all
        bytes[3] = 19
        #expect(throws: WireError.self) { try NetworkHeader(ipv4: bytes.span, at: 0) }
        bytes[3] = 0
        #expect(try NetworkHeader(ipv4: bytes.span, at: 0).end == 25)
    }

    @Test func `another version is refused`() {
        let four = Bytes.ipv4(protocolNumber: 6, payload: Array(repeating: 0, count: 30)).all
        let six = Bytes.ipv6(next: 6, payload: []).all
        #expect(throws: WireError.unexpected(field: "version", value: 4)) { try NetworkHeader(ipv6: four.span, at: 0) }
        #expect(throws: WireError.unexpected(field: "version", value: 6)) { try NetworkHeader(ipv4: six.span, at: 0) }
    }

    @Test func `extension headers are walked to the transport`() throws {
        let options: [UInt8] = [43, 0, 1, 4, 0, 0, 0, 0]
        let routing: [UInt8] = [60, 0, 0, 0, 0, 0, 0, 0]
        let destination: [UInt8] = [6, 1] + Array(repeating: 0, count: 14)
        let bytes = Bytes.ipv6(next: 0, payload: options + routing + destination + [1, 2]).all
        let header = try NetworkHeader(ipv6: bytes.span, at: 0)
        #expect(header.protocolNumber == 6)
        #expect(header.payload == 40 + 8 + 8 + 16)
    }

    @Test func `encryption and authentication end the walk`() throws {
        for next in [50, 51] {
            let bytes = Bytes.ipv6(next: next, payload: Array(repeating: 6, count: 24)).all
            #expect(try NetworkHeader(ipv6: bytes.span, at: 0).protocolNumber == UInt8(next))
        }
    }

    @Test func `a later fragment of IPv6 ends the walk`() throws {
        let bytes = Bytes.ipv6(next: 44, payload: [17, 0, 0, 0x11, 0, 0, 0, 9, 1, 2, 3, 4]).all
        let header = try NetworkHeader(ipv6: bytes.span, at: 0)
        #expect(header.protocolNumber == 17)
        #expect(header.fragmentOffset == 16)
        #expect(header.moreFragments)
        #expect(header.identification == 9)
    }

    @Test func `a chain of extension headers that runs out of the frame ends there`() throws {
        let bytes = Bytes.ipv6(next: 0, payload: [0, 255, 0, 0, 0, 0, 0, 0]).all
        let header = try NetworkHeader(ipv6: bytes.span, at: 0)
        #expect(header.payload > bytes.count)
        #expect(header.protocolNumber == 0)
    }
}
