package import Campus

/// The life of one alert as a pure state machine: pending → firing → acknowledged → resolved, or closed by a person.
///
/// There is one for each rule and subject. It does no I/O: a step takes what the rule says now and returns the events that
/// follow. Unknown neither raises nor resolves.
package struct AlertMachine: Sendable {
    /// The open alert, if any.
    package private(set) var alert: Alert?
    /// When it fired lately, for damping.
    private var firings: [Timestamp] = []
    /// A person closed it while the condition stood: nothing is raised before the condition has gone once.
    private var isClosedByPerson = false
    /// When the subject was last in the rule's answer.
    private var lastSeen: Timestamp

    /// A machine that starts with what the store remembers. An alert found open counts as violated until `now`, for nobody
    /// watched in between.
    package init(open alert: Alert? = nil, at now: Timestamp) {
        self.alert = alert
        lastSeen = now
        if let alert, alert.state != .pending { self.alert?.lastViolatedAt = max(now, alert.lastViolatedAt) }
    }

    /// True when the machine remembers nothing that matters and may be forgotten.
    package func isIdle(at now: Timestamp) -> Bool {
        alert == nil && !isClosedByPerson && firings.allSatisfy { now.since($0) > Self.flapWindow }
    }

    /// What follows from one row of the rule's answer.
    package mutating func step(_ rule: Rule, _ judgement: Judgement, outcome: Outcome, at now: Timestamp, newID: () -> String)
        -> [AlertEvent]
    {
        lastSeen = now
        switch outcome {
        case .violated: return violated(rule, judgement, at: now, newID: newID)
        case .held, .partial: return calm(rule, cause: "the condition has gone", keep: keep(rule, at: now), at: now)
        case .notApplicable: return calm(rule, cause: "the rule does not apply now", keep: .zero, at: now)
        case .unknown: return []
        }
    }

    /// What follows from the subject's absence in an answer that worked: after three intervals it is no longer judged.
    package mutating func absent(_ rule: Rule, at now: Timestamp) -> [AlertEvent] {
        let patience = max(rule.every * 3, rule.keepFiringFor)
        guard now.since(lastSeen) >= patience || now < lastSeen else { return [] }
        return calm(rule, cause: "the subject is no longer judged", keep: .zero, at: now)
    }

    /// A person has taken it on.
    package mutating func acknowledge(by actor: String, cause: String, at now: Timestamp) -> [AlertEvent] {
        guard alert?.state == .firing else { return [] }
        return move(to: .acknowledged, at: now, actor: actor, cause: cause)
    }

    /// The rule itself is gone or switched off: nothing judges the subject any more.
    package mutating func end(cause: String, at now: Timestamp) -> [AlertEvent] {
        guard alert != nil else { return [] }
        alert?.resolvedAt = now
        let events = move(to: .resolved, at: now, cause: cause)
        alert = nil
        return events
    }

    /// A person ends it, with a cause; it is not raised again before the condition has gone once.
    package mutating func close(by actor: String, cause: String, at now: Timestamp) -> [AlertEvent] {
        guard alert != nil else { return [] }
        alert?.resolvedAt = now
        let events = move(to: .closed, at: now, actor: actor, cause: cause)
        alert = nil
        isClosedByPerson = true
        return events
    }

    /// Fired this often within the window, it flaps: each further time doubles how long it must be calm, up to the window.
    private static let flapCount = 3
    private static let flapWindow: Duration = .seconds(3600)

    private var isFlapping: Bool { firings.count >= Self.flapCount }

    private func keep(_ rule: Rule, at now: Timestamp) -> Duration {
        guard isFlapping else { return rule.keepFiringFor }
        let doublings = min(6, firings.count - Self.flapCount + 1)
        return min(Self.flapWindow, max(rule.keepFiringFor, rule.every) * (1 << doublings))
    }

    private mutating func violated(_ rule: Rule, _ judgement: Judgement, at now: Timestamp, newID: () -> String) -> [AlertEvent] {
        if isClosedByPerson { return [] }
        firings.removeAll { now.since($0) > Self.flapWindow }
        guard var open = alert else { return raise(rule, judgement, at: now, id: newID()) }
        if open.state == .pending, now.since(open.lastViolatedAt) > rule.every * 3 {
            open.startedAt = now
        }
        let isWorse = open.state != .pending && (judgement.severity ?? rule.severity) > open.severity
        fill(&open, rule, judgement, at: now)
        alert = open
        if open.state == .pending, now.since(open.startedAt) >= rule.holdFor { return fire(at: now, cause: "") }
        if isWorse { return move(to: open.state, at: now, cause: "severity rose to \(open.severity.rawValue)") }
        return []
    }

    private mutating func raise(_ rule: Rule, _ judgement: Judgement, at now: Timestamp, id: String) -> [AlertEvent] {
        var new = Alert(
            id: id, rule: rule.id, ruleVersion: rule.version, ruleTitle: rule.title, subject: judgement.subject,
            severity: rule.severity, state: .pending, startedAt: now, lastViolatedAt: now, message: Bilingual(zh: "", en: ""))
        fill(&new, rule, judgement, at: now)
        if isFlapping { new.labels["flapping"] = "true" }
        alert = new
        return rule.holdFor > .zero ? move(to: .pending, at: now, cause: "") : fire(at: now, cause: "")
    }

    private mutating func fire(at now: Timestamp, cause: String) -> [AlertEvent] {
        firings.append(now)
        alert?.firingAt = now
        return move(to: .firing, at: now, cause: cause)
    }

    private mutating func calm(_ rule: Rule, cause: String, keep: Duration, at now: Timestamp) -> [AlertEvent] {
        isClosedByPerson = false
        guard let open = alert else { return [] }
        let isOver = open.state == .pending || now.since(open.lastViolatedAt) >= keep || now < open.lastViolatedAt
        guard isOver else { return [] }
        alert?.resolvedAt = now
        let why = open.state == .pending ? "\(cause) before it fired" : cause
        let events = move(to: .resolved, at: now, cause: why)
        alert = nil
        return events
    }

    private mutating func move(to state: AlertState, at now: Timestamp, actor: String = "campanile", cause: String)
        -> [AlertEvent]
    {
        guard var moved = alert else { return [] }
        moved.state = state
        alert = moved
        return [AlertEvent(at: now, alert: moved, action: state, actor: actor, cause: cause)]
    }

    private func fill(_ alert: inout Alert, _ rule: Rule, _ judgement: Judgement, at now: Timestamp) {
        alert.lastViolatedAt = now
        alert.severity = max(judgement.severity ?? rule.severity, alert.state == .pending ? .info : alert.severity)
        alert.value = judgement.value
        alert.message = rule.message.filled(from: judgement.columns)
        alert.observationClass = judgement.columns["class"]?.text ?? rule.detector?.observationClass ?? ""
        alert.source = judgement.columns["source"]?.text
        alert.destination = judgement.columns["destination"]?.text
        alert.dengbao = rule.dengbao
        alert.labels = alert.labels.merging(Self.labels(of: judgement)) { _, new in new }
    }

    /// Columns that say where a thing is; they become labels.
    private static func labels(of judgement: Judgement) -> [String: String] {
        var labels: [String: String] = [:]
        for name in ["device", "place", "name", "interface", "address"] {
            if let text = judgement.columns[name]?.text, !text.isEmpty { labels[name] = text }
        }
        return labels
    }
}
