/// One value in SQLite's five storage classes.
package enum EvidenceValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])

    package var isNull: Bool { self == .null }

    /// The integer; a real when it is one exactly.
    package var int64: Int64? {
        switch self {
        case .integer(let number): number
        case .real(let number): Int64(exactly: number)
        default: nil
        }
    }

    /// The number, whichever class it is stored in.
    package var double: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .real(let number): number
        default: nil
        }
    }

    /// The text, of text values alone.
    package var string: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }
}

extension EvidenceValue: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral,
    ExpressibleByNilLiteral
{
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(floatLiteral value: Double) { self = .real(value) }
    package init(stringLiteral value: String) { self = .text(value) }
    package init(nilLiteral: ()) { self = .null }
}

/// What a query returned, row by row, each as long as `columns`.
package struct ResultTable: Hashable, Sendable {
    package var columns: [String]
    package var rows: [[EvidenceValue]]

    package init(columns: [String], rows: [[EvidenceValue]] = []) {
        self.columns = columns
        self.rows = rows
    }

    /// The place of a column by its name, or nil.
    package func index(of column: String) -> Int? { columns.firstIndex(of: column) }

    /// The value of a column in a row; null when there is no such column.
    package subscript(row: Int, column: String) -> EvidenceValue {
        guard let place = index(of: column), rows.indices.contains(row) else { return .null }
        return rows[row][place]
    }
}
