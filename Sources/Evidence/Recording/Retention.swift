import Campus
import GRDB

/// Deletes what is older than its time, oldest first, a bounded number of rows a step.
struct Retention {
    /// Rows a table and step; with a page a row that is 8 MB of writing at the most.
    private static let batch = 2000

    private struct Limit {
        var table: String
        var column: String
        var before: Int64
        /// Which rows may go although they are old.
        var condition = "1"
    }

    private let limits: [Limit]

    init(_ settings: EvidenceSettings, now: Timestamp) {
        let time = { (keep: Duration) in (now - keep).milliseconds }
        let key = { (keep: Duration) in HourKey.first(of: max(0, (now - keep).milliseconds / HourKey.hour)) }
        limits = [
            Limit(table: "chunk", column: "key", before: key(settings.samples)),
            Limit(table: "rollup_5m", column: "key", before: key(settings.fiveMinutes)),
            Limit(table: "rollup_5m_uplink", column: "key", before: key(settings.uplinkFiveMinutes)),
            Limit(table: "rollup_hour", column: "key", before: key(settings.hours)),
            Limit(table: "availability_closed", column: "t", before: time(settings.hours)),
            Limit(table: "agent_hour", column: "t", before: time(settings.hours)),
            Limit(table: "traffic_minute", column: "t", before: time(settings.flows)),
            Limit(table: "talker_hour", column: "t", before: time(settings.flows)),
            Limit(table: "protocol_hour", column: "t", before: time(settings.flows)),
            Limit(table: "name_hour", column: "t", before: time(settings.flows)),
            Limit(table: "observation", column: "at", before: time(settings.alerts)),
            Limit(table: "trap", column: "at", before: time(settings.logs)),
            Limit(table: "change", column: "at", before: time(settings.alerts)),
            Limit(table: "mac_stay", column: "last_seen", before: time(settings.locations), condition: "last_seen IS NOT NULL"),
            Limit(table: "arp_stay", column: "last_seen", before: time(settings.locations), condition: "last_seen IS NOT NULL"),
            Limit(table: "link", column: "gone_at", before: time(settings.locations), condition: "gone_at IS NOT NULL"),
            Limit(table: "discovery_run", column: "at", before: time(settings.logs)),
            Limit(table: "gap", column: "start", before: time(settings.hours)),
            Limit(table: "audit", column: "at", before: time(settings.alerts)),
            Limit(table: "rule_run", column: "at", before: time(settings.logs)),
            // The newest event stays, for numbers go on from it.
            Limit(
                table: "alert_event", column: "at", before: time(settings.alerts),
                condition: "sequence < (SELECT max(sequence) FROM alert_event)"),
            Limit(
                table: "alert", column: "started_at", before: time(settings.alerts), condition: "state IN ('resolved', 'closed')"),
        ]
    }

    /// Returns whether some table may have more to delete.
    func steps(_ store: EvidenceStore) throws(EvidenceError) -> Bool {
        try store.write { db in
            var isFull = false
            for limit in limits { isFull = try delete(limit, db) || isFull }
            return isFull
        }
    }

    /// Deletes up to the time of the last row of a batch: works alike with and without row numbers.
    private func delete(_ limit: Limit, _ db: Database) throws -> Bool {
        let (table, column) = (limit.table, limit.column)
        let old = "FROM \(table) WHERE \(column) < ? AND \(limit.condition)"
        guard let oldest = try Int64.fetchOne(db, sql: "SELECT min(\(column)) \(old)", arguments: [limit.before]) else {
            return false
        }
        let bound = try Int64.fetchOne(
            db, sql: "SELECT \(column) \(old) ORDER BY \(column) LIMIT 1 OFFSET ?", arguments: [limit.before, Retention.batch])
        try db.run("DELETE \(old)", bound.map { max($0, oldest + 1) } ?? limit.before)
        return bound != nil
    }
}
