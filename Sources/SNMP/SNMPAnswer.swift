package import Campus

/// Why a USM agent refused a message: the usmStats counter its report named (RFC 3414 §3.2).
package enum USMReason: String, CaseIterable, Sendable {
    case unsupportedSecurityLevel, notInTimeWindow, unknownUserName, unknownEngineID, wrongDigest, decryptionError

    /// What to look at, in English: the user, the password or the privacy key.
    package var words: String {
        switch self {
        case .unsupportedSecurityLevel: "unsupported security level: the agent does not offer this user's protocols"
        case .notInTimeWindow: "not in time window: the agent's engine boots or time could not be agreed on"
        case .unknownUserName: "wrong user: the agent does not know this user name"
        case .unknownEngineID: "unknown engine id: the agent does not accept its own engine id"
        case .wrongDigest: "wrong password: the agent rejects the authentication password or protocol"
        case .decryptionError: "wrong privacy key: the agent cannot decrypt with this privacy password or protocol"
        }
    }
}

/// How a poll of one agent ended.
package enum SNMPOutcome: Hashable, Sendable {
    /// At least one request was answered; what failed in part stands in `tableErrors`.
    case answered
    /// No usable answer within all retries: nobody there, a wrong community, or only malformed datagrams.
    case silent
    case unauthorised(USMReason)
    /// The request could not be sent, or the credential cannot be used: what and why.
    case unreachable(String)
    /// The task was cancelled or the engine shut down.
    case cancelled
}

/// What one agent answered to one list of requests.
package struct SNMPAnswer: Sendable {
    /// Aligned with the requests; a table that failed half-way holds what came before.
    package var tables: [VariableBindings]
    /// Aligned with the requests; nil where the table was read to its end.
    package var tableErrors: [String?]
    package var outcome: SNMPOutcome
    /// Request PDUs sent, retries included.
    package var pduCount = 0
    /// Requests sent again after a timeout.
    package var retries = 0
    /// Datagrams that could not be parsed or failed their digest.
    package var malformed = 0
    /// Well-formed answers to no request that is open: late, doubled or another's.
    package var foreign = 0
    package var duration: Duration = .zero
    /// Smoothed round trip of one request.
    package var roundTrip: Duration?
    /// snmpEngineID from v3 discovery (RFC 3414 §4); nil below v3.
    package var engineID: [UInt8]?

    package init(requestCount: Int, outcome: SNMPOutcome) {
        tables = Array(repeating: VariableBindings(), count: requestCount)
        tableErrors = Array(repeating: nil, count: requestCount)
        self.outcome = outcome
    }

    /// Why the outcome is not `answered`, in English, for people; empty when it is.
    package var reason: String {
        switch outcome {
        case .answered: ""
        case .silent:
            if malformed > 0 {
                "malformed answers: \(malformed) datagram(s) came that are no valid SNMP"
            } else if foreign > 0 {
                "\(foreign) answer(s) came too late or to no open request"
            } else {
                "no answer to SNMP: not running, blocked, or a wrong community (an agent drops those without a word)"
            }
        case .unauthorised(let reason): reason.words
        case .unreachable(let text): text
        case .cancelled: "cancelled"
        }
    }
}
