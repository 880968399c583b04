import Campus
import Evidence

extension EvidenceStore {
    /// The rows of a definition's query, each a table from column to value; of `parameters` those are bound that it asks for.
    func rows(_ sql: String, _ parameters: [String: ColumnValue], limits: QueryLimits) throws(EvidenceError) -> [[String:
        ColumnValue]]
    {
        let asked = QueryText(sql).parameters
        let bound = parameters.filter { asked.contains($0.key) }.mapValues { EvidenceValue($0) }
        let table = try select(sql, parameters: bound, limits: limits)
        return table.rows.map { values in
            var row = [String: ColumnValue](minimumCapacity: table.columns.count)
            // Of two columns with one name the first counts.
            for place in values.indices.reversed() { row[table.columns[place]] = ColumnValue(values[place]) }
            return row
        }
    }
}

extension ColumnValue {
    init(_ value: EvidenceValue) {
        switch value {
        case .null: self = .null
        case .integer(let number): self = .integer(number)
        case .real(let number): self = .real(number)
        case .text(let text): self = .text(text)
        case .blob(let bytes): self = .text("(\(bytes.count) bytes)")
        }
    }
}

extension EvidenceValue {
    init(_ value: ColumnValue) {
        switch value {
        case .null: self = .null
        case .integer(let number): self = .integer(number)
        case .real(let number): self = .real(number)
        case .text(let text): self = .text(text)
        }
    }
}
