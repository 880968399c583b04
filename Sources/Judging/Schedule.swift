import Campus
import Rules

/// When each rule runs next. Rules start at once and then keep their interval; a clock that steps back makes them due.
struct Schedule {
    private var next: [String: Timestamp] = [:]

    func isDue(_ rule: Rule, at now: Timestamp) -> Bool {
        guard let due = next[rule.id] else { return true }
        return now >= due || due.since(now) > rule.every
    }

    /// How much later than three intervals a rule runs, in words; nil when it is in time.
    func lateness(of rule: Rule, at now: Timestamp) -> String? {
        guard let due = next[rule.id], now.since(due) > rule.every * 3 else { return nil }
        return "\(fixed(now.since(due).inSeconds, 0)) s"
    }

    mutating func ran(_ rule: Rule, at now: Timestamp) {
        next[rule.id] = now + rule.every
    }
}
