import Campus
import Definitions

/// Reads one table of a definition: its columns, and those that are made from them.
struct TableParser {
    let name: String
    let fields: Reader
    let problems: Problems

    func table() -> TableDefinition? {
        let isScalar = fields.has("scalars")
        let key = isScalar ? "scalars" : "table"
        guard let text = fields.requiredString(key),
            let root = ObjectIdentifier(text, at: fields.element(key) ?? fields.element, problems),
            let columns = fields.mapping("columns")
        else {
            if !fields.has("columns") { fields.complain(fields.element, "`columns` is missing", "add `columns: {name: number}`") }
            return nil
        }
        let live = Set(fields.strings("live"))
        for name in live.subtracting(columns.names).sorted() {
            fields.complain(
                fields.element("live") ?? fields.element, "no column `\(name)`", suggestion(name, among: columns.names))
        }
        var table = TableDefinition(name: name, root: root, isScalar: isScalar, columns: [])
        for name in columns.names {
            guard let element = columns.element(name) else { continue }
            if ["index", "number"].contains(name) {
                columns.complain(element, "`\(name)` means something else in templates", "give the column another name")
            }
            if var column = column(name, element, columns, before: table.columns) {
                // The same object under a second name is read from the first.
                if case .column(let arcs) = column.source, let first = table.columns.firstIndex(where: { $0.reads(arcs) }) {
                    column.source = .derived(first)
                }
                column.isLiveByName = live.contains(name)
                table.columns.append(column)
            }
        }
        return table
    }

    private func column(_ name: String, _ element: Element, _ columns: Reader, before: [ColumnDefinition]) -> ColumnDefinition? {
        guard case .mapping = element.value else {
            return arcs(element).map { ColumnDefinition(name: name, source: .column($0)) }
        }
        let fields = Reader(element, problems)
        defer { fields.finish() }
        guard let source = source(fields, before) else { return nil }
        var column = ColumnDefinition(name: name, source: source)
        column.transform = transform(fields)
        column.absent = absent(fields)
        column.names = texts(fields.mapping("names"))
        column.isLimitedToNames = fields.bool("only_names") ?? false
        column.numbers = numbers(fields.mapping("numbers"))
        return column
    }

    private func source(_ fields: Reader, _ before: [ColumnDefinition]) -> ColumnDefinition.Source? {
        let keys = ["column", "instance", "index", "of"].filter { fields.has($0) }
        guard keys.count == 1, let key = keys.first, let element = fields.element(key) else {
            fields.complain(
                fields.element, "one of `column`, `instance`, `index` and `of` must be there", "add e.g. `column: 1`")
            return nil
        }
        switch key {
        case "column": return arcs(element).map { .column($0) }
        case "instance": return arcs(element).map { .instance($0) }
        case "index":
            guard let part = Self.indexPart(element.text ?? "") else {
                fields.complain(element, "`\(element.text ?? "")` is no part of an index", "write 1, -1, \"2-3\" or \"2-\"")
                return nil
            }
            return .index(part)
        default:
            let origin = element.text ?? ""
            guard let position = before.firstIndex(where: { $0.name == origin }) else {
                fields.complain(
                    element, "no column `\(origin)` above this one", suggestion(origin, among: before.map(\.name)))
                return nil
            }
            return .derived(position)
        }
    }

    /// `5`, `3.1`: arcs below the entry object.
    private func arcs(_ element: Element) -> [UInt32]? {
        if let identifier = ObjectIdentifier(element.text ?? ""), element.text?.hasPrefix(".") == false { return identifier.arcs }
        problems.add(element.problem("`\(element.text ?? element.kind)` is no column number", remedy: "write e.g. 5 or 3.1"))
        return nil
    }

    /// `1`, `-1`, `2-3`, `2-`: places of arcs, from 1.
    static func indexPart(_ text: String) -> ColumnDefinition.IndexPart? {
        if let single = Int(text), single != 0, abs(single) <= 128 {
            let place = single > 0 ? single - 1 : single
            return ColumnDefinition.IndexPart(first: place, last: place)
        }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let first = Int(parts[0]), (1...128).contains(first) else { return nil }
        if parts[1].isEmpty { return ColumnDefinition.IndexPart(first: first - 1, last: nil) }
        guard let last = Int(parts[1]), (first...128).contains(last) else { return nil }
        return ColumnDefinition.IndexPart(first: first - 1, last: last - 1)
    }

    private func transform(_ fields: Reader) -> ColumnTransform? {
        var transform = ColumnTransform()
        transform.reading = reading(fields)
        transform.separator = fields.string("split")
        if let part = fields.integer("part", in: -128...128) {
            if part == 0 || transform.separator == nil || transform.separator == "" {
                fields.complain(
                    fields.element("part") ?? fields.element, "`part` counts from 1 within `split`", "add e.g. `split: \",\"`")
            }
            transform.part = part
        }
        if let element = fields.element("pattern") {
            transform.pattern = TextExpression(element.text ?? "", at: element, problems)
        }
        if let text = fields.string("text") {
            transform.template = TextExpression.template(text)
            if !fields.has("pattern") {
                fields.complain(
                    fields.element("text") ?? fields.element, "`text` needs a `pattern`", "add the pattern that finds its groups")
            }
        }
        if let replace = fields.mapping("replace") {
            for pattern in replace.names {
                guard let element = replace.element(pattern), let expression = TextExpression(pattern, at: element, problems)
                else { continue }
                transform.replacements.append((expression, TextExpression.template(element.text ?? "")))
            }
        }
        let isNothing =
            transform.reading == nil && transform.separator == nil && transform.pattern == nil && transform.replacements.isEmpty
        return isNothing ? nil : transform
    }

    private func reading(_ fields: Reader) -> ColumnTransform.Reading? {
        if fields.has("byte") {
            guard let byte = fields.integer("byte", in: 1...65_535) else { return nil }
            return .octets(
                start: byte - 1, width: fields.integer("width", in: 1...8) ?? 1, isSigned: fields.bool("signed") ?? false,
                isLittleEndian: fields.bool("little") ?? false)
        }
        if fields.has("bit") { return fields.integer("bit", in: 0...4095).map { .bit($0) } }
        if let text = fields.string("bits") {
            let parts = text.split(separator: "-").compactMap { Int($0) }
            if parts.count == 2, parts[0] >= 0, parts[0] <= parts[1], parts[1] < 63 {
                return .bits(low: parts[0], high: parts[1])
            }
            fields.complain(fields.element("bits") ?? fields.element, "`\(text)` are no bits", "write e.g. \"4-7\"")
        }
        guard let word = fields.string("as") else { return nil }
        let known: [String: ColumnTransform.Reading] = [
            "ascii": .ascii, "text": .text, "dump": .dump, "hex": .hex, "mac": .mac, "ip": .ip, "date": .date, "float": .float,
            "upper": .upper, "lower": .lower, "trim": .trim, "signed8": .signed(bits: 8),
            "signed16": .signed(bits: 16), "signed32": .signed(bits: 32),
        ]
        if known[word] == nil {
            fields.complain(
                fields.element("as") ?? fields.element, "no way to read `\(word)`", suggestion(word, among: known.keys.sorted()))
        }
        return known[word]
    }

    /// Raw values; one in hexadecimal stands for the number with and without a sign.
    private func absent(_ fields: Reader) -> Set<String> {
        var absent: Set<String> = []
        for text in fields.strings("absent") {
            if text.hasPrefix("0x"), let number = UInt32(text.dropFirst(2), radix: 16) {
                absent.insert(String(number))
                absent.insert(String(Int32(bitPattern: number)))
            } else {
                absent.insert(text)
            }
        }
        return absent
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
}
