package import Campus
import GRDB
import Logging

extension EvidenceStore {
    /// Closes finished hours into chunks and roll-ups and deletes what is too old: a bounded amount of work a call.
    /// Returns whether more is waiting.
    @discardableResult
    package func maintain(now: Timestamp) throws(EvidenceError) -> Bool {
        if try closeHour(before: now) { return true }
        return try Retention(settings, now: now).steps(self)
    }

    /// Polls that began in an hour have ended, been re-checked and been stored this long after it.
    private static let grace: Int64 = 300_000

    /// One step of closing the oldest open hour that is over: a batch of devices, or the deletion of its rows.
    private func closeHour(before now: Timestamp) throws(EvidenceError) -> Bool {
        let settings = settings
        let damaged: Int? = try write { db in
            guard let oldest = try Int64.fetchOne(db, sql: "SELECT min(t) FROM sample_recent") else { return nil }
            let hour = oldest / HourKey.hour
            guard (hour + 1) * HourKey.hour + EvidenceStore.grace <= now.milliseconds else { return nil }
            return try HourClosing(hour: hour, settings: settings, db: db).step()
        }
        if let damaged, damaged > 0 {
            logger.error("polls that could not be read were left out", metadata: ["count": "\(damaged)"])
        }
        return damaged != nil
    }
}
