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
        definition.contexts = LinkEntryParser(entries: entries).contexts(reader)
        definition.replaced = replaced()
        definition.traps = reader.list("traps").compactMap { TrapDefinition(Reader($0, problems), problems) }
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
            return TableParser(name: name, fields: fields, problems: problems).table()
        }
    }

    /// `instead_of: {host-resources: [processors, memory]}`
    private func replaced() -> [String: Set<EntryKind>] {
        guard let fields = reader.mapping("instead_of") else { return [:] }
        var replaced: [String: Set<EntryKind>] = [:]
        for name in fields.names {
            for element in fields.list(name) {
                let word = element.text ?? element.kind
                if let kind = EntryKind(rawValue: word) {
                    replaced[name, default: []].insert(kind)
                } else {
                    fields.complain(
                        element, "no entries `\(word)`", suggestion(word, among: EntryKind.allCases.map(\.rawValue)))
                }
            }
        }
        return replaced
    }

    private func identifier(_ text: String, at element: Element) -> ObjectIdentifier? {
        ObjectIdentifier(text, at: element, problems)
    }
}

extension DeviceMatch {
    /// The `match` of a definition or of an entry; one that is absent fits every device.
    init(_ reader: Reader, _ problems: Problems) {
        guard let fields = reader.mapping("match") else { return }
        defer { fields.finish() }
        (objectIDs, descriptions) = Self.conditions(fields, problems)
        present = fields.list("has").compactMap { ObjectIdentifier($0.text ?? "", at: $0, problems) }
        guard let except = fields.mapping("except") else { return }
        (exceptObjectIDs, exceptDescriptions) = Self.conditions(except, problems)
        except.finish()
    }

    private static func conditions(_ fields: Reader, _ problems: Problems) -> ([ObjectIdentifier], [Description]) {
        let descriptions: [Description] = fields.list("description").compactMap { element in
            let text = element.text ?? ""
            guard text.hasPrefix("~") else { return .pattern(TextPattern(text)) }
            return TextExpression(SNMPText.trimmed(String(text.dropFirst())), at: element, problems).map { .like($0) }
        }
        return (fields.list("object_id").compactMap { ObjectIdentifier($0.text ?? "", at: $0, problems) }, descriptions)
    }
}

extension ObjectIdentifier {
    init?(_ text: String, at element: Element, _ problems: Problems) {
        guard let identifier = ObjectIdentifier(text), identifier.arcs.count >= 2 else {
            problems.add(
                element.problem("`\(text)` is no object identifier", remedy: "write numbers with dots, e.g. 1.3.6.1.2.1.2.2.1"))
            return nil
        }
        self = identifier
    }
}
