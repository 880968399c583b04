import Testing

@testable import Traffic

@Suite struct FlowTableTests {
    private static func key(_ number: Int) -> FlowKey {
        FlowKey(aHigh: 0, aLow: UInt64(number), bHigh: 0, bLow: 7, aPort: 1, bPort: 2, protocolNumber: 6, isIPv4: true)
    }

    /// Every removal shifts entries back; with few slots and one seed the runs are long.
    @Test(arguments: 1...8) func `flows are found after any order of insertion and removal`(seed: Int) {
        var table = FlowTable(capacity: 4096, seed: UInt64(seed))
        var places: [Int: Int] = [:]
        var state = UInt64(seed)
        for _ in 0..<20_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let number = Int(state >> 33) % 3000
            if let place = places[number] {
                table.remove(place)
                places[number] = nil
            } else {
                places[number] = table.insert(Flow(key: Self.key(number), at: 0, fromA: true))
            }
        }
        let count = table.count
        #expect(count == places.count)
        for number in 0..<3000 {
            let place = table.place(of: Self.key(number))
            #expect(place == places[number])
        }
    }

    @Test func `keys that differ in one part are different flows`() {
        let key = Self.key(1)
        var table = FlowTable(capacity: 16, seed: 1)
        _ = table.insert(Flow(key: key, at: 0, fromA: true))
        let others = [
            FlowKey(aHigh: 1, aLow: 1, bHigh: 0, bLow: 7, aPort: 1, bPort: 2, protocolNumber: 6, isIPv4: true),
            FlowKey(aHigh: 0, aLow: 1, bHigh: 0, bLow: 7, aPort: 1, bPort: 3, protocolNumber: 6, isIPv4: true),
            FlowKey(aHigh: 0, aLow: 1, bHigh: 0, bLow: 7, aPort: 1, bPort: 2, protocolNumber: 17, isIPv4: true),
            FlowKey(aHigh: 0, aLow: 1, bHigh: 0, bLow: 7, aPort: 1, bPort: 2, protocolNumber: 6, isIPv4: false),
        ]
        for other in others {
            let place = table.place(of: other)
            #expect(place == nil)
        }
        let place = table.place(of: key)
        #expect(place == 0)
    }

    @Test func `who makes room has been silent longest among its neighbours`() {
        var table = FlowTable(capacity: 4, seed: 1)
        for number in 0..<4 { _ = table.insert(Flow(key: Self.key(number), at: Int64(10 - number), fromA: true)) }
        let (isFull, victim) = (table.isFull, table.victim())
        #expect(isFull)
        #expect(victim == 3)
    }
}
