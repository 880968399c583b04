/// A JSON text in the making: members keep their order, numbers their digits.
package indirect enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case text(String)
    case array([JSONValue])
    case object([Member])

    package struct Member: Sendable, Hashable {
        package let name: String
        package let value: JSONValue

        package init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// An object whose members stand in the order given.
    package static func members(_ pairs: KeyValuePairs<String, JSONValue>) -> JSONValue {
        .object(pairs.map { Member($0.key, $0.value) })
    }

    /// The text where there is one, else `null`.
    package static func optional(_ text: String?) -> JSONValue { text.map { .text($0) } ?? .null }
    package static func optional(_ number: Double?) -> JSONValue { number.map { .number($0) } ?? .null }
    package static func optional(_ number: Int64?) -> JSONValue { number.map { .integer($0) } ?? .null }

    /// RFC 8259 text, on one line or indented by two spaces; a number that JSON cannot write (infinite, not a number) is `null`.
    package func serialised(pretty: Bool = false) -> String {
        var text = ""
        write(to: &text, indent: pretty ? 0 : nil)
        return text
    }

    private func write(to text: inout String, indent: Int?) {
        switch self {
        case .null: text += "null"
        case .bool(let flag): text += flag ? "true" : "false"
        case .integer(let number): text += String(number)
        case .number(let number): text += JSONValue.digits(number)
        case .text(let string): JSONValue.quote(string, to: &text)
        case .array(let elements):
            JSONValue.enclose(elements, in: ("[", "]"), to: &text, indent: indent) { element, text, inner in
                element.write(to: &text, indent: inner)
            }
        case .object(let members):
            JSONValue.enclose(members, in: ("{", "}"), to: &text, indent: indent) { member, text, inner in
                JSONValue.quote(member.name, to: &text)
                text += inner == nil ? ":" : ": "
                member.value.write(to: &text, indent: inner)
            }
        }
    }

    private static func enclose<Part>(
        _ parts: [Part], in brackets: (String, String), to text: inout String, indent: Int?,
        _ write: (Part, inout String, Int?) -> Void
    ) {
        text += brackets.0
        for (position, part) in parts.enumerated() {
            if position > 0 { text += "," }
            if let indent { text += "\n" + String(repeating: " ", count: indent + 2) }
            write(part, &text, indent.map { $0 + 2 })
        }
        if let indent, !parts.isEmpty { text += "\n" + String(repeating: " ", count: indent) }
        text += brackets.1
    }

    /// Whole numbers without a fraction, as people and spreadsheets expect.
    private static func digits(_ number: Double) -> String {
        number.isFinite ? Figures.shortest(number) : "null"
    }

    private static func quote(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7f || scalar.value == 0x2028 || scalar.value == 0x2029:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
