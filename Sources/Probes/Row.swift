import Campus

/// A row of an entry's own table, with its partners in the tables it joins.
struct Row: Sendable {
    /// By `ColumnReference.table`.
    let tables: [AnswerTable]
    /// The row in each; nil where there is no partner.
    var places: [Int?]

    /// The arcs after the column's number; none for a row of nothing.
    var index: [UInt32] {
        guard let own = tables.first, let first = places.first, let place = first else { return [] }
        return own.indices[place]
    }

    func text(_ column: ColumnReference) -> String? {
        place(column).flatMap { tables[column.table].text($0, column.column) }
    }

    func raw(_ column: ColumnReference) -> String? {
        place(column).flatMap { tables[column.table].raw($0, column.column) }
    }

    func number(_ column: ColumnReference) -> Double? {
        place(column).flatMap { tables[column.table].number($0, column.column) }
    }

    func integer(_ column: ColumnReference) -> Int64? {
        place(column).flatMap { tables[column.table].integer($0, column.column) }
    }

    func content(_ column: ColumnReference) -> Content? {
        place(column).flatMap { tables[column.table].content($0, column.column) }
    }

    /// The instance that `column` was read from.
    func identifier(_ column: ColumnReference) -> ObjectIdentifier {
        let table = tables[column.table]
        return table.definition.instance(column.column, index: place(column).map { table.indices[$0] } ?? [])
    }

    func value(_ operand: Operand) -> Double? {
        switch operand {
        case .constant(let number): number
        case .column(let column): number(column)
        case .formula(let formula): formula.value(in: self)
        }
    }

    /// nil too where a join comes later than the one that asks.
    func place(_ column: ColumnReference) -> Int? {
        column.table < places.count ? places[column.table] : nil
    }
}
