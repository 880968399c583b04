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
    var definitions: [ProbeDefinition]
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

    /// A plan for fast polls alone, of what answered a full one: a device keeps no more of it.
    init(identity: IdentityDefinition, fast definitions: [ProbeDefinition], narrowedTo extent: AnsweredExtent) {
        self.identity = identity
        self.definitions = definitions
        full = Asking(full: [])
        fast = Asking(fast: definitions, uptime: identity.uptime, narrowedTo: extent)
    }

    /// What a full poll learned; `answers` aligned with `fullRequests` (an empty one where a table did not answer), `contexts`
    /// what `contextRequests(after:)` brought.
    package func report(
        identity answered: VariableBindings, answers: [VariableBindings], contexts: [ContextAnswer] = []
    ) -> DeviceReport {
        var report = DeviceReport()
        report.facts = identity.facts(answered)
        collectInterfaces(answers, into: &report)
        let resolver = InterfaceResolver(report.interfaces)
        let tables = definitions.enumerated().map { position, definition in
            full.tables(of: position, definition, answers: answers)
        }
        let doubles = doubles(tables)
        for (position, (definition, tables)) in zip(definitions, tables).enumerated() {
            let entries = definition.without(doubles[definition.id] ?? [])
            for sensor in entries.sensors { report.sensors += sensor.readings(tables) }
            for gauge in entries.gauges { report.gauges += gauge.readings(tables) }
            for inventory in entries.inventory { report.inventory += inventory.items(tables) }
            for facts in definition.facts { facts.complete(&report.facts, from: tables, identity: answered) }
            definition.links.collect(tables, resolver, into: &report)
            collect(contexts, of: position, tables, resolver, into: &report)
        }
        report.settleLinks()
        return report
    }

    /// By definition, the kinds of entries that another definition tells better.
    func doubles(_ answers: [VariableBindings]) -> [String: Set<EntryKind>] {
        doubles(definitions.enumerated().map { full.tables(of: $0, $1, answers: answers) })
    }

    private func doubles(_ tables: [[AnswerTable]]) -> [String: Set<EntryKind>] {
        var doubles: [String: Set<EntryKind>] = [:]
        for (definition, tables) in zip(definitions, tables) where !definition.replaced.isEmpty {
            let found = definition.kindsFound(in: tables)
            for (other, kinds) in definition.replaced { doubles[other, default: []].formUnion(kinds.intersection(found)) }
        }
        return doubles
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

extension EntryKind {
    init(_ kind: Gauge.Kind) {
        self =
            switch kind {
            case .processor: .processors
            case .memory: .memory
            case .storage: .storage
            case .supply: .supplies
            }
    }
}

extension ProbeDefinition {
    /// The definition without its entries of some kinds; columns that only those asked for at each poll are not asked.
    func without(_ kinds: Set<EntryKind>) -> ProbeDefinition {
        guard !kinds.isEmpty else { return self }
        var rest = self
        if kinds.contains(.sensors) { rest.sensors = [] }
        if kinds.contains(.inventory) { rest.inventory = [] }
        rest.gauges.removeAll { kinds.contains(EntryKind($0.kind)) }
        rest.markLiveColumns()
        return rest
    }

    fileprivate func kindsFound(in tables: [AnswerTable]) -> Set<EntryKind> {
        var found: Set<EntryKind> = []
        if sensors.contains(where: { !$0.values(tables).isEmpty }) { found.insert(.sensors) }
        if inventory.contains(where: { !$0.items(tables).isEmpty }) { found.insert(.inventory) }
        for gauge in gauges where !found.contains(EntryKind(gauge.kind)) && !gauge.values(tables).isEmpty {
            found.insert(EntryKind(gauge.kind))
        }
        return found
    }

    /// Columns that carry a sensor's or gauge's value are asked at each poll, and those that the file names `live`.
    mutating func markLiveColumns() {
        for table in tables.indices {
            for column in tables[table].columns.indices {
                tables[table].columns[column].isLive = tables[table].columns[column].isLiveByName
            }
        }
        for sensor in sensors { mark(sensor.value.columns, of: sensor.source) }
        for gauge in gauges { mark(gauge.valueColumns, of: gauge.source) }
    }

    private mutating func mark(_ columns: [ColumnReference], of source: RowSource) {
        for column in columns {
            let table = source.table(of: column)
            if let asked = tables[table].asked(column.column) { tables[table].columns[asked].isLive = true }
        }
    }
}
