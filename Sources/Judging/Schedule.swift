import Campus
import Rules

/// When each rule runs next. Rules start at once and then keep their interval; a clock that steps back makes them due.
struct Schedule {
    private var next: [String: Timestamp] = [:]

    func isDue(_ rule: Rule, at now: Timestamp) -> Bool {
        guard let due = next[rule.id] else { return true }
        return now >= due || due.since(now) > rule.every
    }

    mutating func ran(_ rule: Rule, at now: Timestamp) {
        next[rule.id] = now + rule.every
    }
}
