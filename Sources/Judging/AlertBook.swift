import Campus
import Rules

/// The alert machines of all rules and subjects. It answers with a change and takes it when the store has it.
struct AlertBook {
    struct Key: Hashable {
        var rule: String
        var subject: String
    }

    /// Machines as they would stand, and what that brings.
    struct Change {
        var machines: [Key: AlertMachine?] = [:]
        var events: [AlertEvent] = []
    }

    private var machines: [Key: AlertMachine] = [:]
    /// Subjects by rule, so that one that has vanished from an answer is noticed.
    private var subjects: [String: Set<String>] = [:]

    init() {}

    init(open alerts: [Alert], at now: Timestamp) {
        for alert in alerts { set(AlertMachine(open: alert, at: now), Key(rule: alert.rule, subject: alert.subject)) }
    }

    var openCount: Int { machines.values.count { $0.alert != nil } }

    /// What a rule's answer brings. Rows that are fine and have no machine cost nothing.
    func judging(_ rule: Rule, _ verdicts: [RuleRunner.Verdict], at now: Timestamp) -> Change {
        var change = Change()
        var generator = SystemRandomNumberGenerator()
        var missing = subjects[rule.id] ?? []
        for verdict in verdicts {
            let key = Key(rule: rule.id, subject: verdict.judgement.subject)
            missing.remove(key.subject)
            guard var machine = machines[key] ?? (verdict.outcome == .violated ? AlertMachine(at: now) : nil) else { continue }
            change.events += machine.step(rule, verdict.judgement, outcome: verdict.outcome, at: now) {
                AlertIdentity.make(at: now, using: &generator)
            }
            change.machines[key] = machine.isIdle(at: now) ? .some(nil) : machine
        }
        for subject in missing {
            let key = Key(rule: rule.id, subject: subject)
            guard var machine = machines[key] else { continue }
            change.events += machine.absent(rule, at: now)
            change.machines[key] = machine.isIdle(at: now) ? .some(nil) : machine
        }
        return change
    }

    /// What a person's step on one alert brings; nothing when it is not open.
    func updating(alert id: String, _ step: (inout AlertMachine) -> [AlertEvent]) -> Change {
        guard let (key, found) = machines.first(where: { $0.value.alert?.id == id }) else { return Change() }
        var machine = found
        let events = step(&machine)
        return Change(machines: [key: machine], events: events)
    }

    /// Ends every alert of the rules that `isGone` names.
    func endingAll(at now: Timestamp, cause: String, _ isGone: (String) -> Bool) -> Change {
        var change = Change()
        for (key, found) in machines where isGone(key.rule) {
            var machine = found
            change.events += machine.end(cause: cause, at: now)
            change.machines[key] = .some(nil)
        }
        return change
    }

    mutating func take(_ change: Change) {
        for (key, machine) in change.machines { set(machine, key) }
    }

    private mutating func set(_ machine: AlertMachine?, _ key: Key) {
        machines[key] = machine
        if machine == nil {
            subjects[key.rule]?.remove(key.subject)
        } else {
            subjects[key.rule, default: []].insert(key.subject)
        }
    }
}
