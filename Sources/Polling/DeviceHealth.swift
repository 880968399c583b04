import Campus

/// What one look at a device found.
enum Sighting: Hashable, Sendable {
    case answered
    case refused(reason: String)
    /// No answer to SNMP, but to ping or TCP.
    case snmpSilent(reason: String)
    case unreachable(reason: String)

    var state: DeviceState {
        switch self {
        case .answered: .up
        case .refused: .unauthorised
        case .snmpSilent: .snmpSilent
        case .unreachable: .down
        }
    }

    var reason: String {
        switch self {
        case .answered: ""
        case .refused(let reason), .snmpSilent(let reason), .unreachable(let reason): reason
        }
    }
}

/// The state of a device and the suspicion against it: a pure state machine of sightings.
///
/// An answer and a refusal are certain at once. Silence has to be seen several times running, and is then dated from the
/// first time, so that one lost datagram is no outage and an outage loses no seconds.
struct DeviceHealth: Sendable {
    private(set) var state = DeviceState.unknown
    private(set) var reason = ""
    private var misses = 0
    private var suspected = DeviceState.unknown
    private var firstMissAt = Timestamp(milliseconds: 0)

    enum Change: Equatable {
        /// Nothing new.
        case none
        /// Silence that has to be confirmed: look again soon.
        case suspect
        /// Another state, or another reason for it, from this instant on.
        case changed(since: Timestamp)
    }

    init(state: DeviceState = .unknown) { self.state = state }

    /// Whether the last sighting was silence that is not confirmed yet.
    var isSuspect: Bool { misses > 0 && suspected != state }

    /// Takes in a sighting that began at `at`; `confirmations` is how many misses make a loss.
    mutating func observe(_ sighting: Sighting, at: Timestamp, confirmations: Int) -> Change {
        switch sighting {
        case .answered, .refused:
            misses = 0
            return settle(sighting, since: at)
        case .snmpSilent, .unreachable:
            if misses == 0 || suspected != sighting.state {
                misses = 0
                suspected = sighting.state
                firstMissAt = at
            }
            misses += 1
            if misses < confirmations, state != sighting.state { return .suspect }
            return settle(sighting, since: firstMissAt)
        }
    }

    private mutating func settle(_ sighting: Sighting, since: Timestamp) -> Change {
        let isNew = state != sighting.state
        state = sighting.state
        reason = sighting.reason
        return isNew ? .changed(since: since) : .none
    }
}
