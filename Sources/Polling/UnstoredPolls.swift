import Campus
import Evidence

/// Finished polls on their way to the store, bounded.
struct UnstoredPolls {
    private var polls: [DevicePoll] = []
    private var lastAt: Duration = .zero
    /// Polls that were let go because the store could not be written for too long.
    private(set) var dropped = 0

    var count: Int { polls.count }

    mutating func append(_ poll: DevicePoll, limit: Int) {
        if polls.count >= limit {
            polls.removeFirst(polls.count - limit + 1)
            dropped += 1
        }
        polls.append(poll)
    }

    func isDue(_ now: Duration, _ every: Duration) -> Bool { !polls.isEmpty && now - lastAt >= every }

    /// All or nothing: what cannot be stored stays for the next time.
    mutating func store(in store: EvidenceStore, at now: Duration?) throws {
        if let now { lastAt = now }
        guard !polls.isEmpty else { return }
        try store.record(polls)
        polls.removeAll(keepingCapacity: true)
    }
}
