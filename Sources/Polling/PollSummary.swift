/// One round over all devices, as `campanile poll` prints it.
package struct PollSummary: Sendable {
    package var devices = 0
    package var answered = 0
    /// How many did not answer, by reason.
    package var failed: [String: Int] = [:]
    /// Answers that took longer than the interval.
    package var late = 0
    package var pdus = 0
    package var retries = 0
    package var interfaces = 0
    package var wall: Duration = .zero
    /// User and system time of the whole process.
    package var cpuSeconds = 0.0

    package init() {}

    package var cpuMillisecondsPerDevice: Double { devices == 0 ? 0 : cpuSeconds * 1000 / Double(devices) }
}

/// What the poller has done since it started; each number is counted where it happens.
package struct PollerStatus: Sendable {
    package var devices = 0
    package var inFlight = 0
    package var looks = 0
    /// Looks that were not answered.
    package var misses = 0
    /// Looks that began more than a second after they were due.
    package var late = 0
    package var pdus = 0
    package var retries = 0
    package var malformed = 0
    /// Polls that could not be stored and had to be let go.
    package var dropped = 0

    package init() {}
}
