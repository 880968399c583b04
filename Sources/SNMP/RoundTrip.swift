/// The smoothed round trip of one device and the wait made from it (RFC 6298 §2).
struct RoundTrip {
    private(set) var smoothed: Duration?
    private var variation = Duration.zero

    mutating func add(_ sample: Duration) {
        guard let smoothed else {
            self.smoothed = sample
            variation = sample / 2
            return
        }
        let difference = sample > smoothed ? sample - smoothed : smoothed - sample
        variation = (variation * 3 + difference) / 4
        self.smoothed = (smoothed * 7 + sample) / 8
    }

    /// How long to wait for an answer to try number `attempt`, 0 for the first: each waits twice as long as the one before.
    func timeout(_ attempt: Int, _ settings: SNMPSettings) -> Duration {
        let first = smoothed.map { max(settings.minimumTimeout, $0 + variation * 4) } ?? settings.timeout
        return min(settings.maximumTimeout, first * (1 << min(attempt, 8)))
    }
}
