import Campus

/// About how many different addresses were seen, in 64 bytes: linear counting over 512 bits (Whang et al. 1990). The error
/// is a few percent up to about a thousand; more than some 3000 look alike.
struct DistinctCounter: Sendable {
    private var bits = InlineArray<8, UInt64>(repeating: 0)
    private static let width = 512

    mutating func insert(_ address: IPAddress) {
        let hash = address.hash(seed: 0x5851_f42d_4c95_7f2d)
        let position = Int(hash >> 40) & (DistinctCounter.width - 1)
        bits[position >> 6] |= 1 << UInt64(position & 63)
    }

    /// What random throws need on average to hit as many bits: the sum of width/(width − k) over those hit.
    var estimate: UInt64 {
        var hit = 0
        for index in bits.indices { hit += bits[index].nonzeroBitCount }
        var throwsNeeded = 0.0
        for k in 0..<min(hit, DistinctCounter.width) {
            throwsNeeded += Double(DistinctCounter.width) / Double(DistinctCounter.width - k)
        }
        return UInt64(throwsNeeded.rounded())
    }
}
