import GRDB

/// Brings the rows that one device has in a table to what they are now; rows that are as they were are not written.
struct RowDifference {
    let table: String
    let keys: [String]
    let values: [String]

    struct Result {
        var added: [[DatabaseValue]] = []
        var removed: [[DatabaseValue]] = []
        /// Keys whose values became others.
        var changed: [[DatabaseValue]] = []
    }

    /// - Parameter isWhole: whether `rows` is all there is; what a walk did not reach is not gone.
    func write(_ rows: [[DatabaseValue]: [DatabaseValue]], device: String, at: Int64, isWhole: Bool, _ db: Database) throws
        -> Result
    {
        var result = Result()
        var known: [[DatabaseValue]: [DatabaseValue]] = [:]
        let columns = keys + values
        let select = "SELECT \(columns.joined(separator: ", ")) FROM \(table) WHERE device = ?"
        for row in try Row.fetchAll(db, sql: select, arguments: [device]) {
            let cells = columns.map { row[$0] as DatabaseValue }
            known[Array(cells.prefix(keys.count))] = Array(cells.dropFirst(keys.count))
        }
        let insert = try db.cachedStatement(sql: upsert)
        for (key, value) in rows {
            let before = known.removeValue(forKey: key)
            if before == value { continue }
            if before == nil { result.added.append(key) } else { result.changed.append(key) }
            try insert.execute(arguments: StatementArguments([device.databaseValue] + key + value + [at.databaseValue]))
        }
        guard isWhole else { return result }
        result.removed = Array(known.keys)
        guard !known.isEmpty else { return result }
        let conditions = keys.map { " AND \($0) = ?" }.joined()
        let delete = try db.cachedStatement(sql: "DELETE FROM \(table) WHERE device = ?\(conditions)")
        for key in known.keys { try delete.execute(arguments: StatementArguments([device.databaseValue] + key)) }
        return result
    }

    private var upsert: String {
        let columns = ["device"] + keys + values + ["first_seen"]
        let updates = values.isEmpty ? "NOTHING" : "UPDATE SET " + values.map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
        return """
            INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")))
            ON CONFLICT (\((["device"] + keys).joined(separator: ", "))) DO \(updates)
            """
    }
}
