package import Campus

/// Watches facts for one class of trouble, with bounded memory. Time comes with the facts and by `advance`.
package protocol Detector: FactSink {
    /// Looks at what waited for an answer; called a few times a second, with microseconds since 1970.
    mutating func advance(to now: Int64)
    /// Hands out what was seen since the last call.
    mutating func drain() -> [Observation]
}

/// The observations a detector has for its reader; bounded, what does not fit is counted.
struct Outbox {
    private var waiting: [Observation] = []
    private(set) var refused: UInt64 = 0
    static let capacity = 4096

    mutating func add(_ observation: Observation) {
        guard waiting.count < Outbox.capacity else {
            refused &+= 1
            return
        }
        waiting.append(observation)
    }

    mutating func drain() -> [Observation] {
        if waiting.isEmpty { return [] }
        defer { waiting.removeAll(keepingCapacity: true) }
        return waiting
    }
}

/// When something that goes on is told again: at most once in `interval`, and only if there is more to tell.
struct Repetition {
    private var toldAt: Int64?
    private var toldCount = 0

    /// Whether `count` at `now` is worth telling; if so it counts as told.
    mutating func isDue(count: Int, at now: Int64, interval: Int64) -> Bool {
        if let toldAt, now &- toldAt < interval || count <= toldCount { return false }
        toldAt = now
        toldCount = count
        return true
    }
}

extension Timestamp {
    init(microseconds: Int64) { self.init(milliseconds: microseconds / 1000) }
}

extension Duration {
    var microseconds: Int64 { milliseconds.multipliedReportingOverflow(by: 1000).partialValue }
}
