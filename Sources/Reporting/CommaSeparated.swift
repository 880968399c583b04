/// RFC 4180 text: fields between commas, records ended by CR LF.
package struct CommaSeparated: Sendable {
    package enum Field: Sendable {
        /// Something a person or a device wrote; a spreadsheet must not take it for a formula.
        case text(String)
        /// Digits that we wrote.
        case number(String)
        case empty
    }

    package private(set) var text = ""

    package init() {}

    package mutating func append(_ fields: [Field]) {
        text += fields.map(CommaSeparated.written).joined(separator: ",")
        text += "\r\n"
    }

    /// One field, quoted where it must be.
    ///
    /// A text that starts with `=`, `+`, `-`, `@`, tab or return is what spreadsheets run as a formula (OWASP, CSV injection);
    /// it gets a leading apostrophe, which they show as plain text.
    package static func written(_ field: Field) -> String {
        switch field {
        case .empty: return ""
        case .number(let digits): return digits
        case .text(let text):
            let dangerous = text.unicodeScalars.first.map { "=+-@\t\r\n＝＋－＠".unicodeScalars.contains($0) } ?? false
            let safe = dangerous ? "'" + text : text
            let needsQuotes = safe.unicodeScalars.contains { "\",\r\n".unicodeScalars.contains($0) }
            return needsQuotes ? "\"" + safe.replacing("\"", with: "\"\"") + "\"" : safe
        }
    }
}
