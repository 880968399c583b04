import Testing
import Wire

@Suite struct TransportHeaderTests {
    @Test(arguments: 0..<20) func `every strict prefix of a TCP header is refused`(count: Int) {
        let bytes = Array(Bytes.tcp(from: 1, to: 2).all.prefix(count))
        #expect(throws: WireError.self) { try TCPHeader(parsing: bytes.span) }
    }

    @Test(arguments: 0..<8) func `every strict prefix of a UDP header is refused`(count: Int) {
        let bytes = Array(Bytes.udp(from: 1, to: 2, []).all.prefix(count))
        #expect(throws: WireError.self) { try UDPHeader(parsing: bytes.span) }
    }

    @Test(arguments: 0..<28) func `every strict prefix of an ARP packet is refused`(count: Int) {
        let bytes = Array(Self.arp.all.prefix(count))
        #expect(throws: WireError.self) { try ARPPacket(parsing: bytes.span) }
    }

    static let arp = Bytes().u16(1).u16(0x800).u8(6).u8(4).u16(2)
        .appending([2, 0, 0, 0, 0, 9, 10, 0, 0, 1]).appending([2, 0, 0, 0, 0, 8, 10, 0, 0, 2])

    @Test func `a SYN counts as one before the first byte`() throws {
        let bytes = Bytes.tcp(from: 40_000, to: 443, sequence: .max, flags: 0x02).all
        let header = try TCPHeader(parsing: bytes.span)
        #expect(header.isSynchronise)
        #expect(header.firstByte == 0)
        #expect(header.sourcePort == 40_000)
        #expect(header.destinationPort == 443)
        #expect(header.dataOffset == 20)
    }

    @Test func `a data offset below five words is refused`() {
        var bytes = Bytes.tcp(from: 1, to: 2).all
        bytes[12] = 0x40
        #expect(throws: WireError.self) { try TCPHeader(parsing: bytes.span) }
    }

    @Test func `a UDP length below its header is refused and zero is a jumbogram`() throws {
        var bytes = Bytes.udp(from: 1, to: 2, [1, 2]).all
        bytes[5] = 7
        #expect(throws: WireError.self) { try UDPHeader(parsing: bytes.span) }
        bytes[5] = 0
        #expect(try UDPHeader(parsing: bytes.span).length == 0)
    }

    @Test func `an ARP packet tells sender and target`() throws {
        let bytes = Self.arp.all
        let packet = try ARPPacket(parsing: bytes.span)
        #expect(packet.operation == 2)
        #expect(packet.senderAddress == 0x0200_0000_0009)
        #expect(packet.senderIP == 0x0a00_0001)
        #expect(packet.targetIP == 0x0a00_0002)
    }

    @Test func `ARP of other networks is refused`() {
        var bytes = Self.arp.all
        bytes[4] = 8
        #expect(throws: WireError.self) { try ARPPacket(parsing: bytes.span) }
    }
}
