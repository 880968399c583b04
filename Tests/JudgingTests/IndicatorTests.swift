import Campus
import Evidence
import Foundation
import Indicators
import Judging
import Testing

private let monday = Workbench.monday
private let calendar = SiteCalendar()

/// Sunday, 2026-11-22, of a core switch with an exit and a UPS, polled every five minutes, and what people see of it.
private struct Sunday {
    let bench: Workbench
    let period: Period
    /// Hours (local) in which the switch was down, and in which the agent itself did not run.
    var down: Range<Int64> = 0..<0
    var blind: Range<Int64> = 0..<0

    init(down: Range<Int64> = 0..<0, blind: Range<Int64> = 0..<0) throws {
        bench = try Workbench()
        period = try #require(Period(label: "2026-11-22", calendar: calendar))
        (self.down, self.blind) = (down, blind)
        let core = DeclaredDevice(address: IPAddress(v4: 0x0A01_0102), name: "core-1", layer: .core, watch: ["Gi0/1"])
        let ups = DeclaredDevice(address: IPAddress(v4: 0x0A01_0902), name: "ups-1", layer: .power)
        let exit = CampusExit(
            id: "cernet", device: DeviceID("a"), interface: "Gi0/1", contractedDown: 1_000_000_000, contractedUp: 500_000_000)
        try bench.store.declare(devices: [(DeviceID("a"), core), (DeviceID("u"), ups)], exits: [exit])
        for step in -12..<(24 * 12 + 36) { try feed(period.start + .seconds(step * 300)) }
        try bench.store.maintain(now: period.end + .seconds(7200))
    }

    private func feed(_ now: Timestamp) throws {
        let hour = (now.milliseconds - period.start.milliseconds) / 3_600_000
        if blind.contains(hour) { return }
        try bench.store.beat(at: now)
        try bench.store.record([core(at: now, isUp: !down.contains(hour)), ups(at: now)])
        try bench.store.record(TrafficMinute(interface: "eth1", start: now))
    }

    private func core(at now: Timestamp, isUp: Bool) -> DevicePoll {
        var poll = DevicePoll(device: DeviceID("a"), startedAt: now, interval: .seconds(300), state: isUp ? .up : .down)
        guard isUp else { return poll }
        var rate = InterfaceRate(index: 1)
        (rate.admin, rate.oper, rate.speed) = (.up, .up, 10_000_000_000)
        (rate[.inOctets], rate[.outOctets]) = (400_000_000, 300_000_000)
        poll.rates = [rate]
        poll.samples = [InterfaceSample(index: 1)]
        var report = DeviceReport()
        report.interfaces = [Interface(index: 1, name: "Gi0/1")]
        poll.report = report
        return poll
    }

    private func ups(at now: Timestamp) -> DevicePoll {
        var poll = DevicePoll(device: DeviceID("u"), startedAt: now, interval: .seconds(300), state: .up)
        poll.sensors = [
            SensorReading(sensorClass: .load, name: "Percentage load", value: 42, oid: ObjectIdentifier([1, 3, 1])),
            SensorReading(
                sensorClass: .runtime, name: "Estimated battery time remaining", value: 1800, oid: ObjectIdentifier([1, 3, 2])),
        ]
        return poll
    }

    func value(_ id: String, _ scope: String) async throws -> IndicatorValue? {
        try await bench.assessor().values(of: period, indicator: id, at: monday).first { $0.scope == scope }
    }
}

private func isNear(_ value: Double?, _ expected: Double, within tolerance: Double = 0.6) -> Bool {
    value.map { abs($0 - expected) <= tolerance } ?? false
}

@Suite struct IndicatorTests {
    @Test func `a day without trouble is 100 % with full coverage`() async throws {
        let day = try Sunday()
        let core = try #require(try await day.value("net.availability.core", "layer/core"))
        #expect(isNear(core.value, 100, within: 0.01))
        #expect(core.status == .ok)
        #expect(isNear(core.denominator, 86_400, within: 400))
        let exit = try #require(try await day.value("net.availability.exit", "exit/cernet"))
        #expect(isNear(exit.value, 100, within: 0.01))
        #expect(exit.status == .ok)
        let peak = try #require(try await day.value("net.exit.peak_utilisation", "exit/cernet"))
        #expect(isNear(peak.value, 60))
        #expect(peak.denominator == 500_000_000)
        #expect(peak.status == .ok)
        let load = try #require(try await day.value("ups.load", "device/u"))
        #expect(isNear(load.value, 42))
        #expect(load.status == .ok)
        #expect(isNear(try await day.value("ups.runtime", "device/u")?.value, 30))
        #expect(isNear(try await day.value("ops.data_coverage", "school")?.value, 100, within: 1))
    }

    @Test func `an hour down lowers availability, of the exit behind it too`() async throws {
        let day = try Sunday(down: 10..<13)
        let core = try #require(try await day.value("net.availability.core", "device/a"))
        #expect(isNear(core.value, 87.5))
        #expect(core.status == .ok)
        let exit = try #require(try await day.value("net.availability.exit", "exit/cernet"))
        #expect(isNear(exit.value, 87.5))
    }

    @Test func `hours in which the agent did not run are neither good nor bad`() async throws {
        let day = try Sunday(blind: 10..<13)
        let core = try #require(try await day.value("net.availability.core", "layer/core"))
        #expect(isNear(core.value, 100, within: 0.01))
        #expect(isNear(core.coverage, 0.875, within: 0.01))
        #expect(core.status == .partial)
        let count = try #require(try await day.value("ops.alert.count", "school"))
        #expect(isNear(count.coverage, 0.871, within: 0.01))
        #expect(count.status == .partial)
    }

    @Test func `an empty store has no figure and never 100 %`() async throws {
        let bench = try Workbench()
        let period = try #require(Period(label: "2026-11-22", calendar: calendar))
        let values = try await bench.assessor().values(of: period, at: monday)
        #expect(values.allSatisfy { $0.value == nil || $0.status == .insufficient })
        #expect(values.first { $0.indicator == "net.availability.core" }?.status == .notApplicable)
    }

    @Test func `alerts give counts and the time to repair`() async throws {
        let day = try Sunday()
        let fired = day.period.start + .seconds(3600)
        for (number, repair) in [Int64(600), 1200].enumerated() {
            var alert = Alert(
                id: "alert-\(number)", rule: "ops.device.down", ruleVersion: "1", ruleTitle: Bilingual(zh: "", en: ""),
                subject: "device/\(number)", severity: .high, state: .firing, startedAt: fired, lastViolatedAt: fired,
                message: Bilingual(zh: "", en: ""))
            alert.firingAt = fired
            _ = try day.bench.store.apply([AlertEvent(at: fired, alert: alert, action: .firing)])
            (alert.state, alert.resolvedAt) = (.resolved, fired + .seconds(repair))
            _ = try day.bench.store.apply([AlertEvent(at: fired + .seconds(repair), alert: alert, action: .resolved)])
        }
        #expect(try await day.value("ops.alert.count", "severity/high")?.value == 2)
        #expect(try await day.value("ops.alert.count", "severity/low")?.value == 0)
        let mttr = try #require(try await day.value("ops.mttr", "severity/high"))
        #expect(mttr.value == 900)
        #expect(try await day.value("ops.mttr", "school")?.denominator == 2)
    }

    @Test func `attacks are grouped by source, target, class and hour`() async throws {
        let day = try Sunday()
        let seen = day.period.start + .seconds(7200)
        let source = IPAddress("10.1.60.7")
        let scans = (0..<5).map { minute in
            let at = seen + .seconds(minute * 60)
            return Observation(
                observationClass: "port_scan", severity: .medium, at: at, firstAt: at, source: source, destination: source)
        }
        let hygiene = Observation(observationClass: "weak_tls", severity: .low, at: seen, firstAt: seen, source: source)
        try day.bench.store.record(observations: scans + [hygiene])
        #expect(try await day.value("sec.attacks.identified", "school")?.value == 1)
    }

    @Test func `an explanation gives the query with its bound parameters`() async throws {
        let day = try Sunday()
        let assessor = day.bench.assessor()
        let explanation = try #require(try await assessor.explain("net.availability.core", period: day.period, at: monday))
        #expect(explanation.parameters.map(\.name) == ["now", "period_end", "period_start"])
        #expect(explanation.text(.en).contains("JOIN availability_hour"))
        #expect(try await assessor.explain("net.nothing", period: day.period, at: monday) == nil)
    }

    @Test func `a refresh stores the values of running and finished periods`() async throws {
        let day = try Sunday()
        await day.bench.assessor().refresh(at: monday)
        let rows = try day.bench.store.select(
            "SELECT DISTINCT period FROM indicator_value WHERE indicator = 'net.availability.core' ORDER BY period"
        ).rows
        #expect(rows.compactMap { $0.first?.string } == ["2026", "2026-11", "2026-11-22", "2026-11-23"])
    }

    @Test func `a refresh that is cancelled asks for no indicator`() async throws {
        let day = try Sunday()
        let assessor = day.bench.assessor()
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            await assessor.refresh(at: monday)
        }
        task.cancel()
        await task.value
        #expect(try day.bench.store.select("SELECT count(*) FROM indicator_value").rows == [[.integer(0)]])
    }
}
