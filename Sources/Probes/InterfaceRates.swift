package import Campus

/// One side of a rate: the counters of a device, its sysUpTime in seconds and the instant they were read.
package struct InterfaceReadings: Sendable {
    /// Sorted by index.
    package var samples: [InterfaceSample]
    package var uptime: Double?
    package var at: Timestamp

    package init(samples: [InterfaceSample], uptime: Double?, at: Timestamp) {
        self.samples = samples
        self.uptime = uptime
        self.at = at
    }
}

/// Counters to rates, with wrap, reboot, discontinuity and absurdity told apart.
package enum InterfaceRates {
    /// One rate for each sample of `new`, aligned with it; `interval` is the configured distance of two polls.
    package static func rates(from old: InterfaceReadings?, to new: InterfaceReadings, interval: Duration) -> [InterfaceRate] {
        let passed = old.map { Passed(from: $0, to: new, interval: interval) } ?? .gap(.firstPoll)
        let before = old?.samples ?? []
        var cursor = 0
        return new.samples.map { sample in
            while cursor < before.count, before[cursor].index < sample.index { cursor += 1 }
            var rate = InterfaceRate(index: sample.index)
            rate.admin = sample.admin
            rate.oper = sample.oper
            rate.speed = sample.speed
            switch passed {
            case .gap(let gap): rate.gap = gap
            case .seconds(let seconds):
                if cursor < before.count, before[cursor].index == sample.index {
                    fill(&rate, from: before[cursor], to: sample, seconds: seconds)
                } else {
                    rate.gap = .firstPoll
                }
            }
            return rate
        }
    }

    private static func fill(_ rate: inout InterfaceRate, from old: InterfaceSample, to new: InterfaceSample, seconds: Double) {
        // RFC 2863: counters mean nothing across a change of ifCounterDiscontinuityTime. 0 also stands for a column not answered.
        if new.discontinuity != 0, new.discontinuity != old.discontinuity {
            rate.gap = .discontinuity
            return
        }
        let ceiling = Ceiling(speed: new.speed, seconds: seconds)
        let both = old.present & new.present
        for counter in InterfaceCounter.allCases where both & (1 << UInt16(counter.rawValue)) != 0 {
            let bit = UInt16(1) << UInt16(counter.rawValue)
            guard (old.wide ^ new.wide) & bit == 0 else { continue }
            let place = counter.rawValue
            switch Delta(from: old.counters[place], to: new.counters[place], isWide: new.wide & bit != 0) {
            case .reset:
                rate.dropAll(because: .discontinuity)
                return
            case .count(let count, let wrapped):
                let perSecond = Double(count) / seconds
                guard ceiling.allows(perSecond, of: counter, wrapped: wrapped, count: count) else {
                    rate.dropAll(because: .impossible)
                    return
                }
                rate.present |= bit
                rate.rates[place] = counter.isOctets ? perSecond * 8 : perSecond
            }
        }
    }
}

/// How much of the device's time lies between two polls.
private enum Passed {
    case seconds(Double)
    case gap(RateGap)

    /// sysUpTime wraps after 2^32 hundredths of a second, 497 days.
    private static let uptimeSpan = 42_949_672.96

    /// The device's own clock where it tells: our delays and clock steps are none of its.
    init(from old: InterfaceReadings, to new: InterfaceReadings, interval: Duration) {
        let ours = new.at.since(old.at).inSeconds
        var seconds = ours
        if let before = old.uptime, let after = new.uptime {
            let delta = after - before
            if delta > 0 { seconds = delta }
            if delta < 0 {
                let wrapped = delta + Passed.uptimeSpan
                guard abs(wrapped - ours) <= 10 + ours * 0.1 else {
                    self = .gap(.reboot)
                    return
                }
                seconds = wrapped
            }
        }
        // indicators.yaml G-DELTA: what lies further apart than three polls says nothing of peaks.
        if seconds > interval.inSeconds * 3 {
            self = .gap(.tooLong)
        } else {
            self = seconds > 0 ? .seconds(seconds) : .gap(.impossible)
        }
    }
}

/// What two values of one counter say.
private enum Delta {
    case count(UInt64, wrapped: Bool)
    case reset

    /// A 32-bit counter that fell has wrapped, unless the ceiling says otherwise; a 64-bit one wraps only from its upper half
    /// (at 1 Tbit/s that takes four years), else it was cleared.
    init(from old: UInt64, to new: UInt64, isWide: Bool) {
        if new >= old {
            self = .count(new - old, wrapped: false)
        } else if !isWide {
            self = .count((new &- old) & 0xffff_ffff, wrapped: true)
        } else {
            self = old > UInt64.max / 2 && new < UInt64.max / 4 ? .count(new &- old, wrapped: true) : .reset
        }
    }
}

/// The most that an interface can have carried.
private struct Ceiling {
    private let bitsPerSecond: Double
    private let isKnown: Bool

    /// Speeds below this are names rather than limits: loopbacks, tunnels and dial-up say 10 Mbit/s and carry more.
    private static let credible = 100e6
    /// No port of our time is faster.
    private static let fastest = 1e12

    init(speed: UInt64, seconds: Double) {
        isKnown = speed > 0
        // Agents refresh their counters every few seconds: a short interval may hold 15 s more than it should.
        bitsPerSecond = Double(speed) * (1.1 + 15 / max(seconds, 1))
    }

    func allows(_ perSecond: Double, of counter: InterfaceCounter, wrapped: Bool, count: UInt64) -> Bool {
        // The shortest frame takes 84 octets of the wire (IEEE 802.3: preamble, 64 octets, gap).
        let bits = perSecond * (counter.isOctets ? 8 : 672)
        if wrapped, !isKnown { return count < 1 << 31 }
        if wrapped || bitsPerSecond >= Ceiling.credible { return bits <= bitsPerSecond }
        return bits <= Ceiling.fastest
    }
}

extension InterfaceCounter {
    fileprivate var isOctets: Bool { self == .inOctets || self == .outOctets }
}

extension InterfaceRate {
    fileprivate mutating func dropAll(because gap: RateGap) {
        self.gap = gap
        present = 0
        rates = .init(repeating: 0)
    }
}
