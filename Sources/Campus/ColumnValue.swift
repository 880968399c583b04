/// One cell of a query's answer, or one parameter bound to it; NULL means *not known*.
package enum ColumnValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)

    /// The number in it; nil for text and NULL.
    package var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .real(let value): value
        case .null, .text: nil
        }
    }

    /// A whole number; a real one is rounded when it fits.
    package var whole: Int64? {
        switch self {
        case .integer(let value): value
        case .real(let value): Int64(exactly: value.rounded())
        case .null, .text: nil
        }
    }

    /// As people read it; NULL is nil.
    package var text: String? {
        switch self {
        case .null: nil
        case .integer(let value): String(value)
        case .real(let value): value.rounded() == value && abs(value) < 1e15 ? String(Int64(value)) : String(value)
        case .text(let text): text
        }
    }

    /// As a YAML scalar says it: a number where it reads as one and was not quoted.
    package init(scalar text: String, quoted: Bool) {
        if !quoted, let whole = Int64(text) {
            self = .integer(whole)
        } else if !quoted, let number = Double(text), number.isFinite {
            self = .real(number)
        } else if !quoted, text == "true" || text == "false" {
            self = .integer(text == "true" ? 1 : 0)
        } else {
            self = .text(text)
        }
    }
}
