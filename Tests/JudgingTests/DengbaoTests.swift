import Campus
import Compliance
import Evidence
import Foundation
import Judging
import Testing

private let monday = Workbench.monday
private let minute: Duration = .seconds(60)

/// Weeks of polls, minutes of traffic and beats, as the collectors would have written them, with maintenance in between.
private struct Weeks {
    var days = 31
    var inBps = 100_000_000.0
    var discards = 0.0
    var version = "3"
    var level = "authPriv"
    var isInManagementZone = true
    var hasTraffic = true
    var tags: [String] = []
    /// Polls are this far apart: fewer rows, the same coverage, for `expected` counts follow the interval.
    var interval: Duration = .seconds(300)

    /// Ends at `monday`.
    func feed(_ bench: Workbench) throws {
        let device = DeclaredDevice(
            address: IPAddress(v4: 0x0A01_0102), name: "core-1", layer: .core, tags: tags, watch: ["Gi0/1"],
            managementZone: isInManagementZone)
        try bench.store.declare(devices: [(DeviceID("a"), device)], exits: [])
        let start = monday - .days(days)
        let steps = Int(days * 86_400) / Int(interval.components.seconds)
        var batch: [DevicePoll] = []
        for step in 0...steps {
            let now = start + interval * step
            batch.append(poll(at: now, isFirst: step == 0))
            if hasTraffic { for offset in 0..<5 where step < steps { try record(bench, minuteAt: now + minute * offset) } }
            if batch.count == 288 || step == steps {
                try bench.store.record(batch)
                try bench.store.maintain(now: now)
                batch = []
            }
        }
    }

    private func record(_ bench: Workbench, minuteAt now: Timestamp) throws {
        try bench.store.record(TrafficMinute(interface: "eth1", start: now.floored(to: minute)))
    }

    private func poll(at now: Timestamp, isFirst: Bool) -> DevicePoll {
        var poll = DevicePoll(device: DeviceID("a"), startedAt: now, interval: interval, state: .up)
        (poll.snmpVersion, poll.securityLevel) = (version, level)
        var rate = InterfaceRate(index: 1)
        (rate.admin, rate.oper, rate.speed) = (.up, .up, 1_000_000_000)
        rate[.inOctets] = inBps
        rate[.outOctets] = inBps / 10
        rate[.inUcastPackets] = 10_000
        rate[.outUcastPackets] = 5000
        rate[.inDiscards] = 0
        rate[.outDiscards] = discards
        poll.rates = [rate]
        poll.samples = [InterfaceSample(index: 1)]
        if isFirst {
            var report = DeviceReport()
            var interface = Interface(index: 1, name: "Gi0/1")
            interface.speed = 1_000_000_000
            report.interfaces = [interface]
            poll.report = report
        }
        return poll
    }
}

@Suite struct DengbaoTests {
    private func verdict(_ bench: Workbench, _ item: String, level: Int = 3) async throws -> Assessment {
        try #require(await bench.assessor().assess(level: level, at: monday).first { $0.item.id == item })
    }

    @Test(arguments: ["8.1.2.1-b", "8.1.4.1-c", "8.1.5.4-b"])
    func `a store without evidence says 未判定`(item: String) async throws {
        let assessment = try await verdict(try Workbench(), item)
        #expect(assessment.verdict == .undetermined)
        #expect(assessment.verdict.title.zh == "未判定")
        #expect(assessment.objects.isEmpty)
        #expect(assessment.reason == assessment.item.nothing)
    }

    @Test(arguments: ["8.1.2.1-b", "8.1.4.1-c", "8.1.5.4-b"])
    func `an agent that has watched for a day says 未判定, whatever it saw`(item: String) async throws {
        let bench = try Workbench()
        var weeks = Weeks()
        (weeks.days, weeks.version, weeks.inBps) = (1, "1", 990_000_000)
        try weeks.feed(bench)
        let assessment = try await verdict(bench, item)
        #expect(assessment.verdict == .undetermined)
        #expect(assessment.objects.count == 1)
        #expect(assessment.reason.zh.hasPrefix("证据不足：样本覆盖率"))
    }

    @Test func `weeks of calm links and encrypted management are 符合`() async throws {
        let bench = try Workbench()
        try Weeks().feed(bench)
        for item in ["8.1.2.1-b", "8.1.4.1-c", "8.1.5.4-b"] {
            let assessment = try await verdict(bench, item)
            #expect(assessment.verdict == .conform, "\(item): \(assessment.reason.en)")
        }
        let link = try await verdict(bench, "8.1.2.1-b")
        #expect(link.objects.first?.subject == "device/a/interface/1")
        #expect(abs((link.objects.first?.value ?? 0) - 10) < 0.5)
        await bench.assessor().refresh(at: monday)
        let stored = try bench.store.select("SELECT item, verdict FROM verdict WHERE subject = '' ORDER BY item").rows
        #expect(stored.map { $0[1].string } == ["conform", "conform", "conform"])
        let levelTwo = await bench.assessor().assess(level: 2, at: monday)
        #expect(levelTwo.map(\.clause) == ["7.1.4.1-c"])
    }

    @Test func `weeks of full links and telnet are 不符合`() async throws {
        let bench = try Workbench()
        var weeks = Weeks()
        weeks.inBps = 950_000_000
        try weeks.feed(bench)
        let seen = monday - .days(3)
        try bench.store.record(observations: [
            Observation(
                observationClass: "cleartext_management", severity: .medium, at: seen, firstAt: seen,
                source: IPAddress(v4: 0x0A01_3C07),
                destination: IPAddress(v4: 0x0A01_0102), port: 23, detail: "telnet")
        ])
        for item in ["8.1.2.1-b", "8.1.4.1-c", "8.1.5.4-b"] {
            #expect(try await verdict(bench, item).verdict == .nonconform, "\(item)")
        }
        #expect(try await verdict(bench, "8.1.4.1-c").reason.zh == "core-1（10.1.1.2）存在明文管理：SNMPv3 authPriv，明文会话 1 次（端口 23）")
    }

    @Test func `little headroom and SNMPv2c inside the management zone are 部分符合`() async throws {
        let bench = try Workbench()
        var weeks = Weeks()
        (weeks.inBps, weeks.version, weeks.level) = (800_000_000, "2c", "")
        try weeks.feed(bench)
        for item in ["8.1.2.1-b", "8.1.4.1-c", "8.1.5.4-b"] {
            let assessment = try await verdict(bench, item)
            #expect(assessment.verdict == .partial, "\(item): \(assessment.reason.en)")
        }
    }

    @Test func `SNMPv2c outside the management zone and drops above one percent are 不符合`() async throws {
        let bench = try Workbench()
        var weeks = Weeks()
        (weeks.version, weeks.level, weeks.isInManagementZone, weeks.discards) = ("2c", "", false, 300)
        try weeks.feed(bench)
        for item in ["8.1.2.1-b", "8.1.4.1-c", "8.1.5.4-b"] {
            let assessment = try await verdict(bench, item)
            #expect(assessment.verdict == .nonconform, "\(item): \(assessment.reason.en)")
        }
    }

    @Test func `without sampled traffic nobody can say that no clear text was used`() async throws {
        let bench = try Workbench()
        var weeks = Weeks()
        weeks.hasTraffic = false
        try weeks.feed(bench)
        let assessment = try await verdict(bench, "8.1.4.1-c")
        #expect(assessment.verdict == .undetermined)
        #expect(assessment.reason.zh.contains("证据不足"))
    }

    @Test func `a device that people manage on its console is 不适用`() async throws {
        let bench = try Workbench()
        var weeks = Weeks()
        (weeks.days, weeks.tags) = (1, ["console-only"])
        try weeks.feed(bench)
        #expect(try await verdict(bench, "8.1.4.1-c").verdict == .notApplicable)
    }
}
