/// When one device is looked at next, and how: a pure value in time since the poller's start.
struct DeviceSchedule: Sendable {
    /// A look at a device, from dear to cheap.
    enum Look: Sendable, Equatable {
        /// All that its plan names.
        case full
        /// What changes.
        case fast
        /// One value: is it there?
        case pulse
    }

    private var nextPoll: Duration
    private var nextPulse: Duration
    private var lastFull: Duration?
    private var backOff: Duration?
    private var hasPolled = false

    /// From 0 up to 1: the device's own place among all others.
    private let phase: Double

    init(first: Duration, phase: Double) {
        self.phase = phase
        nextPoll = first
        nextPulse = first
    }

    /// When something is due next.
    var next: Duration { min(nextPoll, nextPulse) }

    /// How late a look that begins now is.
    func delay(at now: Duration) -> Duration { max(.zero, now - next) }

    /// What to do at `now`; nil when nothing is due.
    func look(at now: Duration, settings: PollingSettings, wantsFull: Bool) -> Look? {
        guard now >= next else { return nil }
        guard now >= nextPoll else { return .pulse }
        guard let lastFull, !wantsFull, now - lastFull < settings.full else { return .full }
        return .fast
    }

    /// After an answered look that began at `start`.
    mutating func answered(_ look: Look, start: Duration, settings: PollingSettings) {
        backOff = nil
        nextPulse = start + settings.pulse
        if look == .full { lastFull = start }
        guard look != .pulse else { return }
        if hasPolled {
            // On from where it was due, so that a device keeps its place; what was missed is not made up for.
            nextPoll += settings.interval
            if nextPoll <= start { nextPoll = start + settings.interval }
        } else {
            // The second poll finds the device's place in the interval, which the hurried first one did not have.
            hasPolled = true
            nextPoll = start + settings.interval * (0.25 + 0.75 * phase)
        }
    }

    /// After a miss that is not confirmed: soon again.
    mutating func suspected(start: Duration, settings: PollingSettings) {
        nextPulse = start + settings.recheck
        // A poll would take longer than the cheap look that decides, and comes right after it.
        nextPoll = max(nextPoll, nextPulse + .milliseconds(1))
    }

    /// After a look that confirmed the loss: each time later, up to the interval.
    mutating func lost(start: Duration, settings: PollingSettings) {
        let wait = min(settings.interval, backOff.map { $0 * 2 } ?? settings.pulse)
        backOff = wait
        nextPulse = start + wait
        nextPoll = nextPulse + settings.interval
    }

    /// The device is back or has changed: poll it as soon as possible.
    mutating func hurry(at now: Duration) { nextPoll = min(nextPoll, now) }
}
