/// Counts events in steps of one window; what is over a limit is told while it lasts.
struct FloodMeter {
    private(set) var startedAt: Int64
    /// When the flood that goes on began, and all its events.
    private(set) var firstAt: Int64
    private(set) var total = 0
    private(set) var events = 0
    private(set) var completed = 0
    var repetition = Repetition()

    init(at now: Int64) {
        startedAt = now
        firstAt = now
    }

    /// Takes one event; the window that a later event starts forgets what the one before counted.
    mutating func count(at now: Int64, window: Int64) {
        roll(at: now, window: window)
        events &+= 1
        total &+= 1
    }

    /// Takes one event that turned out to be harmless.
    mutating func complete(at now: Int64, window: Int64) {
        roll(at: now, window: window)
        completed &+= 1
    }

    private mutating func roll(at now: Int64, window: Int64) {
        let age = now &- startedAt
        if age >= 0, age < window { return }
        if age >= 2 &* window || age < 0 {
            firstAt = now
            total = 0
            repetition = Repetition()
        }
        startedAt = now
        events = 0
        completed = 0
    }
}
