import Campus
import Rules
import Testing

/// A run of the machine written as a table: seconds, what the rule says, and what must follow.
private struct Step {
    var at: Int64
    var says: Outcome?
    var follows: [AlertState]

    /// `says` nil: the subject is absent from the answer.
    init(_ at: Int64, _ says: Outcome?, _ follows: AlertState...) {
        self.at = at
        self.says = says
        self.follows = follows
    }
}

private let start = Timestamp(seconds: 1_800_000_000)

private func run(_ rule: Rule, _ steps: [Step], machine: AlertMachine = AlertMachine(at: start)) -> AlertMachine {
    var machine = machine
    var count = 0
    for step in steps {
        let now = start + .seconds(step.at)
        let events =
            if let says = step.says {
                machine.step(rule, Judgement(subject: "device/a", outcome: says, value: 1), outcome: says, at: now) {
                    count += 1
                    return "alert-\(count)"
                }
            } else {
                machine.absent(rule, at: now)
            }
        #expect(events.map(\.action) == step.follows, "at \(step.at) s")
    }
    return machine
}

@Suite struct AlertMachineTests {
    @Test func `without a waiting time a violation fires at once and resolves when it has gone`() throws {
        _ = run(
            try Samples.rule(), [Step(0, .violated, .firing), Step(10, .violated), Step(20, .held, .resolved), Step(30, .held)])
    }

    @Test func `with a waiting time it is pending until the time has passed`() throws {
        let rule = try Samples.rule(holdFor: .seconds(30))
        _ = run(
            rule,
            [
                Step(0, .violated, .pending), Step(10, .violated), Step(20, .violated), Step(30, .violated, .firing),
                Step(40, .held, .resolved),
            ])
    }

    @Test func `what passes before the waiting time is over never fires`() throws {
        _ = run(try Samples.rule(holdFor: .seconds(30)), [Step(0, .violated, .pending), Step(10, .held, .resolved)])
    }

    @Test func `a gap in the evidence starts the waiting time anew`() throws {
        let rule = try Samples.rule(holdFor: .seconds(30))
        _ = run(rule, [Step(0, .violated, .pending), Step(60, .violated), Step(80, .violated), Step(90, .violated, .firing)])
    }

    @Test func `it keeps firing until the condition has been gone long enough`() throws {
        let rule = try Samples.rule(keepFiringFor: .seconds(25))
        _ = run(
            rule,
            [
                Step(0, .violated, .firing), Step(10, .held), Step(20, .violated), Step(30, .held), Step(40, .held),
                Step(50, .held, .resolved),
            ])
    }

    @Test func `unknown neither raises nor resolves`() throws {
        _ = run(
            try Samples.rule(),
            [
                Step(0, .unknown), Step(10, .violated, .firing), Step(20, .unknown), Step(3000, .unknown),
                Step(3010, .held, .resolved),
            ])
    }

    @Test func `a rule that does not apply any more ends its alert at once`() throws {
        let rule = try Samples.rule(keepFiringFor: .seconds(600))
        _ = run(rule, [Step(0, .violated, .firing), Step(10, .notApplicable, .resolved)])
    }

    @Test func `a subject that vanishes is judged no longer after three intervals`() throws {
        _ = run(try Samples.rule(), [Step(0, .violated, .firing), Step(10, nil), Step(20, nil), Step(30, nil, .resolved)])
    }

    @Test func `what flaps must be calm for longer each time`() throws {
        let rule = try Samples.rule()
        let machine = run(
            rule,
            [
                Step(0, .violated, .firing), Step(10, .held, .resolved), Step(20, .violated, .firing), Step(30, .held, .resolved),
                Step(40, .violated, .firing), Step(50, .held), Step(60, .held, .resolved), Step(70, .violated, .firing),
                Step(80, .held), Step(100, .held),
            ])
        #expect(machine.alert?.labels["flapping"] == "true")
    }

    @Test func `flapping is forgotten after an hour`() throws {
        let rule = try Samples.rule()
        _ = run(
            rule,
            [
                Step(0, .violated, .firing), Step(10, .held, .resolved), Step(20, .violated, .firing), Step(30, .held, .resolved),
                Step(40, .violated, .firing), Step(60, .held, .resolved), Step(5000, .violated, .firing),
                Step(5010, .held, .resolved),
            ])
    }

    @Test func `an alert found open after a restart fires on and counts its calm from the start`() throws {
        let rule = try Samples.rule(keepFiringFor: .seconds(60))
        var alert = Alert(
            id: "old", rule: rule.id, ruleVersion: "1", ruleTitle: rule.title, subject: "device/a", severity: .medium,
            state: .firing,
            startedAt: start - .seconds(5000), lastViolatedAt: start - .seconds(5000), message: Bilingual(zh: "", en: ""))
        alert.firingAt = start - .seconds(5000)
        let machine = AlertMachine(open: alert, at: start)
        _ = run(rule, [Step(10, .held), Step(50, .held), Step(60, .held, .resolved)], machine: machine)
    }

    @Test func `a clock that steps back does not keep an alert for ever`() throws {
        _ = run(try Samples.rule(keepFiringFor: .seconds(60)), [Step(1000, .violated, .firing), Step(10, .held, .resolved)])
    }

    @Test func `a row may say that it is worse, and the alert tells so once`() throws {
        let rule = try Samples.rule()
        var machine = AlertMachine(at: start)
        var judgement = Judgement(subject: "device/a", outcome: .violated)
        _ = machine.step(rule, judgement, outcome: .violated, at: start) { "a" }
        judgement.severity = .critical
        let events = machine.step(rule, judgement, outcome: .violated, at: start + .seconds(10)) { "b" }
        #expect(events.map(\.cause) == ["severity rose to critical"])
        #expect(events.first?.alert.id == "a")
        #expect(machine.step(rule, judgement, outcome: .violated, at: start + .seconds(20)) { "c" }.isEmpty)
    }

    @Test func `a person takes it on, and it still resolves by itself`() throws {
        let rule = try Samples.rule()
        var machine = run(rule, [Step(0, .violated, .firing)])
        let events = machine.acknowledge(by: "wang", cause: "looking", at: start + .seconds(5))
        #expect(events.map(\.action) == [.acknowledged])
        #expect(events.first?.actor == "wang")
        _ = run(rule, [Step(10, .violated), Step(20, .held, .resolved)], machine: machine)
    }

    @Test func `what a person closed is raised again only after the condition has gone`() throws {
        let rule = try Samples.rule()
        var machine = run(rule, [Step(0, .violated, .firing)])
        #expect(machine.close(by: "wang", cause: "false alarm", at: start + .seconds(5)).map(\.action) == [.closed])
        _ = run(rule, [Step(10, .violated), Step(20, .held), Step(30, .violated, .firing)], machine: machine)
    }

    @Test func `an alert says what the row says`() throws {
        var judgement = Judgement(subject: "host/10.1.60.7", outcome: .violated, value: 3.14159)
        judgement.columns = ["value": .real(3.14159), "source": .text("10.1.60.7"), "device": .text("core-1"), "place": .null]
        var machine = AlertMachine(at: start)
        let alert = machine.step(try Samples.rule(severity: .high), judgement, outcome: .violated, at: start) { "id" }.first?
            .alert
        #expect(alert?.message == Bilingual(zh: "值 3.1", en: "value 3.1"))
        #expect(alert?.severity == .high)
        #expect(alert?.source == "10.1.60.7")
        #expect(alert?.labels == ["device": "core-1"])
    }

    @Test func `names of alerts sort by time`() {
        var generator = SystemRandomNumberGenerator()
        let names = (0..<20).map { AlertIdentity.make(at: start + .seconds($0), using: &generator) }
        #expect(names == names.sorted())
        #expect(names.allSatisfy { $0.count == 26 })
    }
}
