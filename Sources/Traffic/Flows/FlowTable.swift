/// The open flows: plain values in one array, found through an open-addressing index of hashes.
///
/// An index entry is the key's hash in its high half and the flow's place plus one in its low half; 0 is empty. Probing is
/// linear, removal shifts back, so there are no tombstones and a table that has been full is as fast as a new one.
struct FlowTable: ~Copyable {
    private(set) var flows: [Flow] = []
    private var index: [UInt64]
    private var mask: Int
    private var free: [Int32] = []
    private(set) var count = 0
    private let capacity: Int
    private let seed: UInt64
    private var hand = 0
    /// How many neighbours compete for making room; of them the one longest silent goes.
    private static let candidates = 8

    init(capacity: Int, seed: UInt64 = .random(in: 1...UInt64.max)) {
        self.capacity = max(1, min(capacity, 1 << 30))
        self.seed = seed
        index = Array(repeating: 0, count: 1024)
        mask = 1023
    }

    var isFull: Bool { count >= capacity }

    /// The place of the flow with this key, or nil.
    @inline(__always)
    func place(of key: FlowKey) -> Int? {
        let hash = key.hash(seed: seed)
        var position = Int(hash) & mask
        while true {
            let entry = index[position]
            if entry == 0 { return nil }
            if UInt32(truncatingIfNeeded: entry >> 32) == hash {
                let place = Int(entry & 0xffff_ffff) &- 1
                if flows[place].key == key { return place }
            }
            position = (position &+ 1) & mask
        }
    }

    /// Adds a flow whose key is not there; there must be room.
    mutating func insert(_ flow: Flow) -> Int {
        if count &* 2 >= index.count { grow() }
        let place: Int
        if let reused = free.popLast() {
            place = Int(reused)
            flows[place] = flow
        } else {
            place = flows.count
            flows.append(flow)
        }
        put(UInt64(flow.key.hash(seed: seed)) << 32 | UInt64(place &+ 1))
        count &+= 1
        return place
    }

    /// Changes a flow in its place.
    @inline(__always)
    mutating func withFlow<Answer>(_ place: Int, _ body: (inout Flow) -> Answer) -> Answer { body(&flows[place]) }

    mutating func remove(_ place: Int) {
        let hash = flows[place].key.hash(seed: seed)
        let entry = UInt64(hash) << 32 | UInt64(place &+ 1)
        var position = Int(hash) & mask
        while index[position] != entry {
            if index[position] == 0 { return }
            position = (position &+ 1) & mask
        }
        closeGap(at: position)
        flows[place].isOpen = false
        free.append(Int32(truncatingIfNeeded: place))
        count &-= 1
    }

    /// A flow that can make room: the one longest silent among a few neighbours, another few each time.
    mutating func victim() -> Int? {
        var best: Int?
        var seen = 0
        for _ in 0..<flows.count where seen < Self.candidates {
            hand = hand &+ 1 < flows.count ? hand &+ 1 : 0
            guard flows[hand].isOpen else { continue }
            seen &+= 1
            if let current = best, flows[current].lastAt <= flows[hand].lastAt { continue }
            best = hand
        }
        return best
    }

    private mutating func put(_ entry: UInt64) {
        var position = Int(entry >> 32) & mask
        while index[position] != 0 { position = (position &+ 1) & mask }
        index[position] = entry
    }

    private mutating func grow() {
        let old = index
        index = Array(repeating: 0, count: old.count &* 2)
        mask = index.count &- 1
        for entry in old where entry != 0 { put(entry) }
    }

    /// Moves later entries of the run back, each no further than its home.
    private mutating func closeGap(at start: Int) {
        var gap = start
        var position = (start &+ 1) & mask
        while index[position] != 0 {
            let home = Int(index[position] >> 32) & mask
            if (position &- home) & mask >= (position &- gap) & mask {
                index[gap] = index[position]
                gap = position
            }
            position = (position &+ 1) & mask
        }
        index[gap] = 0
    }
}
