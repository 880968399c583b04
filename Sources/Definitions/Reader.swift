/// Reads one mapping: each key once, by its type, with every mistake collected rather than thrown.
///
/// A key that is absent gives nil without a word; one that is present but wrong gives nil and a problem. `finish()` reports
/// every key that nobody asked for, with the nearest known one.
package final class Reader {
    package let element: Element
    package let problems: Problems
    private var values: [String: Element] = [:]
    private var keys: [(name: String, element: Element)] = []
    private var known: [String] = []

    /// A reader of `element`; anything but a mapping is a problem and reads as an empty one.
    package init(_ element: Element, _ problems: Problems) {
        self.element = element
        self.problems = problems
        guard case .mapping(let pairs) = element.value else {
            if !element.isNull {
                problems.add(element.problem("expected a mapping, found \(element.kind)", remedy: "write `key: value` lines"))
            }
            return
        }
        for (key, value) in pairs {
            guard let name = key.text else {
                problems.add(key.problem("a key must be text", remedy: "write a plain word before the colon"))
                continue
            }
            values[name] = value
            keys.append((name, key))
        }
    }

    /// Names in the order they stand, for mappings whose keys are the user's own.
    package var names: [String] { keys.map(\.name) }

    /// The value of `key` as it stands, and the key becomes known.
    package func element(_ key: String) -> Element? {
        known.append(key)
        return values[key]
    }

    package func has(_ key: String) -> Bool { values[key] != nil }

    package func string(_ key: String) -> String? {
        guard let element = element(key) else { return nil }
        if let text = element.text { return text }
        if !element.isNull { complain(element, "`\(key)` must be text, found \(element.kind)", "write one value") }
        return nil
    }

    package func requiredString(_ key: String) -> String? {
        if let element = values[key], !element.isNull { return string(key) }
        known.append(key)
        complain(values[key] ?? element, "`\(key)` is missing", "add `\(key): …`")
        return nil
    }

    package func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let element = element(key), !element.isNull else { return nil }
        guard let text = element.text, let number = Int(text.replacing("_", with: "")) else {
            complain(element, "`\(key)` must be a whole number", "write a number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        guard range.contains(number) else {
            complain(element, "`\(key)` is \(number)", "write a number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }

    package func double(_ key: String) -> Double? {
        guard let element = element(key), !element.isNull else { return nil }
        guard let text = element.text, let number = Double(text), number.isFinite else {
            complain(element, "`\(key)` must be a number", "write e.g. 80 or 0.5")
            return nil
        }
        return number
    }

    package func bool(_ key: String) -> Bool? {
        guard let element = element(key), !element.isNull else { return nil }
        switch element.text {
        case "true", "yes", "on": return true
        case "false", "no", "off": return false
        default:
            complain(element, "`\(key)` must be true or false", "write true or false")
            return nil
        }
    }

    /// `500ms`, `30s`, `5m`, `1h`, `14d`, or several joined (`1h30m`); a bare number is refused, for its unit is a guess.
    package func duration(_ key: String) -> Duration? {
        guard let element = element(key), !element.isNull else { return nil }
        guard let text = element.text, let duration = Duration(text: text) else {
            complain(element, "`\(key)` must be a time span", "write a number with ms, s, m, h or d, e.g. 60s")
            return nil
        }
        return duration
    }

    /// `16MiB`, `512KiB`, `1GiB` or bytes as a bare number.
    package func byteCount(_ key: String) -> Int? {
        guard let element = element(key), !element.isNull else { return nil }
        let units: [(String, Int)] = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("", 1)]
        for (unit, factor) in units {
            guard let text = element.text, text.hasSuffix(unit), let number = Int(text.dropLast(unit.count)), number >= 0 else {
                continue
            }
            let (bytes, overflow) = number.multipliedReportingOverflow(by: factor)
            if !overflow { return bytes }
        }
        complain(element, "`\(key)` must be a size", "write e.g. 16MiB")
        return nil
    }

    /// One of a closed set of words; a wrong one is told with the nearest right one.
    package func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, _ type: Choice.Type = Choice.self) -> Choice?
    where Choice.RawValue == String {
        guard let element = element(key), !element.isNull else { return nil }
        if let text = element.text, let choice = Choice(rawValue: text) { return choice }
        let words = Choice.allCases.map(\.rawValue)
        complain(element, "`\(key)` cannot be `\(element.text ?? element.kind)`", suggestion(element.text ?? "", among: words))
        return nil
    }

    /// `{zh: …, en: …}`.
    package func texts(_ key: String) -> (zh: String, en: String)? {
        guard let reader = mapping(key) else { return nil }
        defer { reader.finish() }
        guard let zh = reader.requiredString("zh"), let en = reader.requiredString("en") else { return nil }
        return (zh, en)
    }

    package func mapping(_ key: String) -> Reader? {
        guard let element = element(key), !element.isNull else { return nil }
        guard case .mapping = element.value else {
            complain(element, "`\(key)` must be a mapping, found \(element.kind)", "write `key: value` lines below it")
            return nil
        }
        return Reader(element, problems)
    }

    /// The elements of a list; empty when absent.
    package func list(_ key: String) -> [Element] {
        guard let element = element(key), !element.isNull else { return [] }
        guard case .sequence(let elements) = element.value else {
            complain(element, "`\(key)` must be a list, found \(element.kind)", "write `- ` before each entry, or […]")
            return []
        }
        return elements
    }

    /// The texts of a list of plain values.
    package func strings(_ key: String) -> [String] {
        list(key).compactMap { element in
            if let text = element.text { return text }
            complain(element, "`\(key)` holds \(element.kind)", "write plain values")
            return nil
        }
    }

    /// Reports each key that was never asked for.
    package func finish() {
        for (name, key) in keys where !known.contains(name) {
            complain(key, "unknown key `\(name)`", suggestion(name, among: known))
        }
    }

    package func complain(_ element: Element, _ what: String, _ remedy: String) {
        problems.add(element.problem(what, remedy: remedy))
    }
}

/// `did you mean …?` when one of `words` is near, else all of them.
package func suggestion(_ word: String, among words: [String]) -> String {
    let ranked = words.map { (editDistance(word, $0), $0) }.sorted { $0 < $1 }
    if let (distance, nearest) = ranked.first, distance <= max(1, max(word.count, nearest.count) / 3) {
        return "did you mean `\(nearest)`?"
    }
    return words.isEmpty ? "remove it" : "use one of \(words.sorted().joined(separator: ", "))"
}

/// Optimal string alignment distance: insertions, deletions, substitutions, swaps of neighbours.
func editDistance(_ left: String, _ right: String) -> Int {
    let a = Array(left.unicodeScalars.prefix(64))
    let b = Array(right.unicodeScalars.prefix(64))
    if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
    var rows = [Array(0...b.count)]
    for i in 1...a.count {
        var row = [i] + Array(repeating: 0, count: b.count)
        for j in 1...b.count {
            let cost = a[i - 1] == b[j - 1] ? 0 : 1
            row[j] = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + cost)
            if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                row[j] = min(row[j], rows[i - 2][j - 2] + 1)
            }
        }
        rows.append(row)
    }
    return rows[a.count][b.count]
}

extension Duration {
    /// `1h30m`, `500ms`; nil when any part is malformed, negative or overflows a century.
    package init?(text: String) {
        let units: [(String, Int64)] = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)]
        var rest = text[...]
        var total: Int64 = 0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard let number = Int64(digits) else { return nil }
            rest = rest.dropFirst(digits.count)
            let word = rest.prefix { $0.isLetter }
            guard let unit = units.first(where: { $0.0 == word }) else { return nil }
            rest = rest.dropFirst(word.count)
            let (product, overflow) = number.multipliedReportingOverflow(by: unit.1)
            guard !overflow, product <= 3_155_760_000_000 else { return nil }
            total += product
            guard total <= 3_155_760_000_000 else { return nil }
        }
        guard !text.isEmpty else { return nil }
        self = .milliseconds(total)
    }
}
