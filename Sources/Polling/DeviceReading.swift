package import Campus
import Definitions
package import Probes
package import SNMP

/// All of one device, read once: what `campanile probe` prints and a full poll stores.
package struct DeviceReading: Sendable {
    package var identity: VariableBindings
    package var plan: DevicePlan
    package var answers: [VariableBindings]
    /// What other contexts than the default one answered.
    package var contexts: [ContextAnswer] = []
    package var report: DeviceReport
    package var outcome: SNMPOutcome
    /// Why there is no report, in English; empty when there is one.
    package var reason = ""
    /// Table by table of the plan's full requests, what went wrong; empty when nobody answered.
    package var errors: [String?] = []
    package var pduCount: Int
    package var retries: Int
    package var malformed: Int
    package var duration: Duration

    /// Asks who the device is, then for everything that its plan names.
    package static func read(_ target: SNMPTarget, library: ProbeLibrary, engine: SNMPEngine) async -> DeviceReading {
        let first = await engine.poll(target, [library.identityRequest])
        var identity = first.tables.first ?? VariableBindings()
        let problems = Problems()
        let library = library.completed(for: identity, problems: problems)
        var present: SNMPAnswer?
        if first.outcome == .answered, let more = library.presenceRequest(identity: identity) {
            let answer = await engine.poll(target, [more])
            if let bindings = answer.tables.first { identity.append(bindings) }
            present = answer
        }
        let plan = library.plan(identity: identity)
        var reading = DeviceReading(
            identity: identity, plan: plan, answers: [], report: DeviceReport(), outcome: first.outcome, reason: first.reason,
            pduCount: first.pduCount, retries: first.retries, malformed: first.malformed, duration: first.duration)
        if let present { reading.count(present) }
        guard first.outcome == .answered else { return reading }
        let rest = await engine.poll(target, plan.fullRequests)
        reading.take(rest)
        if reading.outcome == .answered {
            await reading.readContexts(of: target, engine: engine)
            reading.conclude(rest, plan.fullRequests)
            if !problems.isEmpty { reading.report.errors.append("definitions have mistakes: run campanile check") }
        }
        if let engineID = first.engineID, reading.report.facts.engineID == nil {
            reading.report.facts.engineID = engineID.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
        return reading
    }

    private mutating func count(_ answer: SNMPAnswer) {
        pduCount += answer.pduCount
        retries += answer.retries
        malformed += answer.malformed
        duration += answer.duration
    }

    /// Asks in the device's other contexts, such as that of each VLAN. One that keeps silent ends it: a device without contexts
    /// drops what is asked there, and each would cost a timeout.
    private mutating func readContexts(of target: SNMPTarget, engine: SNMPEngine) async {
        for request in plan.contextRequests(after: answers) {
            var there = target
            there.credential = target.credential.inContext(communitySuffix: request.communitySuffix, name: request.name)
            let answer = await engine.poll(there, request.requests)
            count(answer)
            guard answer.outcome == .answered else { return }
            contexts.append(ContextAnswer(request, tables: answer.tables))
        }
    }

    private mutating func take(_ answer: SNMPAnswer) {
        answers = answer.tables
        outcome = answer.outcome
        reason = answer.reason
        errors = answer.tableErrors
        count(answer)
    }

    private mutating func conclude(_ answer: SNMPAnswer, _ requests: [TableRequest]) {
        report = plan.report(identity: identity, answers: answers, contexts: contexts)
        for (request, error) in zip(requests, answer.tableErrors) {
            if let error { report.errors.append("\(request.name): \(error)") }
        }
    }
}
