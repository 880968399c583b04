package import Campus
import Glibc

/// The two times a poller lives by; a parameter, so that tests need not wait.
package struct PollingClock: Sendable {
    /// What evidence is dated with.
    package var now: @Sendable () -> Timestamp
    /// Time since some start, never stepping: what schedules are made of.
    package var elapsed: @Sendable () -> Duration
    package var sleep: @Sendable (Duration) async throws -> Void

    package init(
        now: @escaping @Sendable () -> Timestamp, elapsed: @escaping @Sendable () -> Duration,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.now = now
        self.elapsed = elapsed
        self.sleep = sleep
    }

    /// The host's clocks.
    package static func system() -> PollingClock {
        let start = ContinuousClock.now
        return PollingClock(now: wallClock, elapsed: { ContinuousClock.now - start }, sleep: { try await Task.sleep(for: $0) })
    }
}

@Sendable private func wallClock() -> Timestamp {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(milliseconds: Int64(time.tv_sec) &* 1000 &+ Int64(time.tv_nsec) / 1_000_000)
}
