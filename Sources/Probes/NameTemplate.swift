/// `Input phase {index}`: text with columns in braces.
struct NameTemplate: Sendable {
    enum Part: Sendable {
        case text(String)
        case column(ColumnReference)
        /// The row's whole index, dotted.
        case index
        /// The row's place among those that the entry yields, from 1.
        case number
    }

    var parts: [Part]

    /// The text of a row; nil when a column in it is absent or empty.
    func text(_ row: Row, number: Int) -> String? {
        var result = ""
        for part in parts {
            switch part {
            case .text(let text): result += text
            case .column(let column):
                guard let text = row.text(column), !text.isEmpty else { return nil }
                result += text
            case .index: result += row.index.map { String($0) }.joined(separator: ".")
            case .number: result += String(number)
            }
        }
        return result
    }
}
