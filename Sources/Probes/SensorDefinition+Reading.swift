import Campus

extension SensorDefinition {
    /// What one row says, but for its name.
    struct Value {
        var sensorClass: SensorClass
        var value: Double?
        var state: State?
        var raw: Int64?
    }

    /// The rows that have a value, with it.
    func values(_ tables: [AnswerTable]) -> [(row: Row, value: Value)] {
        var found = source.rows(tables).compactMap { row in value(of: row).map { (row: row, value: $0) } }
        if let combination {
            let combined = combination.combined(found.compactMap { entry in entry.value.value.map { (entry.row, $0) } })
            found = combined.compactMap { row, number in
                sensorClass(of: row).map { (row, Value(sensorClass: $0, value: number)) }
            }
        }
        return limit.map { Array(found.prefix($0)) } ?? found
    }

    private func value(of row: Row) -> Value? {
        guard let sensorClass = sensorClass(of: row) else { return nil }
        if sensorClass == .state { return state(of: row) }
        if combination?.way == .count { return row.raw(anchor).map { _ in Value(sensorClass: sensorClass, value: 1) } }
        guard let number = row.value(value), let scaled = scaling.applied(to: number, in: row) else { return nil }
        return Value(sensorClass: sensorClass, value: scaled)
    }

    private func state(of row: Row) -> Value? {
        let raw: String
        if case .formula(let formula) = value {
            guard let number = formula.value(in: row) else { return nil }
            raw = Content.text(of: number)
        } else {
            guard let sent = row.raw(anchor) else { return nil }
            raw = sent
        }
        let state = states[raw] ?? states["*"] ?? State(text: row.text(anchor) ?? raw, state: .unknown)
        return Value(sensorClass: .state, state: state, raw: Int64(raw))
    }

    private func sensorClass(of row: Row) -> SensorClass? {
        switch sensorClass {
        case .fixed(let known): known
        case .column(let column): row.text(column).flatMap { SensorClass(rawValue: $0) }
        }
    }

    /// Every sensor of the table, named.
    func readings(_ tables: [AnswerTable]) -> [SensorReading] {
        let found = values(tables)
        return found.enumerated().map { position, entry in
            var name = found.count == 1 ? alone?.text(entry.row, number: 1) : nil
            for template in self.name where name == nil { name = template.text(entry.row, number: position + 1) }
            let index = entry.row.index.map { String($0) }.joined(separator: ".")
            return SensorReading(
                sensorClass: entry.value.sensorClass, name: name ?? index, value: entry.value.value,
                state: entry.value.state?.state,
                raw: entry.value.raw, text: entry.value.state?.text, oid: entry.row.identifier(anchor))
        }
    }
}

extension SensorReading {
    /// The same sensor with what a later poll says of it.
    func updated(by value: SensorDefinition.Value) -> SensorReading {
        var reading = self
        reading.value = value.value
        reading.state = value.state?.state
        reading.raw = value.raw
        reading.text = value.state?.text
        return reading
    }
}
