/// A dictionary that never holds more than two generations of entries: when the young one is full it becomes the old one and
/// the old one is forgotten. What is used moves to the young one, so what is forgotten has long been silent.
struct GenerationTable<Key: Hashable, Value> {
    private var young: [Key: Value] = [:]
    private var old: [Key: Value] = [:]
    private let generationCapacity: Int
    /// Entries forgotten to make room.
    private(set) var forgotten: UInt64 = 0

    /// At most `capacity` entries.
    init(capacity: Int) { generationCapacity = max(1, capacity / 2) }

    var count: Int { young.count + old.count }

    /// Changes the entry of `key`, made with `initial` when there is none.
    mutating func update<Answer>(_ key: Key, initial: @autoclosure () -> Value, _ body: (inout Value) -> Answer) -> Answer {
        if young[key] == nil {
            if young.count >= generationCapacity { turn() }
            young[key] = old.removeValue(forKey: key) ?? initial()
        }
        return body(&young[key, default: initial()])
    }

    /// Changes the entry of `key` if there is one.
    @discardableResult
    mutating func updateExisting<Answer>(_ key: Key, _ body: (inout Value) -> Answer) -> Answer? {
        if let index = young.index(forKey: key) { return body(&young.values[index]) }
        if let index = old.index(forKey: key) { return body(&old.values[index]) }
        return nil
    }

    private mutating func turn() {
        forgotten &+= UInt64(old.count)
        old = young
        young = [:]
    }
}
