/// Tests of columns that must all hold for a row.
struct RowCondition: Sendable {
    enum Test: Sendable {
        /// The word fits one of the patterns.
        case oneOf([TextPattern])
        case below(Double)
        case above(Double)
        case atMost(Double)
        case atLeast(Double)
        /// The word is there and fits none of the patterns.
        case noneOf([TextPattern])
        case like(TextExpression)
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
            case .atMost(let limit): return row.number(column).map { $0 <= limit } ?? false
            case .atLeast(let limit): return row.number(column).map { $0 >= limit } ?? false
            case .noneOf(let patterns): return row.text(column).map { text in !patterns.contains { $0.matches(text) } } ?? false
            case .like(let expression): return row.text(column).map { expression.matches($0) } ?? false
            case .absent: return row.text(column)?.isEmpty ?? true
            case .present: return !(row.text(column)?.isEmpty ?? true)
            }
        }
    }
}
