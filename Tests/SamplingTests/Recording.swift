import Campus
import Evidence
import Synchronization

@testable import Sampling

/// An archive that remembers what it was given, and refuses while it is told to.
final class RecordingArchive: TrafficArchive {
    struct Contents: Sendable {
        var observations: [Observation] = []
        var minutes: [TrafficMinute] = []
        var accountings: [CaptureAccounting] = []
        var states: [CaptureState] = []
        var reasons: [String] = []
        var gaps: [String] = []
        var refusals = 0
        var isRefusing = false
        var lastMinute: Timestamp?
    }

    private let mutex = Mutex(Contents())

    var contents: Contents { mutex.withLock { $0 } }

    func refuse(_ isRefusing: Bool) { mutex.withLock { $0.isRefusing = isRefusing } }

    func setLastMinute(_ start: Timestamp) { mutex.withLock { $0.lastMinute = start } }

    private func take(_ change: (inout Contents) -> Void) throws(EvidenceError) {
        let isRefused = mutex.withLock { contents in
            if contents.isRefusing { contents.refusals += 1 } else { change(&contents) }
            return contents.isRefusing
        }
        if isRefused { throw .diskFull(path: "archive") }
    }

    func record(observations: [Observation]) throws(EvidenceError) { try take { $0.observations += observations } }

    func record(_ minute: TrafficMinute) throws(EvidenceError) { try take { $0.minutes.append(minute) } }

    func record(_ accounting: CaptureAccounting, startedAt: Timestamp, state: CaptureState, reason: String) throws(EvidenceError)
    {
        try take { contents in
            contents.accountings.append(accounting)
            contents.states.append(state)
            contents.reasons.append(reason)
        }
    }

    func recordGap(kind: GapKind, start: Timestamp, end: Timestamp, reason: String) throws(EvidenceError) {
        try take { $0.gaps.append("\(kind) \(start.milliseconds) \(end.milliseconds) \(reason)") }
    }

    func lastTrafficMinute(interface: String) throws(EvidenceError) -> Timestamp? { contents.lastMinute }
}

/// Asks again and again, for at most ten seconds.
func eventually(_ holds: () -> Bool) async throws -> Bool {
    for _ in 0..<500 {
        if holds() { return true }
        try await Task.sleep(for: .milliseconds(20))
    }
    return holds()
}
