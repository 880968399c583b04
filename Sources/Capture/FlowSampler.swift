/// Decides by address pair which frames are kept, so that a flow is kept or left out whole, in both directions and with
/// its fragments. Frames without an IP header (ARP, LLDP) are always kept.
package struct FlowSampler: Sendable {
    private let headerOffset: Int
    private let typeOffset: Int?
    private let salt: UInt64

    /// `linkType` is libpcap's; frames of a kind not listed here are always kept. `salt` keeps the choice from being guessed.
    package init(linkType: Int32, salt: UInt64) {
        self.salt = salt
        switch linkType {
        case 1: (headerOffset, typeOffset) = (14, 12)
        case 113: (headerOffset, typeOffset) = (16, 14)
        case 276: (headerOffset, typeOffset) = (20, 0)
        case 12, 14, 101, 228, 229: (headerOffset, typeOffset) = (0, nil)
        case 0, 108: (headerOffset, typeOffset) = (4, nil)
        default: (headerOffset, typeOffset) = (Int.max, nil)
        }
    }

    /// Whether a frame belongs to the 1/2^shift of flows that are kept. A higher shift keeps a subset of a lower one's.
    package func keeps(_ frame: Span<UInt8>, shift: UInt8) -> Bool {
        guard shift > 0, let hash = pairHash(frame) else { return true }
        return hash >> 32 & (1 << UInt64(min(shift, 31)) &- 1) == 0
    }

    /// The same number for both directions of an address pair; nil without an IP header.
    package func pairHash(_ frame: Span<UInt8>) -> UInt64? {
        guard let start = networkHeader(frame), start < frame.count else { return nil }
        switch frame[start] >> 4 {
        case 4:
            guard start &+ 20 <= frame.count else { return nil }
            return join(word(frame, start &+ 12, bytes: 4), word(frame, start &+ 16, bytes: 4))
        case 6:
            guard start &+ 40 <= frame.count else { return nil }
            return join(
                mix(word(frame, start &+ 8, bytes: 8)) ^ word(frame, start &+ 16, bytes: 8),
                mix(word(frame, start &+ 24, bytes: 8)) ^ word(frame, start &+ 32, bytes: 8))
        default: return nil
        }
    }

    /// Steps over at most two VLAN tags (IEEE 802.1Q, 802.1ad).
    private func networkHeader(_ frame: Span<UInt8>) -> Int? {
        guard headerOffset <= frame.count else { return nil }
        guard var typeAt = typeOffset else { return headerOffset }
        var start = headerOffset
        var type = UInt16(truncatingIfNeeded: word(frame, typeAt, bytes: 2))
        for _ in 0..<2 where type == 0x8100 || type == 0x88a8 || type == 0x9100 {
            guard start &+ 4 <= frame.count else { return nil }
            typeAt = start &+ 2
            start = start &+ 4
            type = UInt16(truncatingIfNeeded: word(frame, typeAt, bytes: 2))
        }
        return type == 0x0800 || type == 0x86dd ? start : nil
    }

    private func join(_ left: UInt64, _ right: UInt64) -> UInt64 { mix(mix(left ^ salt) &+ mix(right ^ salt)) }

    /// The finaliser of splitmix64.
    private func mix(_ value: UInt64) -> UInt64 {
        var z = value &+ 0x9e37_79b9_7f4a_7c15
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// Big-endian; the caller has checked that the bytes are there.
    private func word(_ frame: Span<UInt8>, _ offset: Int, bytes: Int) -> UInt64 {
        var value: UInt64 = 0
        for index in offset..<(offset &+ bytes) { value = value << 8 | UInt64(frame[index]) }
        return value
    }
}

/// How much is sampled: one step more while the ring is half full, one less after it was nearly empty for some seconds.
package struct SamplingRate: Sendable {
    /// 1/2^shift of the flows are kept.
    package private(set) var shift: UInt8 = 0
    private var changedAt: Int64 = .min
    private var calmSince: Int64?

    package static let highestShift: UInt8 = 12
    static let raiseAbovePercent = 50
    static let lowerBelowPercent = 10
    /// Microseconds between two steps up: long enough for a step to show in the fill.
    static let raiseInterval: Int64 = 5_000
    /// Microseconds of calm before a step down.
    static let calmInterval: Int64 = 5_000_000

    package init() {}

    /// Takes the ring's fill in percent at `now`, microseconds of a clock that does not step back.
    package mutating func follow(fillPercent: Int, at now: Int64) {
        if fillPercent >= SamplingRate.raiseAbovePercent {
            calmSince = nil
            guard shift < SamplingRate.highestShift, shift == 0 || now &- changedAt >= SamplingRate.raiseInterval else { return }
            change(to: shift + 1, at: now)
        } else if fillPercent <= SamplingRate.lowerBelowPercent, shift > 0 {
            let since = calmSince ?? now
            calmSince = since
            if now &- since >= SamplingRate.calmInterval { change(to: shift - 1, at: now) }
        } else {
            calmSince = nil
        }
    }

    private mutating func change(to new: UInt8, at now: Int64) {
        shift = new
        changedAt = now
        calmSince = nil
    }
}
