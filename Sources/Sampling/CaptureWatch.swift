import Campus
import Capture

/// Decides when a capture's report is worth storing: every interval and when its state changes; a time without capture
/// becomes a gap once it is over.
struct CaptureWatch {
    private let interval: Duration
    private var postedAt: Timestamp?
    private var state: CaptureReport.State = .starting
    private var failure: (since: Timestamp, reason: String)?
    private var lastRunning: Timestamp?

    init(interval: Duration) { self.interval = interval }

    /// Whether the capture was seen running at or after `instant`.
    func hasRun(since instant: Timestamp) -> Bool {
        guard let lastRunning else { return false }
        return lastRunning >= instant
    }

    mutating func look(at report: CaptureReport, post: (SamplingEvent) -> Void) {
        let now = report.accounting.at
        if report.state == .running { noteRunning(at: now, post: post) }
        if case .failed(let error) = report.state, failure == nil { failure = (now, error.description) }
        if report.state == .starting { return }
        let isDue = postedAt.map { now.since($0) >= interval || now < $0 } ?? true
        guard isDue || report.state != state else { return }
        postedAt = now
        state = report.state
        post(.accounting(report))
    }

    private mutating func noteRunning(at now: Timestamp, post: (SamplingEvent) -> Void) {
        lastRunning = now
        guard let failure else { return }
        self.failure = nil
        post(.gap(start: failure.since, end: now, reason: failure.reason))
    }
}
