/// A sentence with `{column}` and `{column:.1f}` placeholders, filled from a judged row.
///
/// Formats: none (as it is), `.0f` … `.6f` (decimals), `si` (1.2 G, 950 k). `{{` stands for a brace. A column that is NULL
/// prints as `?`. Values come from devices and packets, so control characters are removed and long texts are cut.
package struct MessageTemplate: Hashable, Sendable {
    private enum Part: Hashable, Sendable {
        case literal(String)
        case column(String, Format)
    }

    private enum Format: Hashable, Sendable {
        case plain, si
        case decimals(Int)
    }

    private let parts: [Part]

    /// What is wrong with a template, for the problem that names its place.
    package struct Malformed: Error, Hashable, Sendable {
        package let what: String
    }

    package init(_ text: String) throws(Malformed) {
        var parts: [Part] = []
        var literal = ""
        var rest = Substring(text)
        while let character = rest.popFirst() {
            guard character == "{" else {
                literal.append(character)
                continue
            }
            if rest.first == "{" {
                rest.removeFirst()
                literal.append("{")
                continue
            }
            guard let end = rest.firstIndex(of: "}") else { throw Malformed(what: "a `{` is never closed") }
            if !literal.isEmpty { parts.append(.literal(literal)) }
            literal = ""
            parts.append(try Self.placeholder(rest[..<end]))
            rest = rest[rest.index(after: end)...]
        }
        if !literal.isEmpty { parts.append(.literal(literal)) }
        self.parts = parts
    }

    /// The columns that the sentence asks for.
    package var columns: Set<String> {
        Set(
            parts.compactMap { part in
                if case .column(let name, _) = part { name } else { nil }
            })
    }

    package func filled(from row: [String: ColumnValue]) -> String {
        var text = ""
        for part in parts {
            switch part {
            case .literal(let literal): text += literal
            case .column(let name, let format): text += Self.written(row[name] ?? .null, format)
            }
        }
        return text
    }

    private static func placeholder(_ text: Substring) throws(Malformed) -> Part {
        let pieces = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(pieces.first ?? "")
        guard !name.isEmpty, name.utf8.allSatisfy({ isNameByte($0) }) else {
            throw Malformed(what: "`{\(text)}` names no column")
        }
        guard pieces.count == 2 else { return .column(name, .plain) }
        let format = pieces[1]
        if format == "si" { return .column(name, .si) }
        if format.count == 3, format.first == ".", format.last == "f", let digits = Int(format.dropFirst().dropLast()),
            digits <= 6
        {
            return .column(name, .decimals(digits))
        }
        throw Malformed(what: "`{\(text)}` has an unknown format")
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (byte >= 97 && byte <= 122) || (byte >= 48 && byte <= 57) || byte == 95
    }

    private static func written(_ value: ColumnValue, _ format: Format) -> String {
        switch format {
        case .plain: value.text.map(cleaned) ?? "?"
        case .decimals(let digits): value.number.map { fixed($0, digits) } ?? value.text.map(cleaned) ?? "?"
        case .si: value.number.map(scaled) ?? value.text.map(cleaned) ?? "?"
        }
    }

    private static let longest = 200

    private static func cleaned(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(longest) where scalar.properties.generalCategory != .control {
            scalars.append(scalar)
        }
        return String(scalars)
    }
}

/// `number` with exactly `digits` decimals, rounded half away from zero; numbers beyond 2^53 print as they are.
package func fixed(_ number: Double, _ digits: Int) -> String {
    var factor = 1.0
    for _ in 0..<max(0, digits) { factor *= 10 }
    let shifted = (abs(number) * factor).rounded(.toNearestOrAwayFromZero)
    guard shifted < 9_007_199_254_740_992, let whole = Int64(exactly: shifted) else { return String(number) }
    let sign = number < 0 && whole != 0 ? "-" : ""
    guard digits > 0 else { return sign + String(whole) }
    var text = String(whole)
    while text.count <= digits { text = "0" + text }
    return sign + text.dropLast(digits) + "." + text.suffix(digits)
}

/// With the SI prefix that leaves one to four digits: `1.2 G`, `950 k`.
package func scaled(_ number: Double) -> String {
    var rest = number
    for prefix in ["", " k", " M", " G", " T"] {
        if abs(rest) < 1000 || prefix == " T" { return fixed(rest, abs(rest) < 10 && !prefix.isEmpty ? 1 : 0) + prefix }
        rest /= 1000
    }
    return fixed(rest, 0)
}
