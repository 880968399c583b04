import Campus
import Foundation
import Reporting
import SNMP

/// The steps of a poll as lines for people: when, what, and what to do where it fails.
struct StepText: Sendable {
    private let target: SNMPTarget
    private let start = ContinuousClock.now

    init(_ target: SNMPTarget) { self.target = target }

    var witness: @Sendable (SNMPStep) -> Void {
        { step in
            let time = Figures.rounded((ContinuousClock.now - start).inSeconds, decimals: 3)
            let line = "\(time) s  \(text(step))".split(whereSeparator: \.isNewline).joined(separator: " ")
            try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
        }
    }

    func text(_ step: SNMPStep) -> String {
        switch step {
        case .asking(let target): "asking: \(target) \(means)"
        case .discovering: "engine: asking \(target) for its engine id, without a user (RFC 3414 §4)"
        case .discovered(let engineID, let boots, let seconds):
            "engine: id \(engineID.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()), boots \(boots), time \(seconds) s"
        case .keysMade: "keys: made of the passwords for this engine"
        case .clockSet(let boots, let seconds):
            "time window: the engine says boots \(boots), time \(seconds) s; asking again with these"
        case .refused(let reason): refusal(reason)
        case .withoutPrivacy: "priv: no answer to an encrypted request; asking once for sysUpTime with authentication alone"
        case .timedOut(let attempt, let after):
            "no answer: try \(attempt), after \(Figures.rounded(after.inSeconds, decimals: 2)) s"
        case .answered(let roundTrip):
            "answered: \(accepted), round trip \(Figures.rounded(roundTrip.inSeconds * 1000, decimals: 1)) ms"
        case .read(let name, let values, let pduCount, let problem):
            "read: \(name), \(Figures.several(values, "value")), \(Figures.several(pduCount, "PDU"))"
                + (problem.map { ": \($0.printable)" } ?? "")
        case .ended(let outcome): "ended: \(word(outcome))"
        }
    }

    private var means: String {
        let credential = target.credential
        guard credential.version == .v3 else { return "by SNMP \(credential.version.rawValue) with a community" }
        let protocols = [credential.auth?.rawValue, credential.priv?.rawValue].compactMap { $0 }.joined(separator: ", ")
        return "by SNMPv3 as user \(credential.user.printable), \(credential.securityLevel)"
            + (protocols.isEmpty ? "" : " (\(protocols))")
    }

    private var accepted: String {
        let credential = target.credential
        guard credential.version == .v3 else { return "community accepted" }
        let steps = ["user", credential.auth == nil ? nil : "auth", credential.priv == nil ? nil : "priv", "time window"]
        return steps.compactMap { $0 }.joined(separator: ", ") + " accepted"
    }

    /// The step that failed, and the remedy.
    private func refusal(_ reason: USMReason?) -> String {
        switch reason {
        case .unknownUserName: "user: refused, the agent does not know it: correct -u, or create the user on the device"
        case .wrongDigest:
            "auth: refused, password or protocol is wrong: correct -A and -a (SHA-256 unless the device says otherwise)"
        case .decryptionError:
            "priv: refused, password or protocol is wrong: correct -X and -x (AES unless the device says otherwise)"
        case .notInTimeWindow:
            "time window: refused, boots and time do not agree: try again; if it stays, restart the device's agent"
        case .unsupportedSecurityLevel:
            "level: refused, the user has no such level there: choose another -l, or raise it on the device"
        case .unknownEngineID: "engine: the agent has another engine id now; discovering it again"
        case nil: "refused: by a report that is not of USM: look at the device's SNMP settings"
        }
    }

    private func word(_ outcome: SNMPOutcome) -> String {
        switch outcome {
        case .answered: "answered"
        case .silent: "silent"
        case .unauthorised(let reason): reason.words
        case .unreachable(let text): text.printable
        case .cancelled: "cancelled"
        }
    }
}
