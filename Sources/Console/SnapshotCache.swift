import Campus
import Synchronization

/// The newest snapshot, read at most once a second however many look.
final class SnapshotCache: Sendable {
    private let reader: SnapshotReader
    private let newest = Mutex<Snapshot?>(nil)

    init(reader: SnapshotReader) { self.reader = reader }

    /// Reads while others wait for the same; called on the reading queue, never on the cooperative pool.
    func snapshot(at now: Timestamp) -> Snapshot {
        newest.withLock { newest in
            if let newest, abs(now.since(newest.at).milliseconds) < 1000 { return newest }
            let snapshot = reader.snapshot(at: now)
            newest = snapshot
            return snapshot
        }
    }
}
