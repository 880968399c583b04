import Campus

/// The newest snapshot, read at most once a second however many look.
actor SnapshotCache {
    private let reader: SnapshotReader
    private var newest: Snapshot?

    init(reader: SnapshotReader) { self.reader = reader }

    func snapshot(at now: Timestamp) -> Snapshot {
        if let newest, abs(now.since(newest.at).milliseconds) < 1000 { return newest }
        let snapshot = reader.snapshot(at: now)
        newest = snapshot
        return snapshot
    }
}
