/// The table that an entry walks and the ones beside it in which each row finds a partner.
struct RowSource: Sendable {
    struct Join: Sendable {
        enum Key: Sendable {
            /// Both have the same index.
            case index
            /// The column tells the partner's index.
            case pointer(ColumnReference)
            /// The partner's column has the text of the column.
            case text(ColumnReference, on: Int)
            /// Scalars have but one row.
            case scalars
        }

        /// From the partner up its tree, until a row fits.
        struct Climb: Sendable {
            /// The partner's column with its parent's index.
            var column: Int
            /// Columns are the partner's own.
            var until: [RowCondition]
        }

        /// A tree is no deeper than this; a circle ends here too.
        static let maxClimb = 16

        var name: String
        /// A position in `ProbeDefinition.tables`.
        var table: Int
        var key: Key
        var climb: Climb?
    }

    /// A position in `ProbeDefinition.tables`.
    var table: Int
    var joins: [Join] = []
    /// A row counts when one of these holds; none stands for all.
    var only: [RowCondition] = []
    /// A row is left out when one of these holds.
    var skip: [RowCondition] = []

    /// Of a reference's table, the position in `ProbeDefinition.tables`.
    func table(of reference: ColumnReference) -> Int {
        reference.table == 0 ? table : joins[reference.table - 1].table
    }

    /// The rows that count; `tables` are those of the definition.
    func rows(_ tables: [AnswerTable]) -> [Row] {
        let own = tables[table]
        guard !own.indices.isEmpty else { return [] }
        let beside = [own] + joins.map { tables[$0.table] }
        let texts = joins.map { join -> [String: Int] in
            guard case .text(_, let column) = join.key else { return [:] }
            return tables[join.table].rows(byTextOf: column)
        }
        return own.indices.indices.compactMap { place in
            var row = Row(tables: beside, places: [place])
            for (position, join) in joins.enumerated() {
                row.places.append(partner(join, of: row, in: tables[join.table], texts[position]))
            }
            if !only.isEmpty, !only.contains(where: { $0.holds(in: row) }) { return nil }
            return skip.contains { $0.holds(in: row) } ? nil : row
        }
    }

    private func partner(_ join: Join, of row: Row, in table: AnswerTable, _ texts: [String: Int]) -> Int? {
        let found: Int?
        switch join.key {
        case .index: found = table.row(row.index)
        case .scalars: found = table.indices.isEmpty ? nil : 0
        case .pointer(let column): found = row.content(column)?.index.flatMap { table.row($0) }
        case .text(let column, _): found = row.text(column).flatMap { texts[$0] }
        }
        guard let climb = join.climb else { return found }
        var place = found
        for _ in 0..<Join.maxClimb {
            guard let here = place else { return nil }
            let candidate = Row(tables: [table], places: [here])
            if climb.until.contains(where: { $0.holds(in: candidate) }) { return here }
            place = table.content(here, climb.column)?.index.flatMap { table.row($0) }
        }
        return nil
    }
}

/// A number that is written down, stands in a column or is worked out from some.
enum Operand: Sendable {
    case constant(Double)
    case column(ColumnReference)
    case formula(Formula)

    var columns: [ColumnReference] {
        switch self {
        case .constant: []
        case .column(let column): [column]
        case .formula(let formula): formula.columns
        }
    }
}

/// A raw value to the unit of its class: `value × multiply… ÷ divide… ÷ 10^precision + offset`.
struct Scaling: Sendable {
    var multiply: [Operand] = []
    var divide: [Operand] = []
    var precision: ColumnReference?
    var offset = 0.0

    var columns: [ColumnReference] {
        (multiply + divide).flatMap(\.columns) + (precision.map { [$0] } ?? [])
    }

    /// The value in its unit; nil when an operand is absent, a divisor is 0 or the result is not finite.
    func applied(to value: Double, in row: Row) -> Double? {
        var result = value
        for operand in multiply {
            guard let factor = row.value(operand) else { return nil }
            result *= factor
        }
        for operand in divide {
            guard let divisor = row.value(operand), divisor != 0 else { return nil }
            result /= divisor
        }
        if let precision {
            guard let digits = row.number(precision) else { return nil }
            result *= Scaling.powerOfTen(-Int(max(-30, min(30, digits))))
        }
        result += offset
        return result.isFinite ? result : nil
    }

    private static func powerOfTen(_ exponent: Int) -> Double {
        var power = 1.0
        for _ in 0..<abs(exponent) { power *= 10 }
        return exponent < 0 ? 1 / power : power
    }
}

/// Many rows told as one, or one for each group.
struct Combination: Sendable {
    enum Way: String, CaseIterable, Sendable {
        case sum, count, average, max, min
    }

    var way: Way
    /// Rows in which these have the same texts belong together; none: all rows do.
    var group: [ColumnReference] = []

    /// The groups in the order of their first rows, each with that row and what its values make together.
    func combined(_ values: [(row: Row, value: Double)]) -> [(row: Row, value: Double)] {
        var order: [[String]] = []
        var groups: [[String]: (row: Row, values: [Double])] = [:]
        for (row, value) in values {
            let key = group.map { row.text($0) ?? "" }
            if groups[key] == nil { order.append(key) }
            groups[key, default: (row, [])].values.append(value)
        }
        return order.compactMap { key in groups[key].map { ($0.row, together($0.values)) } }
    }

    private func together(_ values: [Double]) -> Double {
        switch way {
        case .sum: values.reduce(0, +)
        case .count: Double(values.count)
        case .average: values.reduce(0, +) / Double(Swift.max(1, values.count))
        case .max: values.max() ?? 0
        case .min: values.min() ?? 0
        }
    }
}
