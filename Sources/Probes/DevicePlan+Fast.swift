package import Campus

extension DevicePlan {
    /// The same plan, asking from now on only for the tables that answered a full poll; it remembers scales and kinds.
    package func narrowed(to answers: [VariableBindings]) -> DevicePlan {
        let doubles = doubles(answers)
        let extent = AnsweredExtent(rows: full.answeredColumns(answers), narrowCounters: narrowCounters(answers))
        let rest = definitions.map { $0.without(doubles[$0.id] ?? []) }
        let asked = Asking(fast: rest, uptime: identity.uptime, narrowedTo: extent)
        let kept = rest.indices.filter { asked.asks($0) || rest[$0].interfaces != nil }
        var plan = DevicePlan(identity: identity, fast: kept.map { rest[$0] }, narrowedTo: extent)
        plan.remembered = kept.map { position in
            let definition = rest[position]
            return definition.tables.enumerated().map { table, shape in
                let columns = definition.columnsForValues(of: table)
                guard let route = full.routes[position][table], route < answers.count, !columns.isEmpty else {
                    return VariableBindings()
                }
                return answers[route].kept(of: shape, columns: columns)
            }
        }
        return plan
    }

    /// What a fast poll says; `answers` aligned with `fastRequests`, `baseline` the report of the full poll that the plan was
    /// narrowed to (names and facts are its).
    package func fast(answers: [VariableBindings], baseline: DeviceReport) -> FastPoll {
        var poll = FastPoll()
        poll.samples = samples(answers, baseline: baseline.interfaces)
        if let scalars = answers.first { poll.uptime = identity.seconds(scalars) }
        guard !remembered.isEmpty else { return poll }
        var sensors = Matching(baseline.sensors)
        var gauges = Matching(baseline.gauges)
        for (position, definition) in definitions.enumerated() where !(definition.sensors.isEmpty && definition.gauges.isEmpty) {
            guard fast.asks(position) else { continue }
            let tables = fast.tables(of: position, definition, answers: answers, remembered: remembered[position])
            for sensor in definition.sensors where asksValue(of: position, sensor.source, sensor.value.columns) {
                for (row, value) in sensor.values(tables) {
                    guard let known = sensors.next(row.identifier(sensor.anchor), { $0.sensorClass == value.sensorClass }) else {
                        continue
                    }
                    poll.sensors.append(known.updated(by: value))
                }
            }
            for gauge in definition.gauges where asksValue(of: position, gauge.source, gauge.valueColumns) {
                guard let anchor = gauge.anchor else { continue }
                for (row, value) in gauge.values(tables) {
                    guard let known = gauges.next(row.identifier(anchor), { $0.kind == gauge.kind }) else { continue }
                    poll.gauges.append(known.updated(by: value))
                }
            }
        }
        return poll
    }

    /// Whether a fast poll asks for what a value is made from.
    private func asksValue(of position: Int, _ source: RowSource, _ columns: [ColumnReference]) -> Bool {
        columns.contains { fast.asks(position, table: source.table(of: $0)) }
    }

    /// The counters that some interface tells by a 32-bit column only.
    private func narrowCounters(_ answers: [VariableBindings]) -> Set<InterfaceCounter> {
        let narrow = collected(answers, full).samples.reduce(UInt16(0)) { $0 | ($1.present & ~$1.wide) }
        return Set(InterfaceCounter.allCases.filter { narrow & (1 << UInt16($0.rawValue)) != 0 })
    }

    private func samples(_ answers: [VariableBindings], baseline: [Interface]) -> [InterfaceSample] {
        let collector = collected(answers, fast, expected: baseline.count)
        var samples = collector.samples
        var known = 0
        for place in samples.indices {
            while known < baseline.count, baseline[known].index < samples[place].index { known += 1 }
            let speed = known < baseline.count && baseline[known].index == samples[place].index ? baseline[known].speed : nil
            samples[place].speed = collector.speeds[place].bitsPerSecond(known: speed) ?? 0
        }
        return samples
    }
}

extension DevicePlan {
    /// The interfaces of a poll.
    func collected(
        _ answers: [VariableBindings], _ asking: Asking, wantsDetails: Bool = false, expected: Int = 0
    ) -> InterfaceCollector {
        var collector = InterfaceCollector(wantsDetails: wantsDetails, expected: expected)
        for (answer, columns) in zip(answers, asking.interfaceColumns) where !columns.isEmpty {
            collector.read(answer, columns: columns)
        }
        collector.finish()
        return collector
    }
}

/// Finds each baseline entry again: they come in the same order, so the next one is nearly always right.
private struct Matching<Entry: Identified> {
    private let entries: [Entry]
    private var cursor = 0
    private var places: [ObjectIdentifier: [Int]] = [:]

    init(_ entries: [Entry]) { self.entries = entries }

    mutating func next(_ identifier: ObjectIdentifier, _ fits: (Entry) -> Bool) -> Entry? {
        if cursor < entries.count, entries[cursor].oid == identifier, fits(entries[cursor]) {
            cursor += 1
            return entries[cursor - 1]
        }
        if places.isEmpty { places = Dictionary(grouping: entries.indices) { entries[$0].oid } }
        guard let place = places[identifier]?.first(where: { fits(entries[$0]) }) else { return nil }
        cursor = place + 1
        return entries[place]
    }
}

private protocol Identified {
    var oid: ObjectIdentifier { get }
}

extension SensorReading: Identified {}
extension Gauge: Identified {}

extension VariableBindings {
    /// The cells of a table that a later poll does not ask again.
    fileprivate func kept(of table: TableDefinition, columns: Set<Int>) -> VariableBindings {
        var kept = VariableBindings()
        for binding in 0..<count {
            guard let arcs = index(binding, after: table.root), let column = table.place(of: arcs)?.column,
                columns.contains(column), !table.columns[column].isLive, hasValue(binding)
            else { continue }
            kept.append(name: name(binding), value: value(binding))
        }
        return kept
    }
}
