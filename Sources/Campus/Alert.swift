/// One alert: a rule and a subject that belong together from pending to resolved.
package struct Alert: Hashable, Sendable {
    /// A ULID-like text, sortable by time.
    package var id: String
    package var rule: String
    package var ruleVersion: String
    package var ruleTitle: Bilingual
    package var subject: String
    package var severity: Severity
    package var state: AlertState
    /// When the condition was first seen; `firingAt` when `for` had passed.
    package var startedAt: Timestamp
    package var firingAt: Timestamp?
    package var resolvedAt: Timestamp?
    /// When the rule last returned the subject as violated.
    package var lastViolatedAt: Timestamp
    package var value: Double?
    package var message: Bilingual
    /// A class of `classes.tsv` for detections, else empty.
    package var observationClass: String
    package var source: String?
    package var destination: String?
    package var labels: [String: String]
    package var dengbao: [String]

    package init(
        id: String, rule: String, ruleVersion: String, ruleTitle: Bilingual, subject: String, severity: Severity,
        state: AlertState, startedAt: Timestamp, lastViolatedAt: Timestamp, message: Bilingual
    ) {
        self.id = id
        self.rule = rule
        self.ruleVersion = ruleVersion
        self.ruleTitle = ruleTitle
        self.subject = subject
        self.severity = severity
        self.state = state
        self.startedAt = startedAt
        self.lastViolatedAt = lastViolatedAt
        self.message = message
        observationClass = ""
        labels = [:]
        dengbao = []
    }
}

/// One step of an alert, by whom and why; the truth of which the alert log is a projection.
package struct AlertEvent: Hashable, Sendable {
    /// 1, 2, 3 … without holes, given by the store.
    package var sequence: Int64
    package var at: Timestamp
    /// The alert as it stood right after this step.
    package var alert: Alert
    /// `pending`, `firing`, `acknowledged`, `resolved`, `closed`.
    package var action: AlertState
    /// `campanile` or an account's name.
    package var actor: String
    package var cause: String

    package init(
        sequence: Int64 = 0, at: Timestamp, alert: Alert, action: AlertState, actor: String = "campanile", cause: String = ""
    ) {
        self.sequence = sequence
        self.at = at
        self.alert = alert
        self.action = action
        self.actor = actor
        self.cause = cause
    }
}
