import Campus
import Definitions

/// Reads the entries of a definition: sensors, gauges, inventory and facts, which name columns of its tables.
struct EntryParser {
    let tables: [TableDefinition]
    let problems: Problems

    /// `prefix` stands before the class in the program, though not in the file.
    func sensor(_ fields: Reader, prefix: String = "") -> SensorDefinition? {
        defer { fields.finish() }
        guard let source = source(fields) else { return nil }
        let scope = ColumnScope(source: source, tables: tables, problems: problems)
        guard let sensorClass = sensorClass(fields, scope, prefix: prefix), fields.requiredString("value") != nil,
            let value = scope.operand("value", fields)
        else { return nil }
        guard let anchor = value.columns.first else {
            fields.complain(fields.element("value") ?? fields.element, "`value` names no column", "name the column that tells it")
            return nil
        }
        var sensor = SensorDefinition(
            source: scope.filtered(fields), sensorClass: sensorClass, name: scope.templates("name", fields), value: value,
            anchor: anchor)
        sensor.combination = scope.combination(fields)
        sensor.limit = fields.integer("limit", in: 1...100_000)
        sensor.alone = scope.templates("alone", fields).first
        sensor.scaling = scope.scaling(fields)
        sensor.states = states(fields)
        return sensor
    }

    func gauge(_ fields: Reader, _ kind: Gauge.Kind) -> GaugeDefinition? {
        defer { fields.finish() }
        guard let source = source(fields) else { return nil }
        let scope = ColumnScope(source: source, tables: tables, problems: problems)
        var gauge = GaugeDefinition(kind: kind, source: scope.filtered(fields), name: scope.templates("name", fields))
        gauge.type = scope.type(fields)
        gauge.alone = scope.templates("alone", fields).first
        gauge.scaling = scope.scaling(fields)
        gauge.percent = scope.operand(kind == .supply ? "level" : "percent", fields)
        gauge.used = scope.operand("used", fields)
        gauge.free = scope.operand("free", fields)
        gauge.total = scope.operand("total", fields)
        gauge.unit = scope.operands("unit", fields).first ?? .constant(1)
        gauge.less = scope.conditions("less", fields)
        gauge.totalOf = scope.conditions("total_of", fields)
        gauge.combination = scope.combination(fields)
        gauge.limit = fields.integer("limit", in: 1...100_000)
        let sizes = [gauge.total, gauge.used, gauge.free].compactMap(\.self).count
        guard gauge.anchor != nil, gauge.percent != nil || sizes >= 2 else {
            fields.complain(
                fields.element, "neither `percent` nor two of `total`, `used` and `free`", "name the columns that tell the share")
            return nil
        }
        return gauge
    }

    func inventory(_ fields: Reader) -> InventoryDefinition? {
        defer { fields.finish() }
        guard let source = source(fields) else { return nil }
        let scope = ColumnScope(source: source, tables: tables, problems: problems)
        var inventory = InventoryDefinition(
            source: scope.filtered(fields), index: scope.column("index", fields), parent: scope.column("parent", fields))
        for field in InventoryField.allCases {
            if let column = scope.column(field.rawValue, fields) { inventory.fields.append((field, column)) }
        }
        return inventory
    }

    func facts(_ fields: Reader) -> FactsDefinition? {
        defer { fields.finish() }
        let source = fields.has("table") ? source(fields) : nil
        let scope = ColumnScope(source: source, tables: tables, problems: problems)
        var facts = FactsDefinition(match: DeviceMatch(fields, problems), source: source == nil ? nil : scope.filtered(fields))
        for field in FactField.allCases {
            let templates = scope.templates(field.rawValue, fields)
            if !templates.isEmpty { facts.fields.append((field, templates)) }
        }
        return facts
    }

    func interfaces(_ fields: Reader) -> InterfaceDefinition {
        defer { fields.finish() }
        var interfaces = InterfaceDefinition()
        for role in InterfaceRole.all {
            let found = fields.has(role.key) ? locations(role.key, fields) : []
            if found.count > 2 {
                fields.complain(
                    fields.element(role.key) ?? fields.element, "`\(role.key)` has \(found.count) columns",
                    "name one, and one to fall back on")
            }
            for (place, (table, column)) in found.prefix(2).enumerated() {
                interfaces.columns.append((role, InterfaceColumn(table: table, column: column, isFallback: place > 0)))
            }
        }
        for element in fields.list("each_poll") {
            let word = element.text ?? ""
            if let role = InterfaceRole.all.first(where: { $0.key == word }) {
                interfaces.eachPoll.insert(role)
            } else {
                fields.complain(element, "no interface column `\(word)`", suggestion(word, among: InterfaceRole.all.map(\.key)))
            }
        }
        return interfaces
    }

    /// The `table.column` texts of a key, which may be one or a list.
    private func locations(_ key: String, _ fields: Reader) -> [(table: Int, column: Int)] {
        guard let element = fields.element(key) else { return [] }
        var elements = [element]
        if case .sequence(let list) = element.value { elements = list }
        return elements.compactMap { element in
            let parts = (element.text ?? "").split(separator: ".").map { String($0) }
            if parts.count == 2, let table = tables.firstIndex(where: { $0.name == parts[0] }),
                let column = tables[table].column(parts[1])
            {
                return (table, column)
            }
            fields.complain(
                element, "`\(element.text ?? element.kind)` is no column", "write table.column with names from `tables`")
            return nil
        }
    }

    func source(_ fields: Reader) -> RowSource? {
        guard let name = fields.requiredString("table"), let table = position(name, fields.element("table") ?? fields.element)
        else { return nil }
        var source = RowSource(table: table)
        guard let joins = fields.mapping("join") else { return source }
        for name in joins.names {
            guard let join = joins.mapping(name) else { continue }
            defer { join.finish() }
            if let read = self.join(name, join, ColumnScope(source: source, tables: tables, problems: problems)) {
                source.joins.append(read)
            }
        }
        return source
    }

    /// A join; `scope` holds the columns of the entry's table and of the joins before.
    private func join(_ name: String, _ fields: Reader, _ scope: ColumnScope) -> RowSource.Join? {
        guard let other = fields.requiredString("table"), let table = position(other, fields.element("table") ?? fields.element)
        else { return nil }
        var key = tables[table].isScalar ? RowSource.Join.Key.scalars : .index
        if let by = fields.string("by"), by != "index" {
            guard let column = scope.reference(by, at: fields.element("by") ?? fields.element) else { return nil }
            key = .pointer(column)
            if let on = fields.string("on") {
                guard let partner = partner(on, of: table, fields.element("on") ?? fields.element) else { return nil }
                key = .text(column, on: partner)
            }
        } else if fields.has("on") {
            fields.complain(fields.element, "`on` needs `by`", "name the column whose text the partner's `on` has")
        }
        var join = RowSource.Join(name: name, table: table, key: key)
        if let climb = fields.string("climb") {
            guard let column = partner(climb, of: table, fields.element("climb") ?? fields.element) else { return nil }
            let own = ColumnScope(source: RowSource(table: table), tables: tables, problems: problems)
            join.climb = RowSource.Join.Climb(column: column, until: own.conditions("until", fields))
        }
        return join
    }

    private func partner(_ name: String, of table: Int, _ element: Element) -> Int? {
        if let column = tables[table].column(name) { return column }
        problems.add(element.problem("no column `\(name)`", remedy: suggestion(name, among: tables[table].columns.map(\.name))))
        return nil
    }

    func position(_ name: String, _ element: Element) -> Int? {
        if let position = tables.firstIndex(where: { $0.name == name }) { return position }
        problems.add(element.problem("no table `\(name)`", remedy: suggestion(name, among: tables.map(\.name))))
        return nil
    }

    private func sensorClass(_ fields: Reader, _ scope: ColumnScope, prefix: String) -> SensorDefinition.Class? {
        if let element = fields.element("class"), case .mapping = element.value {
            let inner = Reader(element, problems)
            defer { inner.finish() }
            return scope.required("column", inner).map { .column($0) }
        }
        if !fields.has("class") { fields.complain(fields.element, "`class` is missing", "add e.g. `class: temperature`") }
        return fields.sensorClass("class", prefix: prefix).map { .fixed($0) }
    }

    /// `2: [normal, ok]`: the device's word and what it means.
    func states(_ fields: Reader) -> [String: SensorDefinition.State] {
        guard let states = fields.mapping("states") else { return [:] }
        var read: [String: SensorDefinition.State] = [:]
        for raw in states.names {
            let pair = states.strings(raw)
            if pair.count == 2, let state = SensorState(rawValue: pair[1]) {
                read[raw] = SensorDefinition.State(text: pair[0], state: state)
            } else {
                states.complain(
                    states.element(raw) ?? states.element, "`\(raw)` must be a word and a state",
                    "write e.g. [normal, ok]; states are ok, warning, critical, unknown")
            }
        }
        return read
    }
}
