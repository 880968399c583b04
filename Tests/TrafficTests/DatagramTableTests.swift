import Testing

@testable import Traffic

@Suite struct DatagramTableTests {
    private static func key(_ identification: UInt32) -> DatagramTable.Key {
        DatagramTable.Key(
            sourceHigh: 0, sourceLow: 1, destinationHigh: 0, destinationLow: 2, identification: identification, protocolNumber: 17
        )
    }

    @Test func `overlapping and repeated parts make one datagram`() {
        var table = DatagramTable(capacity: 8, maximumBytes: 1 << 16)
        let bytes = (0..<48).map { UInt8($0) }
        for (start, end, more) in [(32, 48, false), (8, 24, true), (8, 24, true), (16, 40, true)] {
            let part = Array(bytes[start..<end])
            let whole = table.add(part.span, at: start, more: more, of: Self.key(1))
            #expect(whole == nil)
        }
        let first = Array(bytes[0..<8])
        let whole = table.add(first.span, at: 0, more: true, of: Self.key(1))
        #expect(whole == bytes)
        let held = table.heldBytes
        #expect(held == 0)
    }

    @Test func `neither datagrams nor bytes go beyond their bounds`() {
        var table = DatagramTable(capacity: 4, maximumBytes: 1000)
        let part = [UInt8](repeating: 1, count: 300)
        for number in 0..<100 {
            _ = table.add(part.span, at: 0, more: true, of: Self.key(UInt32(number)))
            let held = table.heldBytes
            #expect(held <= 1000)
        }
        let refused = table.refused
        #expect(refused > 0)
        let whole = table.add(part.span, at: 65_400, more: false, of: Self.key(200))
        #expect(whole == nil)
    }

    @Test func `an identification may be used again after its datagram was whole`() {
        var table = DatagramTable(capacity: 4, maximumBytes: 1000)
        let (first, second) = ([UInt8](repeating: 1, count: 8), [UInt8](repeating: 2, count: 8))
        for _ in 0..<2 {
            table.note(DatagramTable.Ports(source: 1, destination: 2), of: Self.key(1))
            let part = table.add(first.span, at: 0, more: true, of: Self.key(1))
            #expect(part == nil)
            let whole = table.add(second.span, at: 8, more: false, of: Self.key(1))
            #expect(whole == first + second)
        }
    }
}
