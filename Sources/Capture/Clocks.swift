// Clang gives `timespec` to whichever of the two modules it read first.
private import CPcap
package import Campus
private import Glibc

/// The host's wall clock, the one that libpcap stamps frames with. It may step.
package enum WallClock {
    package static var now: Timestamp { Timestamp(milliseconds: microseconds / 1000) }

    /// Microseconds since 1970.
    package static var microseconds: Int64 { read(CLOCK_REALTIME) }
}

/// A clock that never steps back, from an arbitrary start.
package enum SteadyClock {
    package static var microseconds: Int64 { read(CLOCK_MONOTONIC) }
}

private func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    _ = unsafe clock_gettime(clock, &time)
    return Int64(time.tv_sec) &* 1_000_000 &+ Int64(time.tv_nsec) / 1000
}
