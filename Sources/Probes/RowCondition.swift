/// Tests of columns that must all hold for a row.
struct RowCondition: Sendable {
    enum Test: Sendable {
        /// The word fits one of the patterns.
        case oneOf([TextPattern])
        case below(Double)
        case above(Double)
        case absent
        case present
    }

    var tests: [(column: ColumnReference, test: Test)]

    func holds(in row: Row) -> Bool {
        tests.allSatisfy { column, test in
            switch test {
            case .oneOf(let patterns):
                guard let text = row.text(column) else { return false }
                return patterns.contains { $0.matches(text) }
            case .below(let limit): return row.number(column).map { $0 < limit } ?? false
            case .above(let limit): return row.number(column).map { $0 > limit } ?? false
            case .absent: return row.text(column)?.isEmpty ?? true
            case .present: return !(row.text(column)?.isEmpty ?? true)
            }
        }
    }
}
