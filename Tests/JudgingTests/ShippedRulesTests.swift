import Campus
import Compliance
import Definitions
import Evidence
import Foundation
import Indicators
import Judging
import Rules
import Testing

private let shipped = JudgingDefinitions.load(directories: [Workbench.rulesFolder], problems: Problems())

@Suite struct ShippedRulesTests {
    @Test func `all definitions load without a problem`() {
        let problems = Problems()
        let definitions = JudgingDefinitions.load(directories: [Workbench.rulesFolder], problems: problems)
        #expect(problems.all.map(\.description) == [])
        #expect(definitions.rules.rules.count >= 17)
        #expect(definitions.items.items.map(\.id) == ["8.1.2.1-b", "8.1.4.1-c", "8.1.5.4-b"])
        #expect(definitions.indicators.indicators.count >= 9)
    }

    @Test func `every query can be prepared and gives what its messages ask for`() throws {
        let bench = try Workbench()
        let problems = Problems()
        bench.definitions.check(against: bench.store, problems: problems)
        #expect(problems.all.map(\.description) == [])
    }

    @Test func `a rule's file is named after its id`() {
        for rule in shipped.rules.rules {
            let expected = rule.id.split(separator: ".").dropFirst().joined(separator: "-").replacing("_", with: "-") + ".yaml"
            #expect(rule.place.file.hasSuffix("/" + expected), "\(rule.id) stands in \(rule.place.file)")
        }
    }

    @Test func `every class of observations has a name in both languages`() {
        #expect(shipped.rules.classes.count == 42)
        for entry in shipped.rules.classes.values {
            #expect(!entry.title.zh.isEmpty && !entry.title.en.isEmpty && !entry.note.isEmpty)
        }
    }

    @Test func `every rule has a case`() throws {
        let cases = Set(try CaseFile.all())
        #expect(shipped.rules.rules.map(\.id).filter { !cases.contains($0) } == [])
    }

    @Test(arguments: try CaseFile.all())
    func `a rule says what its case expects`(rule: String) async throws {
        let file = try CaseFile(rule: rule)
        let bench = try Workbench()
        let judge = bench.judge()
        try bench.store.declare(devices: file.devices, exits: [], settings: file.settings)
        var now = file.start
        for (number, step) in file.steps.enumerated() {
            now = now + step.after
            if !step.polls.isEmpty { try bench.store.record(step.polls) }
            if !step.map.roles.isEmpty { try bench.store.record(step.map, at: now) }
            if !step.observations.isEmpty { try bench.store.record(observations: step.observations) }
            try bench.store.record(traps: step.traps)
            for capture in step.captures {
                try bench.store.record(capture.accounting, startedAt: file.start, state: capture.state, reason: capture.reason)
            }
            for run in step.runs { try bench.store.record(results: [], run: run) }
            await judge.tick(at: now)
            let said = try bench.outcomes(of: rule)
            for (subject, outcome) in step.expect { #expect(said[subject] == outcome, "step \(number + 1), \(subject)") }
            if let alerts = step.alerts { #expect(try bench.alerts(of: rule) == alerts, "step \(number + 1)") }
        }
    }
}
