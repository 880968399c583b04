import Campus
import Probes
import Testing

@Suite struct DevicePlanTests {
    private func narrowed(_ name: String) throws -> DevicePlan {
        let (plan, answers, _) = Fixtures.polled(try Fixtures.recording(name), library: Fixtures.library)
        return plan.narrowed(to: answers)
    }

    private func columns(_ plan: DevicePlan, _ request: String) -> [ObjectIdentifier] {
        for found in plan.fastRequests where found.name == request {
            if case .columns(let columns) = found.kind { return columns }
        }
        return []
    }

    @Test func `identity is asked by one GET of the system group and the engine id`() {
        guard case .scalars(let instances) = Fixtures.library.identityRequest.kind else {
            Issue.record("not a GET")
            return
        }
        #expect(
            Set(instances)
                == Set(
                    (1...6).map { "1.3.6.1.2.1.1.\($0).0" as String }.compactMap { ObjectIdentifier($0) } + [
                        "1.3.6.1.6.3.10.2.1.1.0"
                    ]))
    }

    @Test func `a fast poll asks for fourteen interface columns at most, 64-bit ones, side by side`() {
        let plan = Fixtures.library.plan(identity: VariableBindings())
        #expect(columns(plan, "interfaces").count == 14)
        #expect(columns(plan, "interfaces").contains("1.3.6.1.2.1.31.1.1.1.6"))
        #expect(!columns(plan, "interfaces").contains("1.3.6.1.2.1.2.2.1.10"))
    }

    @Test func `a fast poll asks for 32-bit columns where an interface has no others`() throws {
        let asked = columns(try narrowed("interfaces"), "interfaces")
        #expect(asked.contains("1.3.6.1.2.1.31.1.1.1.6"))
        #expect(asked.contains("1.3.6.1.2.1.2.2.1.10"))
    }

    @Test func `a fast poll leaves out what the device does not have, and knows how many rows there are`() throws {
        let plan = try narrowed("interfaces")
        #expect(plan.fastRequests.map(\.name) == ["scalars", "interfaces"])
        #expect(plan.fastRequests.last?.expectedRows == 4)
        #expect(plan.fastRequests.first?.kind == .scalars(["1.3.6.1.2.1.1.3.0"]))
    }

    @Test func `a fast poll asks for values, not for names and scales`() throws {
        #expect(columns(try narrowed("entity-sensor"), "sensor") == ["1.3.6.1.2.1.99.1.1.1.4", "1.3.6.1.2.1.99.1.1.1.5"])
        #expect(try narrowed("entity-sensor").fastRequests.map(\.name) == ["scalars", "sensor"])
    }

    @Test func `a new value is scaled as the full poll learned`() throws {
        let recording = try Fixtures.recording("entity-sensor")
        let (plan, answers, report) = Fixtures.polled(recording, library: Fixtures.library)
        let later = recording.changed { $0 == "1.3.6.1.2.1.99.1.1.1.4.11" ? .integer(301) : $1 }
        let narrowed = plan.narrowed(to: answers)
        let poll = narrowed.fast(answers: later.answers(narrowed.fastRequests), baseline: report)
        #expect(poll.sensors.first?.value == 30.1)
        #expect(poll.sensors.first?.name == "Inlet")
        #expect(poll.sensors.count == report.sensors.count)
    }

    @Test func `a sensor that is out of order is left out of that poll`() throws {
        let recording = try Fixtures.recording("entity-sensor")
        let (plan, answers, report) = Fixtures.polled(recording, library: Fixtures.library)
        let later = recording.changed { $0 == "1.3.6.1.2.1.99.1.1.1.5.12" ? .integer(2) : $1 }
        let narrowed = plan.narrowed(to: answers)
        let poll = narrowed.fast(answers: later.answers(narrowed.fastRequests), baseline: report)
        #expect(poll.sensors.map(\.oid) == report.sensors.map(\.oid).filter { $0 != "1.3.6.1.2.1.99.1.1.1.4.12" })
    }

    @Test func `the speed follows ifHighSpeed, and stays exact where that only rounds`() throws {
        let recording = try Fixtures.recording("interfaces")
        let (plan, answers, report) = Fixtures.polled(recording, library: Fixtures.library)
        let later = recording.changed { $0 == "1.3.6.1.2.1.31.1.1.1.15.1" ? .gauge32(100) : $1 }
        let narrowed = plan.narrowed(to: answers)
        let poll = narrowed.fast(answers: later.answers(narrowed.fastRequests), baseline: report)
        #expect(poll.samples.map(\.speed) == [100_000_000, 10_000_000_000, 64_000, 10_000_000])
    }
}
