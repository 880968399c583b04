import Campus

/// A row of an entry's own table, with its partners in the tables it joins.
struct Row: Sendable {
    /// By `ColumnReference.table`.
    let tables: [AnswerTable]
    /// The row in each; nil where there is no partner.
    let places: [Int?]

    /// The arcs after the column's number; none for a row of nothing.
    var index: [UInt32] {
        guard let own = tables.first, let first = places.first, let place = first else { return [] }
        return own.indices[place]
    }

    func text(_ column: ColumnReference) -> String? {
        places[column.table].flatMap { tables[column.table].text($0, column.column) }
    }

    func raw(_ column: ColumnReference) -> String? {
        places[column.table].flatMap { tables[column.table].raw($0, column.column) }
    }

    func number(_ column: ColumnReference) -> Double? {
        places[column.table].flatMap { tables[column.table].number($0, column.column) }
    }

    func integer(_ column: ColumnReference) -> Int64? {
        places[column.table].flatMap { tables[column.table].integer($0, column.column) }
    }

    /// The instance that `column` was read from.
    func identifier(_ column: ColumnReference) -> ObjectIdentifier {
        let table = tables[column.table]
        let index = places[column.table].map { table.indices[$0] } ?? []
        return table.definition.identifier(column.column).appending(index)
    }

    func value(_ operand: Operand) -> Double? {
        switch operand {
        case .constant(let number): number
        case .column(let column): number(column)
        }
    }
}

extension RowSource {
    /// The rows that count; `tables` are those of the definition.
    func rows(_ tables: [AnswerTable]) -> [Row] {
        let own = tables[table]
        let beside = [own] + joins.map { tables[$0.table] }
        return own.indices.indices.compactMap { place in
            let row = Row(tables: beside, places: [place] + joins.map { partner($0, of: place, in: own, tables) })
            if !only.isEmpty, !only.contains(where: { $0.holds(in: row) }) { return nil }
            return skip.contains { $0.holds(in: row) } ? nil : row
        }
    }

    private func partner(_ join: Join, of place: Int, in own: AnswerTable, _ tables: [AnswerTable]) -> Int? {
        guard let pointer = join.pointer else { return tables[join.table].row(own.indices[place]) }
        guard let target = own.integer(place, pointer.column), let arc = UInt32(exactly: target) else { return nil }
        return tables[join.table].row([arc])
    }
}

extension Scaling {
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
