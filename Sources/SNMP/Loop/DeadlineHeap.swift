/// Deadlines in a binary heap; one entry an owner, which it moves later by pushing again when it comes up.
struct DeadlineHeap<Owner> {
    private var entries: [(due: UInt64, owner: Owner)] = []

    var earliest: UInt64? { entries.first?.due }

    mutating func push(_ due: UInt64, _ owner: Owner) {
        entries.append((due, owner))
        var child = entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard entries[child].due < entries[parent].due else { break }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes the earliest owner when it is due.
    mutating func popDue(_ now: UInt64) -> Owner? {
        guard let first = entries.first, first.due <= now else { return nil }
        let last = entries.removeLast()
        if !entries.isEmpty {
            entries[0] = last
            sink()
        }
        return first.owner
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var smallest = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < entries.count {
                if entries[child].due < entries[smallest].due { smallest = child }
            }
            guard smallest != parent else { return }
            entries.swapAt(parent, smallest)
            parent = smallest
        }
    }
}
