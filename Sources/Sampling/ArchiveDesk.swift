import Campus
import Capture
import Evidence
import Logging

/// The writer thread's work: stores what the analyser posts, in its order, and tells observations on once they are stored.
/// While the store refuses, events wait in the mailbox's bound and are tried again.
struct ArchiveDesk {
    private let mailbox: Mailbox
    private let archive: any TrafficArchive
    private let startedAt: Timestamp
    private let logger: Logger
    private let onObservations: @Sendable ([Observation]) -> Void
    private var waiting: [SamplingEvent] = []
    private var lastState: CaptureReport.State = .starting
    private var lastFailure: EvidenceError?
    private static let idleMilliseconds: Int32 = 1000
    private static let retryMilliseconds: Int32 = 1000

    init(
        mailbox: Mailbox, archive: any TrafficArchive, startedAt: Timestamp, logger: Logger,
        onObservations: @escaping @Sendable ([Observation]) -> Void
    ) {
        self.mailbox = mailbox
        self.archive = archive
        self.startedAt = startedAt
        self.logger = logger
        self.onObservations = onObservations
    }

    /// Returns when the mailbox is closed and all that was posted is stored, or was refused at the very end.
    mutating func run() {
        while let events = waiting.isEmpty ? mailbox.take() : waiting {
            waiting = []
            if events.isEmpty {
                mailbox.wait(milliseconds: ArchiveDesk.idleMilliseconds)
            } else if !store(events) {
                if mailbox.isClosed { return logger.error("evidence lost at the end", metadata: ["events": "\(waiting.count)"]) }
                mailbox.wait(milliseconds: ArchiveDesk.retryMilliseconds)
            }
        }
    }

    /// False when the store refused; then what is left waits.
    private mutating func store(_ events: [SamplingEvent]) -> Bool {
        for (position, event) in events.enumerated() {
            do throws(EvidenceError) {
                try store(event)
                if lastFailure != nil { logger.notice("evidence is stored again") }
                lastFailure = nil
            } catch {
                if error != lastFailure { logger.error("evidence not stored", metadata: ["error": "\(error)"]) }
                lastFailure = error
                waiting = Array(events[position...])
                return false
            }
        }
        return true
    }

    private mutating func store(_ event: SamplingEvent) throws(EvidenceError) {
        switch event {
        case .observations(let observations):
            try archive.record(observations: observations)
            onObservations(observations)
        case .minute(let minute):
            try archive.record(minute)
        case .accounting(let report):
            tell(report)
            try archive.record(report.accounting, startedAt: startedAt, state: report.storedState, reason: report.reason)
        case .gap(let start, let end, let reason):
            try archive.recordGap(kind: .traffic, start: start, end: end, reason: reason)
        }
    }

    /// One log line a change of state.
    private mutating func tell(_ report: CaptureReport) {
        guard report.state != lastState else { return }
        lastState = report.state
        switch report.state {
        case .running: logger.info("capture running")
        case .failed(let error): logger.warning("capture not running", metadata: ["error": "\(error)"])
        case .stopped: logger.info("capture stopped")
        case .starting: break
        }
    }
}

extension CaptureReport {
    fileprivate var storedState: CaptureState { state == .running ? .running : .stopped }

    fileprivate var reason: String {
        if case .failed(let error) = state { return error.description }
        return ""
    }
}
