import Campus
import Definitions
import Evidence
import Foundation
import Judging
import Rules
import Synchronization
import Testing

private let monday = Workbench.monday

private let deviceRule = """
    id: ops.device.down
    title: {zh: 设备离线, en: Device down}
    severity: high
    every: 5s
    select: SELECT subject, CASE state WHEN 'down' THEN 'violated' ELSE 'held' END AS outcome FROM device_now
    message: {zh: "{subject}", en: "{subject}"}
    """

private func failing(_ select: String) -> String {
    """
    id: ops.bad.rule
    title: {zh: 坏, en: Bad}
    severity: low
    every: 60s
    select: |
      \(select)
    message: {zh: 坏, en: bad}
    """
}

@Suite struct JudgeTests {
    private func poll(_ state: DeviceState, at now: Timestamp) -> DevicePoll {
        DevicePoll(device: DeviceID("a"), startedAt: now, interval: .seconds(60), state: state)
    }

    @Test func `a judge that is stopped runs no further rule`() async throws {
        let bench = try Workbench(try Workbench.definitions(deviceRule))
        let judge = bench.judge()
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            await judge.tick(at: monday)
        }
        task.cancel()
        await task.value
        #expect(await judge.health.runs == 0)
    }

    @Test func `every transition is stored with a number and told once`() async throws {
        let bench = try Workbench(try Workbench.definitions(deviceRule))
        let judge = bench.judge()
        for (seconds, state) in [(Int64(0), DeviceState.up), (60, .down), (120, .down), (180, .up)] {
            try bench.store.record([poll(state, at: monday + .seconds(seconds))])
            await judge.tick(at: monday + .seconds(seconds))
        }
        let told = bench.events.withLock { $0 }
        #expect(told.map(\.action) == [.firing, .resolved])
        #expect(told.map(\.sequence) == [1, 2])
        #expect(try bench.store.alertEvents(after: 0, limit: 10) == told)
        #expect(told.first?.alert.id == told.last?.alert.id)
    }

    @Test func `an alert survives a restart of the judge`() async throws {
        let bench = try Workbench(try Workbench.definitions(deviceRule))
        try bench.store.record([poll(.down, at: monday)])
        await bench.judge().tick(at: monday)
        let second = bench.judge()
        await second.restore(at: monday + .seconds(100))
        await second.tick(at: monday + .seconds(100))
        #expect(try bench.store.lastAlertSequence() == 1)
        try bench.store.record([poll(.up, at: monday + .seconds(160))])
        await second.tick(at: monday + .seconds(160))
        #expect(bench.events.withLock { $0.map(\.action) } == [.firing, .resolved])
    }

    @Test func `alerts of a rule that is gone are resolved with that cause`() async throws {
        let bench = try Workbench(try Workbench.definitions(deviceRule))
        try bench.store.record([poll(.down, at: monday)])
        let judge = bench.judge()
        await judge.tick(at: monday)
        await judge.reload(JudgingDefinitions())
        #expect(bench.events.withLock { $0.last?.cause } == "its rule is gone or disabled")
        #expect(try bench.store.openAlerts().isEmpty)
    }

    @Test func `observations raise an alert at the next tick, not at the rule's interval`() async throws {
        let bench = try Workbench()
        let judge = bench.judge()
        await judge.tick(at: monday)
        let source = try #require(IPAddress("10.1.60.7"))
        let seen = monday + .milliseconds(500)
        try bench.store.record(observations: [
            Observation(
                observationClass: "port_scan", severity: .medium, at: seen, firstAt: seen, source: source, detail: "30 ports")
        ])
        await judge.tick(at: monday + .seconds(1))
        let alert = try #require(bench.events.withLock { $0.last?.alert })
        #expect(alert.rule == "detection.port_scan")
        #expect(alert.subject == "host/10.1.60.7")
        #expect(alert.observationClass == "port_scan")
        #expect(alert.source == "10.1.60.7")
    }

    @Test(arguments: [
        "SELECT nothing FROM device", "SELECT 1 AS a", "SELECT 'x' AS subject, 'fine' AS outcome", "DELETE FROM device",
    ])
    func `a rule that cannot be judged is an alert, and its other runs go on`(select: String) async throws {
        let shipped = try String(contentsOfFile: Workbench.rulesFolder + "/operations/rule-failed.yaml", encoding: .utf8)
        let bench = try Workbench(try Workbench.definitions(failing(select) + "\n---\n" + shipped))
        let judge = bench.judge()
        await judge.tick(at: monday)
        await judge.tick(at: monday + .seconds(30))
        let alert = try #require(try bench.store.openAlerts().first)
        #expect(alert.subject == "rule/ops.bad.rule")
        #expect(alert.message.zh.hasPrefix("规则 ops.bad.rule 无法判断："))
        #expect(await judge.health.failures == 1)
    }

    @Test func `a rule that is too slow has failed`() async throws {
        let endless =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT 'a' AS subject, 'held' AS outcome FROM n WHERE i < 0"
        let bench = try Workbench(try Workbench.definitions(failing(endless)))
        var settings = JudgeSettings()
        settings.ruleLimits = QueryLimits(time: .milliseconds(50), rows: 10)
        let judge = Judge(
            store: bench.store, definitions: bench.definitions, settings: settings, logger: Workbench.logger, now: { monday })
        await judge.tick(at: monday)
        let error = try bench.store.select("SELECT error FROM rule_run").rows.first?.first?.string
        #expect(error?.contains("still running after") == true)
    }

    @Test func `the rule that tells of failures tells of its own`() async throws {
        let broken = failing("SELECT nothing FROM device").replacing("ops.bad.rule", with: "ops.rule.failed")
        let bench = try Workbench(try Workbench.definitions(broken))
        await bench.judge().tick(at: monday)
        #expect(try bench.store.openAlerts().map(\.subject) == ["rule/ops.rule.failed"])
    }

    @Test func `a disabled rule does not judge until its day is over`() async throws {
        let problems = Problems()
        let yaml = "disable: [{id: ops.device.down, reason: 改造, until: 2026-11-23}]\n"
        let element = try #require(try Element.documents(in: yaml, file: "campanile.yaml").first)
        let overrides = RuleOverrides(Reader(element, problems)) { _ in monday + .seconds(3600) }
        let definitions = JudgingDefinitions.load(directories: [Workbench.rulesFolder], overrides: overrides, problems: problems)
        let bench = try Workbench(definitions)
        try bench.store.declare(devices: [(DeviceID("a"), DeclaredDevice(address: IPAddress(v4: 1)))], exits: [])
        let judge = bench.judge()
        try bench.store.record([poll(.down, at: monday)])
        await judge.tick(at: monday)
        #expect(try bench.alerts(of: "ops.device.down").isEmpty)
        try bench.store.record([poll(.down, at: monday + .seconds(3600))])
        await judge.tick(at: monday + .seconds(3600))
        #expect(try bench.alerts(of: "ops.device.down").count == 1)
    }

    @Test func `what the store refuses is tried again`() async throws {
        let bench = try Workbench(try Workbench.definitions(deviceRule))
        try bench.store.record([poll(.down, at: monday)])
        let readOnly = try EvidenceStore.openReadOnly(path: bench.store.path, logger: Workbench.logger)
        let judge = Judge(store: readOnly, definitions: bench.definitions, logger: Workbench.logger, now: { monday })
        await judge.tick(at: monday)
        #expect(await judge.health.storeFailures > 0)
        #expect(await judge.health.openAlerts == 0)
    }

    @Test func `a person acknowledges and closes by the alert's name`() async throws {
        let bench = try Workbench(try Workbench.definitions(deviceRule))
        try bench.store.record([poll(.down, at: monday)])
        let judge = bench.judge()
        await judge.tick(at: monday)
        let id = try #require(try bench.store.openAlerts().first?.id)
        #expect(await judge.acknowledge(alert: id, by: "wang", cause: "on it", at: monday + .seconds(1)))
        #expect(await !judge.close(alert: "nobody", by: "wang", cause: "", at: monday + .seconds(2)))
        #expect(await judge.close(alert: id, by: "wang", cause: "replaced", at: monday + .seconds(3)))
        #expect(bench.events.withLock { $0.map(\.action) } == [.firing, .acknowledged, .closed])
    }

    @Test func `it runs until it is cancelled and looks at once when nudged`() async throws {
        let bench = try Workbench(try Workbench.definitions(deviceRule))
        try bench.store.record([poll(.down, at: monday)])
        let (fired, fire) = AsyncStream.makeStream(of: AlertEvent.self)
        let judge = Judge(store: bench.store, definitions: bench.definitions, logger: Workbench.logger, now: { monday }) {
            events in
            for event in events { fire.yield(event) }
        }
        let running = Task { try await judge.run() }
        judge.nudge()
        var iterator = fired.makeAsyncIterator()
        #expect(await iterator.next()?.action == .firing)
        running.cancel()
        try await running.value
    }
}
