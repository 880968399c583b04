/// What is known of an authoritative engine's boots and time (RFC 3414 §2.3), counted on with our monotonic clock, so that a
/// jump of ours changes nothing.
struct EngineClock {
    /// RFC 3414 §2.2.3: seconds that a message may be away from the engine's time.
    static let window: Int64 = 150
    /// RFC 3414 §2.2.2: an engine that has counted so far takes part no more.
    static let lastBoots: Int64 = 2_147_483_647

    private(set) var boots: Int64
    private var seconds: Int64
    private var latest: Int64
    private var heardAt: UInt64

    /// As the engine tells, at `now` of the monotonic clock in nanoseconds.
    init(boots: Int64, seconds: Int64, now: UInt64) {
        self.boots = boots
        self.seconds = seconds
        latest = seconds
        heardAt = now
    }

    func seconds(now: UInt64) -> Int64 {
        seconds &+ Int64(clamping: (max(now, heardAt) - heardAt) / 1_000_000_000)
    }

    /// Whether an authentic message of these boots and time is timely (RFC 3414 §3.2 7b); it sets the clock if it is newer.
    mutating func admits(boots: Int64, seconds: Int64, now: UInt64) -> Bool {
        if boots > self.boots || boots == self.boots && seconds > latest {
            self = EngineClock(boots: boots, seconds: seconds, now: now)
        }
        return boots == self.boots && boots != Self.lastBoots && seconds >= self.seconds(now: now) - Self.window
    }
}
