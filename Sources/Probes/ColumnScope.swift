import Campus
import Definitions

/// The columns that an entry can name: its table's by their names, a joined table's as `join.column`.
struct ColumnScope {
    let source: RowSource?
    let tables: [TableDefinition]
    let problems: Problems

    func required(_ key: String, _ fields: Reader) -> ColumnReference? {
        guard let name = fields.requiredString(key) else { return nil }
        return reference(name, at: fields.element(key) ?? fields.element)
    }

    func column(_ key: String, _ fields: Reader) -> ColumnReference? {
        guard let name = fields.string(key) else { return nil }
        return reference(name, at: fields.element(key) ?? fields.element)
    }

    /// A number or a column, or a list of them.
    func operands(_ key: String, _ fields: Reader) -> [Operand] {
        elements(key, fields).compactMap { element in
            let text = element.text ?? ""
            if let number = Double(text), number.isFinite { return .constant(number) }
            return reference(text, at: element).map { .column($0) }
        }
    }

    func scaling(_ fields: Reader) -> Scaling {
        Scaling(
            multiply: operands("multiply", fields), divide: operands("divide", fields), precision: column("precision", fields),
            offset: fields.double("offset") ?? 0)
    }

    /// The source with the entry's `only` and `skip`.
    func filtered(_ fields: Reader) -> RowSource {
        var filtered = source ?? RowSource(table: 0)
        filtered.only = conditions("only", fields)
        filtered.skip = conditions("skip", fields)
        return filtered
    }

    /// A list of mappings from column to test; within a mapping all must hold.
    func conditions(_ key: String, _ fields: Reader) -> [RowCondition] {
        elements(key, fields).map { element in
            let tests = Reader(element, problems)
            return RowCondition(
                tests: tests.names.compactMap { name in
                    guard let value = tests.element(name), let column = reference(name, at: value) else { return nil }
                    return (column, test(value))
                })
        }
    }

    private func test(_ element: Element) -> RowCondition.Test {
        if case .sequence(let list) = element.value { return .oneOf(list.compactMap { $0.text.map { TextPattern($0) } }) }
        let text = element.text ?? ""
        switch text {
        case "absent": return .absent
        case "present": return .present
        default: break
        }
        if let limit = limit(text, "<") { return .below(limit) }
        if let limit = limit(text, ">") { return .above(limit) }
        return .oneOf([TextPattern(text)])
    }

    private func limit(_ text: String, _ sign: Character) -> Double? {
        guard text.first == sign else { return nil }
        return Double(String(text.dropFirst().drop { $0 == " " }))
    }

    /// A template, or a list of them of which the first that is complete names the row.
    func templates(_ key: String, _ fields: Reader) -> [NameTemplate] {
        elements(key, fields).compactMap { element in
            element.text.flatMap { template($0, at: element) }
        }
    }

    func template(_ text: String, at element: Element) -> NameTemplate? {
        var parts: [NameTemplate.Part] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            guard let close = rest[open...].firstIndex(of: "}") else {
                problems.add(element.problem("`{` without `}`", remedy: "close the brace"))
                return nil
            }
            if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
            switch String(rest[rest.index(after: open)..<close]) {
            case "index": parts.append(.index)
            case "number": parts.append(.number)
            case let name:
                guard let column = reference(name, at: element) else { return nil }
                parts.append(.column(column))
            }
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
        return NameTemplate(parts: parts)
    }

    func reference(_ name: String, at element: Element) -> ColumnReference? {
        guard let source else {
            problems.add(element.problem("`\(name)` needs a table", remedy: "add `table:`"))
            return nil
        }
        let parts = name.split(separator: ".", maxSplits: 1).map { String($0) }
        if parts.count == 1, let column = tables[source.table].column(name) { return ColumnReference(table: 0, column: column) }
        if parts.count == 2, let join = source.joins.firstIndex(where: { $0.name == parts[0] }),
            let column = tables[source.joins[join].table].column(parts[1])
        {
            return ColumnReference(table: join + 1, column: column)
        }
        let own = tables[source.table].columns.map(\.name)
        let joined = source.joins.flatMap { join in tables[join.table].columns.map { "\(join.name).\($0.name)" } }
        problems.add(element.problem("no column `\(name)`", remedy: suggestion(name, among: own + joined)))
        return nil
    }

    func elements(_ key: String, _ fields: Reader) -> [Element] {
        guard let element = fields.element(key), !element.isNull else { return [] }
        if case .sequence(let list) = element.value { return list }
        return [element]
    }
}
