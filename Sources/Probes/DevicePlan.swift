package import Campus

/// What to ask one device, and what its answers mean.
///
/// A life: `library.plan(identity:)`, one full poll of `fullRequests`, `report(identity:answers:)`, then
/// `narrowed(to:)`, whose `fastRequests` are asked each interval and read by `fast(answers:baseline:)`.
package struct DevicePlan: Sendable {
    /// Everything the device's definitions name; answers are aligned with it.
    package var fullRequests: [TableRequest] { full.requests }

    /// What changes between two polls: sysUpTime, interface counters and status, sensor and gauge values. Before
    /// `narrowed(to:)` only sysUpTime and the interfaces; afterwards also what answered the full poll, with its row counts.
    package var fastRequests: [TableRequest] { fast.requests }

    let identity: IdentityDefinition
    let definitions: [ProbeDefinition]
    let full: Asking
    var fast: Asking
    /// What the full poll told and fast polls do not ask again (scales, kinds), by definition and table.
    var remembered: [[VariableBindings]] = []

    init(identity: IdentityDefinition, definitions: [ProbeDefinition]) {
        self.identity = identity
        self.definitions = definitions
        full = Asking(full: definitions)
        fast = Asking(fast: definitions, uptime: identity.uptime, narrowedTo: nil)
    }

    /// What a full poll learned; `answers` aligned with `fullRequests` (an empty one where a table did not answer).
    package func report(identity answered: VariableBindings, answers: [VariableBindings]) -> DeviceReport {
        var report = DeviceReport()
        report.facts = identity.facts(answered)
        collectInterfaces(answers, into: &report)
        let resolver = InterfaceResolver(report.interfaces)
        for (position, definition) in definitions.enumerated() {
            let tables = full.tables(of: position, definition, answers: answers)
            for sensor in definition.sensors { report.sensors += sensor.readings(tables) }
            for gauge in definition.gauges { report.gauges += gauge.readings(tables) }
            for inventory in definition.inventory { report.inventory += inventory.items(tables) }
            for facts in definition.facts { facts.complete(&report.facts, from: tables) }
            definition.links.collect(tables, resolver, into: &report)
        }
        report.settleLinks()
        return report
    }

    private func collectInterfaces(_ answers: [VariableBindings], into report: inout DeviceReport) {
        let collector = collected(answers, full, wantsDetails: true)
        report.interfaces = collector.details
        report.samples = collector.samples
        for place in report.interfaces.indices {
            report.interfaces[place].complete(from: report.samples[place], speed: collector.speeds[place].bitsPerSecond)
            report.samples[place].speed = report.interfaces[place].speed ?? 0
        }
    }
}

extension Interface {
    /// What other columns say, and the usual stand-ins: the description for a missing name or alias.
    fileprivate mutating func complete(from sample: InterfaceSample, speed: UInt64?) {
        admin = sample.admin
        oper = sample.oper
        self.speed = speed
        if name.isEmpty { name = description }
        if description.isEmpty { description = name }
        if alias.isEmpty { alias = description }
    }
}
