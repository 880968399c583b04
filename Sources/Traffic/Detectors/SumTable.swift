import Campus

/// A key that hashes itself with a seed; sums are on the path of every packet, where SipHash would be felt.
protocol SumKey: Equatable, Sendable {
    func hash(seed: UInt64) -> UInt64
}

/// Sums by key for one minute: open addressing over an index of places, a fixed number of keys. What finds no place any more is not
/// counted by key; how often that happened is.
struct SumTable<Key: SumKey, Sum> {
    private(set) var entries: [(key: Key, sum: Sum)] = []
    /// Updates of keys for which there was no place.
    private(set) var refused: UInt64 = 0
    /// The place in `entries` plus one; 0 is empty. At most half full.
    private var index: [Int32]
    private let seed: UInt64
    private let capacity: Int

    /// At most `capacity` keys.
    init(capacity: Int, seed: UInt64 = .random(in: .min ... .max)) {
        self.capacity = max(1, min(capacity, 1 << 24))
        self.seed = seed
        var places = 16
        while places < 2 * self.capacity { places *= 2 }
        index = Array(repeating: 0, count: places)
    }

    /// Changes the sum of `key`, which starts with `initial`.
    @inline(__always)
    mutating func update(_ key: Key, initial: @autoclosure () -> Sum, _ change: (inout Sum) -> Void) {
        let mask = index.count &- 1
        var position = Int(truncatingIfNeeded: key.hash(seed: seed)) & mask
        while index[position] != 0 {
            let place = Int(index[position]) &- 1
            if entries[place].key == key {
                change(&entries[place].sum)
                return
            }
            position = (position &+ 1) & mask
        }
        guard entries.count < capacity else {
            refused &+= 1
            return
        }
        var sum = initial()
        change(&sum)
        entries.append((key, sum))
        index[position] = Int32(truncatingIfNeeded: entries.count)
    }

    mutating func removeAll() {
        if entries.isEmpty { return }
        entries.removeAll(keepingCapacity: true)
        for position in index.indices { index[position] = 0 }
        refused = 0
    }
}

extension IPAddress: SumKey {
    func hash(seed: UInt64) -> UInt64 {
        var value = (high ^ seed) &* 0x9e37_79b9_7f4a_7c15 ^ low
        value = (value ^ value >> 32) &* 0xd6e8_feb8_6659_fd93
        value = (value ^ value >> 32) &* 0xd6e8_feb8_6659_fd93
        return value ^ value >> 32
    }
}

/// An IP protocol and the port of the side that was called.
struct ServiceKey: SumKey {
    var protocolNumber: UInt8
    var port: UInt16

    func hash(seed: UInt64) -> UInt64 {
        let value = (UInt64(protocolNumber) << 16 | UInt64(port)) ^ seed
        let mixed = (value ^ value >> 32) &* 0xd6e8_feb8_6659_fd93
        return mixed ^ mixed >> 32
    }
}
