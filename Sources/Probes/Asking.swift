import Campus

/// What a full poll found: how far a narrowed plan has to ask.
struct AnsweredExtent {
    /// How many rows each column had; one that had none is absent.
    var rows: [ObjectIdentifier: Int]
    /// Counters for which the preferred column does not do for every interface.
    var narrowCounters: Set<InterfaceCounter>
}

/// The requests of one kind of poll, and the way from each table to the answer that holds it.
struct Asking: Sendable {
    private(set) var requests: [TableRequest] = []
    /// By definition and table, the request that asks for it; nil when none does.
    private(set) var routes: [[Int?]] = []
    /// By request, the interface columns to read from its answer.
    private(set) var interfaceColumns: [[InterfaceCollector.Column]] = []
    /// By request, the entry object of the table that it walks; nil for scalars and interfaces.
    private var roots: [ObjectIdentifier?] = []

    /// A full poll: all scalars by GET, then each table once, whatever number of definitions names it.
    init(full definitions: [ProbeDefinition]) {
        add("scalars", scalars: [])
        for definition in definitions {
            routes.append(definition.tables.map { table in route(table, columns: Array(table.columns.indices), rows: nil) })
        }
        for (position, definition) in definitions.enumerated() {
            for (role, column) in definition.interfaces?.columns ?? [] {
                guard let route = routes[position][column.table] else { continue }
                interfaceColumns[route].append(definition.collected(role, column))
            }
        }
    }

    /// A fast poll: sysUpTime, the interfaces, and the live columns that had rows at the full poll.
    init(fast definitions: [ProbeDefinition], uptime: ObjectIdentifier?, narrowedTo extent: AnsweredExtent?) {
        let rows = extent?.rows
        add("scalars", scalars: uptime.map { [$0] } ?? [])
        addInterfaces(definitions.flatMap { $0.polledInterfaceColumns(extent) }, rows: rows)
        for definition in definitions {
            routes.append(
                definition.tables.map { table in
                    let live = table.columns.indices.filter { table.columns[$0].isLive && rows?[table.identifier($0)] != nil }
                    return live.isEmpty
                        ? nil : route(table, columns: live, rows: live.compactMap { rows?[table.identifier($0)] }.max())
                })
        }
    }

    /// The tables of one definition with their answers, in the definition's order.
    func tables(
        of position: Int, _ definition: ProbeDefinition, answers: [VariableBindings], remembered: [VariableBindings] = []
    ) -> [AnswerTable] {
        definition.tables.enumerated().map { table, shape in
            var sources = table < remembered.count ? [remembered[table]] : []
            if let route = routes[position][table], route < answers.count { sources.append(answers[route]) }
            return AnswerTable(shape, sources: sources)
        }
    }

    /// Whether any table of the definition is asked.
    func asks(_ position: Int) -> Bool { routes[position].contains { $0 != nil } }

    func asks(_ position: Int, table: Int) -> Bool { routes[position][table] != nil }

    /// How many rows each requested column had, by column; one that had none is absent.
    func answeredColumns(_ answers: [VariableBindings]) -> [ObjectIdentifier: Int] {
        var rows: [ObjectIdentifier: Int] = [:]
        for (request, answer) in zip(requests, answers) {
            switch request.kind {
            case .scalars(let instances):
                // As a column's `identifier` has it: the object, and for what has no .0 the instance.
                let asked = Set(instances)
                for binding in 0..<answer.count where answer.hasValue(binding) {
                    let instance = ObjectIdentifier(Array(answer.name(binding)))
                    guard asked.contains(instance) else { continue }
                    rows[instance] = 1
                    rows[ObjectIdentifier(Array(instance.arcs.dropLast()))] = 1
                }
            case .columns(let columns): Self.count(columns, in: answer, &rows)
            }
        }
        return rows
    }

    private static func count(_ columns: [ObjectIdentifier], in answer: VariableBindings, _ rows: inout [ObjectIdentifier: Int]) {
        var next = 0
        for binding in 0..<answer.count where answer.hasValue(binding) {
            for step in 0..<columns.count {
                let column = (next + step) % columns.count
                guard answer.index(binding, after: columns[column]) != nil else { continue }
                rows[columns[column], default: 0] += 1
                next = column + 1
                break
            }
        }
    }

    private mutating func add(_ name: String, scalars: [ObjectIdentifier]) {
        requests.append(TableRequest(name: name, kind: .scalars(scalars)))
        interfaceColumns.append([])
        roots.append(nil)
    }

    private mutating func addInterfaces(_ columns: [InterfaceCollector.Column], rows: [ObjectIdentifier: Int]?) {
        guard !columns.isEmpty else { return }
        let expected = columns.compactMap { rows?[$0.identifier] }.max()
        requests.append(TableRequest(name: "interfaces", kind: .columns(columns.map(\.identifier)), expectedRows: expected))
        interfaceColumns.append(columns)
        roots.append(nil)
    }

    private mutating func route(_ table: TableDefinition, columns: [Int], rows: Int?) -> Int? {
        var wanted: [ObjectIdentifier] = []
        for column in columns {
            if let identifier = table.request(column), !wanted.contains(identifier) { wanted.append(identifier) }
        }
        guard !wanted.isEmpty else { return nil }
        if table.isScalar {
            requests[0].extend(by: wanted)
            return 0
        }
        if let known = roots.firstIndex(of: table.root) {
            requests[known].extend(by: wanted)
            return known
        }
        requests.append(TableRequest(name: table.name, kind: .columns(wanted), expectedRows: rows))
        interfaceColumns.append([])
        roots.append(table.root)
        return requests.count - 1
    }
}

extension TableRequest {
    fileprivate mutating func extend(by identifiers: [ObjectIdentifier]) {
        switch kind {
        case .scalars(let known): kind = .scalars(known + identifiers.filter { !known.contains($0) })
        case .columns(let known): kind = .columns(known + identifiers.filter { !known.contains($0) })
        }
    }

}

extension ProbeDefinition {
    fileprivate func collected(_ role: InterfaceRole, _ column: InterfaceColumn) -> InterfaceCollector.Column {
        let table = tables[column.table]
        return InterfaceCollector.Column(
            identifier: table.identifier(column.column), role: role, isFallback: column.isFallback,
            names: table.columns[column.column].names)
    }

    /// The interface columns of a fast poll; a column to fall back on only where some interface needs it.
    fileprivate func polledInterfaceColumns(_ extent: AnsweredExtent?) -> [InterfaceCollector.Column] {
        guard let interfaces else { return [] }
        let columns = interfaces.columns.filter { interfaces.eachPoll.contains($0.role) }.map { collected($0.role, $0.column) }
        guard let extent else { return columns.filter { !$0.isFallback } }
        return columns.filter { column in
            guard extent.rows[column.identifier] != nil else { return false }
            guard column.isFallback, case .counter(let counter) = column.role else { return !column.isFallback }
            return extent.narrowCounters.contains(counter)
        }
    }

    /// The columns of a table that values, scales, joins and conditions are made from; names are not needed again.
    func columnsForValues(of table: Int) -> Set<Int> {
        var found: Set<Int> = []
        let take = { (source: RowSource, references: [ColumnReference]) in
            for reference in references where source.table(of: reference) == table { found.insert(reference.column) }
            for join in source.joins where join.table == table {
                if case .text(_, let column) = join.key { found.insert(column) }
                guard let climb = join.climb else { continue }
                found.insert(climb.column)
                found.formUnion(climb.until.flatMap { $0.tests.map(\.column.column) })
            }
        }
        for sensor in sensors { take(sensor.source, sensor.references) }
        for gauge in gauges { take(gauge.source, gauge.references) }
        return Set(found.compactMap { tables[table].asked($0) })
    }
}

extension RowSource {
    var references: [ColumnReference] {
        joins.compactMap { join in
            switch join.key {
            case .pointer(let column), .text(let column, _): column
            case .index, .scalars: nil
            }
        } + (only + skip).flatMap { $0.tests.map(\.column) }
    }
}

extension SensorDefinition {
    fileprivate var references: [ColumnReference] {
        var references = source.references + value.columns + scaling.columns + (combination?.group ?? [])
        if case .column(let column) = sensorClass { references.append(column) }
        return references
    }
}

extension GaugeDefinition {
    /// What its value is worked out from.
    var valueColumns: [ColumnReference] { [percent, used, free, total].flatMap { $0?.columns ?? [] } }

    fileprivate var references: [ColumnReference] {
        source.references + valueColumns + unit.columns + scaling.columns + (less + totalOf).flatMap { $0.tests.map(\.column) }
            + (combination?.group ?? [])
    }
}
