import Campus
import Probes
import Testing

/// The numbers are those of a switch that counts `1000 × (1 + (131 d + 17 p) mod 4999)` octets a second inwards, half of it outwards.
@Suite struct InterfaceRateTests {
    private let start = Timestamp(seconds: 1_795_300_000)

    private func octetsPerSecond(device: Int, port: Int) -> UInt64 { UInt64(1000 * (1 + (131 * device + 17 * port) % 4999)) }

    /// One port of device 3 after `seconds` of counting.
    private func sample(port: Int = 5, seconds: UInt64, isWide: Bool = true, base: UInt64 = 0, speed: UInt64 = 1_000_000_000)
        -> InterfaceSample
    {
        var sample = InterfaceSample(index: UInt32(port))
        let octets = base &+ octetsPerSecond(device: 3, port: port) &* seconds
        for (counter, value) in [(InterfaceCounter.inOctets, octets), (.outOctets, octets / 2), (.inUcastPackets, octets / 800)] {
            sample[counter] = isWide ? value : value & 0xffff_ffff
        }
        sample[.inErrors] = UInt64(port % 3)
        if isWide { sample.wide = 0b1111 }
        sample.oper = .up
        sample.speed = speed
        return sample
    }

    private func rate(
        _ old: InterfaceSample, _ new: InterfaceSample, uptimes: (Double?, Double?) = (1000, 1060),
        passed: Duration = .seconds(60),
        interval: Duration = .seconds(60)
    ) throws -> InterfaceRate {
        let rates = InterfaceRates.rates(
            from: InterfaceReadings(samples: [old], uptime: uptimes.0, at: start),
            to: InterfaceReadings(samples: [new], uptime: uptimes.1, at: start + passed), interval: interval)
        return try #require(rates.first)
    }

    @Test(arguments: [true, false]) func `octets become bits a second, packets and errors their own rate`(isWide: Bool) throws {
        let rate = try rate(sample(seconds: 600, isWide: isWide), sample(seconds: 660, isWide: isWide))
        #expect(rate.gap == nil)
        #expect(rate[.inOctets] == Double(octetsPerSecond(device: 3, port: 5) * 8))
        #expect(rate[.outOctets] == Double(octetsPerSecond(device: 3, port: 5) * 4))
        #expect(rate[.inErrors] == 0)
        #expect(rate[.outErrors] == nil)
        #expect(rate.oper == .up)
    }

    @Test func `a 32-bit counter that wraps goes on`() throws {
        let base = UInt64(UInt32.max) - 1000
        let rate = try rate(sample(seconds: 0, isWide: false, base: base), sample(seconds: 60, isWide: false, base: base))
        #expect(rate[.inOctets] == Double(octetsPerSecond(device: 3, port: 5) * 8))
    }

    @Test func `a 64-bit counter that wraps goes on`() throws {
        var (old, new) = (sample(seconds: 0, base: UInt64.max - 500), sample(seconds: 60, base: UInt64.max - 500))
        (old[.outOctets], new[.outOctets]) = (nil, nil)
        (old[.inUcastPackets], new[.inUcastPackets]) = (nil, nil)
        let rate = try rate(old, new)
        #expect(rate[.inOctets] == Double(octetsPerSecond(device: 3, port: 5) * 8))
    }

    @Test func `the first poll has no rates`() {
        let rates = InterfaceRates.rates(
            from: nil, to: InterfaceReadings(samples: [sample(seconds: 1)], uptime: 1, at: start), interval: .seconds(60))
        #expect(rates.map(\.gap) == [.firstPoll])
        #expect(rates.allSatisfy { $0.present == 0 })
    }

    @Test func `an interface that is new has no rates, the others have`() {
        let rates = InterfaceRates.rates(
            from: InterfaceReadings(samples: [sample(port: 2, seconds: 0), sample(port: 9, seconds: 0)], uptime: 0, at: start),
            to: InterfaceReadings(
                samples: [2, 5, 9].map { sample(port: $0, seconds: 60) }, uptime: 60, at: start + .seconds(60)),
            interval: .seconds(60))
        #expect(rates.map(\.gap) == [nil, .firstPoll, nil])
    }

    @Test func `a device that restarted has no rates for that interval`() throws {
        let rate = try rate(sample(seconds: 5000), sample(seconds: 20), uptimes: (5000, 20))
        #expect(rate.gap == .reboot)
        #expect(rate.present == 0)
    }

    @Test func `sysUpTime that wraps after 497 days is no restart`() throws {
        let rate = try rate(sample(seconds: 600), sample(seconds: 660), uptimes: (42_949_640, 27.04))
        #expect(rate.gap == nil)
        #expect(abs((rate[.inOctets] ?? 0) - Double(octetsPerSecond(device: 3, port: 5) * 8)) < 1)
    }

    @Test func `a changed discontinuity time drops the interval`() throws {
        var new = sample(seconds: 660)
        new.discontinuity = 4711
        #expect(try rate(sample(seconds: 600), new).gap == .discontinuity)
    }

    @Test func `64-bit counters that were cleared drop the interval`() throws {
        #expect(try rate(sample(seconds: 600), sample(seconds: 10)).gap == .discontinuity)
    }

    @Test(arguments: [(180, nil), (181, RateGap.tooLong)]) func `more than three intervals are too long`(
        seconds: Int, gap: RateGap?
    ) throws {
        let rate = try rate(
            sample(seconds: 0), sample(seconds: UInt64(seconds)), uptimes: (0, Double(seconds)), passed: .seconds(seconds))
        #expect(rate.gap == gap)
    }

    @Test func `a rate above the speed of the port is impossible`() throws {
        var new = sample(seconds: 660)
        new[.inOctets] = (sample(seconds: 600)[.inOctets] ?? 0) + 60 * 1_000_000_000
        let rate = try rate(sample(seconds: 600), new)
        #expect(rate.gap == .impossible)
        #expect(rate.present == 0)
    }

    @Test func `a port at full speed is possible, also when the agent's counters lag by ten seconds`() throws {
        var new = sample(seconds: 0)
        new[.inOctets] = 70 * 125_000_000
        #expect(try rate(InterfaceSample.zero(like: new), new).gap == nil)
    }

    @Test func `a loopback that calls itself 10 Mbit-s may carry more`() throws {
        let old = InterfaceSample.zero(like: sample(seconds: 0, speed: 10_000_000))
        var new = old
        new[.inOctets] = 60 * 100_000_000
        #expect(try rate(old, new)[.inOctets] == 800_000_000)
    }

    @Test func `a cleared 32-bit counter is not taken for a wrap that the port cannot do`() throws {
        let rate = try rate(
            sample(seconds: 400, isWide: false, speed: 10_000_000), sample(seconds: 0, isWide: false, speed: 10_000_000))
        #expect(rate.gap == .impossible)
    }

    @Test func `our clock stepping back leaves the device's clock to count by`() throws {
        let rate = try rate(sample(seconds: 600), sample(seconds: 660), passed: .seconds(-3600))
        #expect(rate[.inOctets] == Double(octetsPerSecond(device: 3, port: 5) * 8))
    }

    @Test func `without any passing of time there is no rate`() throws {
        #expect(try rate(sample(seconds: 600), sample(seconds: 660), uptimes: (nil, nil), passed: .zero).gap == .impossible)
    }

    @Test func `a counter that changed its width has no rate, the others have`() throws {
        let rate = try rate(sample(seconds: 600, isWide: false), sample(seconds: 660))
        #expect(rate[.inOctets] == nil)
        #expect(rate[.inErrors] == 0)
    }
}

extension InterfaceSample {
    fileprivate static func zero(like other: InterfaceSample) -> InterfaceSample {
        var zero = other
        for counter in InterfaceCounter.allCases where other[counter] != nil { zero[counter] = 0 }
        return zero
    }
}
