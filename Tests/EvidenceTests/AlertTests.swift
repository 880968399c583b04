import Campus
import Testing

@testable import Evidence

struct AlertTests {
    private func alert(_ id: String, _ state: AlertState) -> Alert {
        var alert = Alert(
            id: id, rule: "ops.device.down", ruleVersion: "1", ruleTitle: Bilingual(zh: "设备离线", en: "Device down"),
            subject: "device/aa",
            severity: .high, state: state, startedAt: midnight, lastViolatedAt: midnight.after(5),
            message: Bilingual(zh: "离线", en: "down"))
        alert.value = 0.5
        alert.labels = ["layer": "core"]
        alert.dengbao = ["8.1.2.1-b"]
        return alert
    }

    private func event(_ id: String, _ state: AlertState, at: Int64 = 0) -> AlertEvent {
        AlertEvent(at: midnight.after(at), alert: alert(id, state), action: state)
    }

    @Test func `events get numbers without holes and come back whole`() throws {
        let temporary = try TemporaryStore()
        #expect(try temporary.store.lastAlertSequence() == 0)
        let first = try temporary.store.apply([event("a", .pending), event("b", .pending)])
        #expect(first.map(\.sequence) == [1, 2])
        let second = try temporary.store.apply([event("a", .firing, at: 10)])
        #expect(second.map(\.sequence) == [3])
        #expect(try temporary.store.alertEvents(after: 0, limit: 10) == first + second)
        #expect(try temporary.store.alertEvents(after: 2, limit: 10) == second)
        #expect(try temporary.store.alertEvents(after: 0, limit: 1).map(\.sequence) == [1])
        #expect(try temporary.store.openAlerts() == [alert("a", .firing), alert("b", .pending)])
    }

    @Test func `an alert that was acknowledged keeps the time when it is resolved`() throws {
        let temporary = try TemporaryStore()
        _ = try temporary.store.apply([event("a", .firing), event("a", .acknowledged, at: 60), event("a", .resolved, at: 90)])
        #expect(
            try temporary.rows("SELECT state, acknowledged_at FROM alert") == [
                ["resolved", .integer(midnight.after(60).milliseconds)]
            ])
        #expect(try temporary.store.openAlerts().isEmpty)
    }

    @Test func `numbers go on although old events were deleted`() throws {
        let temporary = try TemporaryStore()
        _ = try temporary.store.apply([event("a", .firing), event("a", .resolved)])
        try temporary.maintain(at: midnight + .days(200))
        #expect(try temporary.value("SELECT count(*) FROM alert") == 0)
        #expect(try temporary.store.apply([event("c", .firing)]).map(\.sequence) == [3])
    }

    @Test func `rule results keep since when and forget what is gone`() throws {
        let temporary = try TemporaryStore()
        let run = { (second: Int64) in RuleRun(rule: "r", at: midnight.after(second), duration: .milliseconds(3)) }
        let result = { (subject: String, outcome: Outcome, value: Double) in
            RuleResult(subject: subject, outcome: outcome, value: value)
        }
        try temporary.store.record(results: [result("x", .held, 1), result("y", .violated, 2)], run: run(0))
        try temporary.store.record(results: [result("x", .held, 5), result("y", .violated, 3)], run: run(60))
        let first = EvidenceValue.integer(midnight.milliseconds)
        #expect(
            try temporary.rows("SELECT subject, outcome, value, since FROM rule_result") == [
                ["x", "held", 1, first], ["y", "violated", 3, first],
            ])
        var failed = run(120)
        failed.error = "no such table"
        try temporary.store.record(results: [], run: failed)
        try temporary.store.record(results: [result("x", .unknown, 5)], run: run(180))
        #expect(
            try temporary.rows("SELECT subject, outcome, since FROM rule_result") == [
                ["x", "unknown", .integer(midnight.after(180).milliseconds)]
            ])
        #expect(try temporary.value("SELECT count(*) FROM rule_run WHERE error IS NOT NULL") == 1)
    }
}
