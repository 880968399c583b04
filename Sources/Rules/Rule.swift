package import Campus
package import Definitions

/// A question asked of the evidence at an interval, and what its answers mean.
package struct Rule: Sendable {
    package var id: String
    package var version = "1"
    package var title: Bilingual
    package var severity: Severity
    package var every: Duration = .seconds(60)
    /// How long the condition must hold before the alert fires (`for`).
    package var holdFor: Duration = .zero
    /// How long the condition must be gone before the alert resolves.
    package var keepFiringFor: Duration = .zero
    /// When evidence stops being evidence; nil means three intervals.
    package var staleAfter: Duration?
    package var parameters: [String: ColumnValue] = [:]
    package var hours: Hours = .always
    /// SQL over the evidence tables; one row per judged object (`Judgement`).
    package var select: String
    package var message: BilingualTemplate
    /// ECS `event.category`.
    package var category: [String] = []
    /// 等保 items that this rule is evidence for.
    package var dengbao: [String] = []
    /// What a person does about it.
    package var runbook = ""
    /// The detector whose observations the rule judges.
    package var detector: Detector?
    /// Why and until when an administrator switched it off.
    package var disabled: Disabled?
    /// Where it is written, for problems found later.
    package var place: Element

    /// When a rule judges: always, in working hours, or outside them.
    package enum Hours: String, CaseIterable, Sendable { case always, working, closed }

    /// A traffic detector with its settings, by the detector's own names.
    package struct Detector: Hashable, Sendable {
        package var observationClass: String
        package var settings: [String: ColumnValue]
    }

    package struct Disabled: Hashable, Sendable {
        package var reason: String
        package var until: Timestamp?

        package init(reason: String, until: Timestamp?) {
            self.reason = reason
            self.until = until
        }
    }

    package init(id: String, title: Bilingual, severity: Severity, select: String, message: BilingualTemplate, place: Element) {
        self.id = id
        self.title = title
        self.severity = severity
        self.select = select
        self.message = message
        self.place = place
    }

    package func isDisabled(at now: Timestamp) -> Bool {
        guard let disabled else { return false }
        return disabled.until.map { now < $0 } ?? true
    }

    /// The row's outcome as this rule reads it: stale evidence is unknown, hours outside the rule's are not applicable.
    package func outcome(of judgement: Judgement, at now: Timestamp, isInHours: Bool) -> Outcome {
        isInHours ? judgement.settled(at: now, every: every, staleAfter: staleAfter) : .notApplicable
    }
}
