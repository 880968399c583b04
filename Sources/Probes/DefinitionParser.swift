import Campus
import Definitions

/// Reads one definition document; what is wrong goes to the problems, each with its place.
struct DefinitionParser {
    let reader: Reader
    let problems: Problems

    init(_ document: Element, _ problems: Problems) {
        reader = Reader(document, problems)
        self.problems = problems
    }

    func finish() { reader.finish() }

    /// The document's definition; nil when it has no id. Other mistakes show in the problems alone.
    func definition() -> ProbeDefinition? {
        guard let id = reader.requiredString("id"), let title = reader.requiredString("title") else { return nil }
        var definition = ProbeDefinition(id: id, title: title, match: DeviceMatch(reader, problems))
        definition.tables = tables()
        let entries = EntryParser(tables: definition.tables, problems: problems)
        definition.interfaces = reader.mapping("interfaces").map { entries.interfaces($0) }
        definition.sensors =
            reader.list("sensors").compactMap { entries.sensor(Reader($0, problems)) }
            + reader.list("wireless").compactMap { entries.sensor(Reader($0, problems), prefix: "wireless_") }
        definition.gauges =
            reader.list("processors").compactMap { entries.gauge(Reader($0, problems), .processor) }
            + reader.list("memory").compactMap { entries.gauge(Reader($0, problems), .memory) }
            + reader.list("storage").compactMap { entries.gauge(Reader($0, problems), .storage) }
            + reader.list("supplies").compactMap { entries.gauge(Reader($0, problems), .supply) }
        definition.inventory = reader.list("inventory").compactMap { entries.inventory(Reader($0, problems)) }
        definition.facts = reader.list("device").compactMap { entries.facts(Reader($0, problems)) }
        definition.links = LinkEntryParser(entries: entries).links(reader)
        definition.markLiveColumns()
        return definition
    }

    /// The scalars of `identity:`; nil when the document has none.
    func identity() -> IdentityDefinition? {
        guard let fields = reader.mapping("identity") else { return nil }
        var identity = IdentityDefinition()
        for field in IdentityDefinition.Field.allCases {
            if let text = fields.requiredString(field.rawValue) {
                identity.instances[field] = identifier(text, at: fields.element(field.rawValue) ?? fields.element)
            }
        }
        fields.finish()
        return identity
    }

    private func tables() -> [TableDefinition] {
        guard let tables = reader.mapping("tables") else { return [] }
        return tables.names.compactMap { name in
            guard let fields = tables.mapping(name) else { return nil }
            defer { fields.finish() }
            return table(name, fields)
        }
    }

    private func table(_ name: String, _ fields: Reader) -> TableDefinition? {
        let isScalar = fields.has("scalars")
        let key = isScalar ? "scalars" : "table"
        guard let text = fields.requiredString(key), let root = identifier(text, at: fields.element(key) ?? fields.element),
            let columns = fields.mapping("columns")
        else {
            if !fields.has("columns") { fields.complain(fields.element, "`columns` is missing", "add `columns: {name: number}`") }
            return nil
        }
        let live = Set(fields.strings("live"))
        let read = columns.names.compactMap { column(named: $0, columns, isLive: live.contains($0)) }
        for name in live.subtracting(columns.names).sorted() {
            fields.complain(
                fields.element("live") ?? fields.element, "no column `\(name)`", suggestion(name, among: columns.names))
        }
        return TableDefinition(name: name, root: root, isScalar: isScalar, columns: read)
    }

    private func column(named name: String, _ columns: Reader, isLive: Bool) -> ColumnDefinition? {
        guard let element = columns.element(name) else { return nil }
        var column = ColumnDefinition(name: name, number: 0, isLive: isLive)
        let number: Int?
        if case .mapping = element.value {
            let fields = Reader(element, problems)
            number = fields.integer("column", in: 1...Int(UInt32.max))
            if !fields.has("column") { fields.complain(element, "`column` is missing", "add `column: 1`") }
            column.names = texts(fields.mapping("names"))
            column.numbers = numbers(fields.mapping("numbers"))
            fields.finish()
        } else {
            number = columns.integer(name, in: 1...Int(UInt32.max))
        }
        guard let number, let arc = UInt32(exactly: number) else { return nil }
        column.number = arc
        return column
    }

    private func texts(_ fields: Reader?) -> [String: String] {
        guard let fields else { return [:] }
        return Dictionary(
            fields.names.compactMap { key in fields.string(key).map { (key, $0) } }, uniquingKeysWith: { first, _ in first })
    }

    private func numbers(_ fields: Reader?) -> [String: Double] {
        guard let fields else { return [:] }
        return Dictionary(
            fields.names.compactMap { key in fields.double(key).map { (key, $0) } }, uniquingKeysWith: { first, _ in first })
    }

    private func identifier(_ text: String, at element: Element) -> ObjectIdentifier? {
        ObjectIdentifier(text, at: element, problems)
    }
}

extension ProbeDefinition {
    /// Columns that carry a sensor's or gauge's value are asked at each poll.
    fileprivate mutating func markLiveColumns() {
        for sensor in sensors { mark(sensor.value, of: sensor.source) }
        for gauge in gauges {
            for column in [gauge.percent, gauge.used, gauge.free, gauge.total].compactMap(\.self) {
                mark(column, of: gauge.source)
            }
        }
    }

    private mutating func mark(_ column: ColumnReference, of source: RowSource) {
        let table = column.table == 0 ? source.table : source.joins[column.table - 1].table
        tables[table].columns[column.column].isLive = true
    }
}

extension DeviceMatch {
    /// The `match` of a definition or of an entry; one that is absent fits every device.
    init(_ reader: Reader, _ problems: Problems) {
        guard let fields = reader.mapping("match") else { return }
        objectIDs = fields.list("object_id").compactMap { ObjectIdentifier($0.text ?? "", at: $0, problems) }
        descriptions = fields.strings("description").map { TextPattern($0) }
        fields.finish()
    }
}

extension ObjectIdentifier {
    fileprivate init?(_ text: String, at element: Element, _ problems: Problems) {
        guard let identifier = ObjectIdentifier(text), identifier.arcs.count >= 2 else {
            problems.add(
                element.problem("`\(text)` is no object identifier", remedy: "write numbers with dots, e.g. 1.3.6.1.2.1.2.2.1"))
            return nil
        }
        self = identifier
    }
}
