package import Campus
import Foundation
import GRDB
import Synchronization

extension EvidenceStore {
    /// Stores a batch of finished polls in one transaction; all or nothing.
    package func record(_ polls: [DevicePoll]) throws(EvidenceError) {
        guard !polls.isEmpty else { return }
        try write { db in try recorder.withLock { try $0.record(polls, db) } }
    }

    /// The counters that the last answered poll of a device brought; rates go on from them after a restart.
    package func lastSamples(_ device: DeviceID) throws(EvidenceError) -> LastSamples? {
        try read { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT p.counters, p.rates_at, p.counters_uptime_s FROM device d JOIN device_poll p ON p.device = d.number
                    WHERE d.id = ? AND p.counters IS NOT NULL
                    """, arguments: [device.text])
            guard let row, let data: Data = row["counters"], let samples = try? PackedCounters.decode(Array(data)) else {
                return nil
            }
            return LastSamples(
                samples: samples, at: Timestamp(milliseconds: row["rates_at"] ?? 0), uptime: row["counters_uptime_s"])
        }
    }
}
