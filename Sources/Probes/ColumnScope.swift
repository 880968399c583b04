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

    /// Numbers, columns or formulas: one or a list of them.
    func operands(_ key: String, _ fields: Reader) -> [Operand] {
        elements(key, fields).compactMap { operand($0) }
    }

    func operand(_ key: String, _ fields: Reader) -> Operand? {
        fields.element(key).flatMap { $0.isNull ? nil : operand($0) }
    }

    /// A number, a column, or a formula that begins with `=`.
    private func operand(_ element: Element) -> Operand? {
        let text = element.text ?? ""
        if let number = Double(text), number.isFinite { return .constant(number) }
        guard text.hasPrefix("=") else { return reference(text, at: element).map { .column($0) } }
        let before = problems.all.count
        var parser = FormulaParser(text.dropFirst()) { reference($0, at: element) }
        do {
            return .formula(try parser.formula())
        } catch {
            if problems.all.count == before {
                problems.add(element.problem("`\(text)` is no formula: \(error.reason)", remedy: "write e.g. \"= 100 - idle\""))
            }
            return nil
        }
    }

    /// `type` of a volume: a column where there is one of that name, else a word or template.
    func type(_ fields: Reader) -> NameTemplate? {
        guard let element = fields.element("type"), let text = element.text else { return nil }
        if let known = known(text) { return NameTemplate(parts: [.column(known)]) }
        return template(text, at: element)
    }

    func combination(_ fields: Reader) -> Combination? {
        guard let way = fields.choice("combine", Combination.Way.self) else { return nil }
        return Combination(way: way, group: elements("group", fields).compactMap { reference($0.text ?? "", at: $0) })
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
        if text.hasPrefix("~"), let expression = TextExpression(SNMPText.trimmed(String(text.dropFirst())), at: element, problems)
        {
            return .like(expression)
        }
        if text.hasPrefix("!=") { return .noneOf([TextPattern(SNMPText.trimmed(String(text.dropFirst(2))))]) }
        if let limit = limit(text, "<=") { return .atMost(limit) }
        if let limit = limit(text, ">=") { return .atLeast(limit) }
        if let limit = limit(text, "<") { return .below(limit) }
        if let limit = limit(text, ">") { return .above(limit) }
        return .oneOf([TextPattern(text)])
    }

    private func limit(_ text: String, _ sign: String) -> Double? {
        text.hasPrefix(sign) ? Double(String(text.dropFirst(sign.count).drop { $0 == " " })) : nil
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
        if let known = known(name) { return known }
        let own = tables[source.table].columns.map(\.name)
        let joined = source.joins.flatMap { join in tables[join.table].columns.map { "\(join.name).\($0.name)" } }
        problems.add(element.problem("no column `\(name)`", remedy: suggestion(name, among: own + joined)))
        return nil
    }

    private func known(_ name: String) -> ColumnReference? {
        guard let source else { return nil }
        if let column = tables[source.table].column(name) { return ColumnReference(table: 0, column: column) }
        let parts = name.split(separator: ".", maxSplits: 1).map { String($0) }
        guard parts.count == 2, let join = source.joins.firstIndex(where: { $0.name == parts[0] }),
            let column = tables[source.joins[join].table].column(parts[1])
        else { return nil }
        return ColumnReference(table: join + 1, column: column)
    }

    func elements(_ key: String, _ fields: Reader) -> [Element] {
        guard let element = fields.element(key), !element.isNull else { return [] }
        if case .sequence(let list) = element.value { return list }
        return [element]
    }
}

extension TextExpression {
    /// A regular expression of a definition; one that is none is told.
    init?(_ pattern: String, at element: Element, _ problems: Problems) {
        do {
            try self.init(pattern)
        } catch {
            problems.add(
                element.problem(
                    "`\(pattern)` is no regular expression: \(error.reason)",
                    remedy: "see \"Regular expressions\" in reference/probes.md"))
            return nil
        }
    }
}
