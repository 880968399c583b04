/// Echo requests of one host that were not answered yet; after two windows nobody waits for an answer any more.
struct EchoBalance {
    private var startedAt: Int64
    private var older = 0
    private var newer = 0
    /// Microseconds; a reply that takes longer counts as not asked for.
    private static let window: Int64 = 5_000_000

    init(at now: Int64) { startedAt = now }

    /// Takes one request.
    mutating func ask(at now: Int64) {
        roll(at: now)
        newer &+= 1
    }

    /// Takes one reply; whether a request was open for it.
    mutating func settle(at now: Int64) -> Bool {
        roll(at: now)
        if older > 0 {
            older &-= 1
        } else if newer > 0 {
            newer &-= 1
        } else {
            return false
        }
        return true
    }

    private mutating func roll(at now: Int64) {
        let age = now &- startedAt
        if age >= 0, age < EchoBalance.window { return }
        older = age >= 0 && age < 2 &* EchoBalance.window ? newer : 0
        newer = 0
        startedAt = now
    }
}
