import Campus

extension EvidenceStore {
    /// Runs one SELECT on a read-only connection behind the authoriser; parameters by name, without the colon.
    ///
    /// Parameters that the statement does not name are ignored; one that it names and nobody gave is an error.
    package func select(
        _ sql: String, parameters: [String: EvidenceValue] = [:], limits: QueryLimits = QueryLimits()
    ) throws(EvidenceError) -> ResultTable {
        try queries.select(sql, parameters, limits)
    }
}
