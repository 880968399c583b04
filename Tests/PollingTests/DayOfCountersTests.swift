import Campus
import Evidence
import Foundation
import Logging
import Probes
import Testing

/// One day of polls in simulated time, from counters to what the store says of them: nothing lost, nothing twice.
@Suite struct DayOfCountersTests {
    private static let start = Timestamp(seconds: 1_795_305_600)
    private static let device = DeviceID("80001f880401020304")
    /// Octets a second inwards of each port; outwards half of it.
    private static let perSecond: [UInt64] = [1000, 87_654, 4_999_000]
    /// The agent restarts so many seconds after the day's begin, once.
    private static let restart = 43_215.0

    /// Counters as the agent has them: the first port's in 32 bits, all of them from 0 after the restart.
    private func readings(_ seconds: Double) -> InterfaceReadings {
        let passed = UInt64(seconds < Self.restart ? seconds + 5000 : seconds - Self.restart)
        let samples = Self.perSecond.enumerated().map { port, rate in
            var sample = InterfaceSample(index: UInt32(port + 1))
            let base = seconds < Self.restart ? UInt64(UInt32.max) - 6_000_000 : 0
            let octets = base + rate * passed
            sample[.inOctets] = port == 0 ? octets & 0xffff_ffff : octets
            sample[.outOctets] = port == 0 ? (octets / 2) & 0xffff_ffff : octets / 2
            if port > 0 {
                sample.wide = 1 << UInt16(InterfaceCounter.inOctets.rawValue) | 1 << UInt16(InterfaceCounter.outOctets.rawValue)
            }
            sample.oper = .up
            sample.speed = 1_000_000_000
            return sample
        }
        return InterfaceReadings(samples: samples, uptime: Double(passed), at: Self.start + .seconds(seconds))
    }

    @Test func `a day of polls has no gap but the restart, and its octets are those of the formula`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "campanile-day-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let quiet = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let store = try EvidenceStore(path: folder.path + "/campanile.db", settings: EvidenceSettings(), logger: quiet)
        try store.declare(devices: [(Self.device, DeclaredDevice(address: IPAddress(v4: 0xc000_0201)))])
        var last: InterfaceReadings?
        var gaps: [RateGap: Int] = [:]
        var octets = [Double](repeating: 0, count: Self.perSecond.count)
        for minute in 0...1440 {
            // Looks begin a little early or late; the device's own clock says how much.
            let now = readings(Double(minute * 60) + Double(minute * 7 % 5))
            var poll = DevicePoll(device: Self.device, startedAt: now.at, interval: .seconds(60), state: .up)
            poll.samples = now.samples
            poll.uptime = now.uptime
            poll.rates = InterfaceRates.rates(from: last, to: now, interval: .seconds(60))
            for (port, rate) in poll.rates.enumerated() {
                if let gap = rate.gap { gaps[gap, default: 0] += 1 }
                if let bits = rate[.inOctets], let before = last?.uptime, let after = now.uptime {
                    octets[port] += bits / 8 * (after - before)
                }
            }
            try store.record([poll])
            if minute % 60 == 59 { _ = try store.maintain(now: now.at) }
            last = now
        }
        #expect(gaps == [.firstPoll: 3, .reboot: 3])
        // All but the minute in which it restarted.
        let counted = 86_400.0 - 60 + Double(1440 * 7 % 5) - Double(721 * 7 % 5) + Double(720 * 7 % 5)
        for (port, rate) in Self.perSecond.enumerated() { #expect(abs(octets[port] - Double(rate) * counted) <= Double(rate)) }
        let rows = try store.select(
            "SELECT subject, count(*), min(value), max(value) FROM reading WHERE metric = 'in_bps' GROUP BY subject "
                + "ORDER BY max(value)", parameters: [:], limits: QueryLimits()
        ).rows
        #expect(rows.count == 3)
        for (row, rate) in zip(rows, Self.perSecond) {
            #expect(row[1] == .integer(1439))
            for case .real(let value) in row.dropFirst(2) { #expect(abs(value - Double(rate * 8)) <= Double(rate * 8) * 0.001) }
        }
        try store.close()
    }
}
