import Campus

/// A key that hashes itself with a seed; sums are on the path of every packet, where SipHash would be felt.
protocol SumKey: Sendable {
    func hash(seed: UInt64) -> UInt64
    /// Equality that is compiled in place, which `==` of another module is not.
    func isSame(as other: Self) -> Bool
}

/// Sums by key for one minute: open addressing over an index of places, a fixed number of keys. What finds no place any more is not
/// counted by key; how often that happened is.
struct SumTable<Key: SumKey, Sum> {
    private(set) var entries: [(key: Key, sum: Sum)] = []
    /// Updates of keys for which there was no place.
    private(set) var refused: UInt64 = 0
    /// The hash in the high half, the place in `entries` plus one in the low half; 0 is empty. At most half full.
    private var index: [UInt64]
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
        let hash = key.hash(seed: seed)
        var position = Int(truncatingIfNeeded: hash) & mask
        while index[position] != 0 {
            let entry = index[position]
            let place = Int(truncatingIfNeeded: entry & 0xffff_ffff) &- 1
            if entry >> 32 == hash >> 32, entries[place].key.isSame(as: key) {
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
        index[position] = (hash & ~0xffff_ffff) | UInt64(entries.count)
    }

    mutating func removeAll() {
        if entries.isEmpty { return }
        entries.removeAll(keepingCapacity: true)
        for position in index.indices { index[position] = 0 }
        refused = 0
    }
}

extension IPAddress: SumKey {
    func isSame(as other: IPAddress) -> Bool { low == other.low && high == other.high && isIPv4 == other.isIPv4 }

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

    func isSame(as other: ServiceKey) -> Bool { port == other.port && protocolNumber == other.protocolNumber }

    func hash(seed: UInt64) -> UInt64 {
        let value = (UInt64(protocolNumber) << 16 | UInt64(port)) ^ seed
        let mixed = (value ^ value >> 32) &* 0xd6e8_feb8_6659_fd93
        return mixed ^ mixed >> 32
    }
}
