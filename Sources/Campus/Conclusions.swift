/// The latest thing a rule said of one judged object: a row of `rule_result`.
package struct RuleResult: Hashable, Sendable {
    package var rule: String
    package var subject: String
    package var outcome: Outcome
    package var value: Double?
    package var samples: Int?
    package var expected: Int?
    /// When the evidence was last seen, as the row says.
    package var seenAt: Timestamp?
    /// Since when the outcome has been this one.
    package var since: Timestamp
    /// The row's other columns as text, for messages and pages.
    package var columns: [String: String]

    package init(
        rule: String, subject: String, outcome: Outcome, value: Double? = nil, samples: Int? = nil, expected: Int? = nil,
        seenAt: Timestamp? = nil, since: Timestamp, columns: [String: String] = [:]
    ) {
        self.rule = rule
        self.subject = subject
        self.outcome = outcome
        self.value = value
        self.samples = samples
        self.expected = expected
        self.seenAt = seenAt
        self.since = since
        self.columns = columns
    }
}

/// One run of a rule: a row of `rule_run`.
package struct RuleRun: Hashable, Sendable {
    package var rule: String
    package var at: Timestamp
    package var duration: Duration
    package var rows: Int
    package var violated: Int
    package var unknown: Int
    /// Why the run failed; nil when it worked.
    package var error: String?

    package init(
        rule: String, at: Timestamp, duration: Duration, rows: Int = 0, violated: Int = 0, unknown: Int = 0, error: String? = nil
    ) {
        self.rule = rule
        self.at = at
        self.duration = duration
        self.rows = rows
        self.violated = violated
        self.unknown = unknown
        self.error = error
    }
}

/// What one object says of one 等保 item: a row of `verdict`. An empty `subject` is the item as a whole.
package struct ItemVerdict: Hashable, Sendable {
    package var item: String
    /// The information system it was judged for; empty for the whole site.
    package var system: String
    package var subject: String
    package var verdict: Verdict
    package var reason: Bilingual
    /// The definition that judged, with its version: `8.1.2.1-b@1`.
    package var rule: String
    package var samples: Int?
    package var expected: Int?
    /// 0–1.
    package var coverage: Double?
    package var at: Timestamp

    package init(
        item: String, system: String = "", subject: String, verdict: Verdict, reason: Bilingual, rule: String, samples: Int? = nil,
        expected: Int? = nil, coverage: Double? = nil, at: Timestamp
    ) {
        self.item = item
        self.system = system
        self.subject = subject
        self.verdict = verdict
        self.reason = reason
        self.rule = rule
        self.samples = samples
        self.expected = expected
        self.coverage = coverage
        self.at = at
    }
}

/// How far an indicator's value may be reported (`conventions.status` of the indicator catalogue).
package enum IndicatorStatus: String, CaseIterable, Sendable, Codable {
    /// Coverage ≥ 0.95.
    case ok
    /// 0.80 ≤ coverage < 0.95.
    case partial
    /// Coverage < 0.80: shown, not reportable.
    case insufficient
    /// The denominator is empty by nature; never shown as 100 %.
    case notApplicable = "not_applicable"
}

/// One indicator, one scope, one period: a row of `indicator_value`.
package struct IndicatorValue: Hashable, Sendable {
    package var indicator: String
    /// `school`, `layer/core`, `exit/cernet`, `device/<id>`.
    package var scope: String
    /// `2026-11-21`, `2026-W47`, `2026-11`, `2026`, `2025-2026-2`, `window:collection-2026`.
    package var period: String
    package var periodStart: Timestamp
    package var periodEnd: Timestamp
    /// In the indicator's unit; nil when it cannot be told.
    package var value: Double?
    package var numerator: Double?
    package var denominator: Double?
    package var validSamples: Double?
    package var expectedSamples: Double?
    /// 0–1; nil when nothing was expected.
    package var coverage: Double?
    package var status: IndicatorStatus
    package var methodVersion: String
    package var ruleVersion: String
    /// The evidence tables it was computed from.
    package var sources: [String]
    package var computedAt: Timestamp
    /// SHA-256 in hexadecimal of the rows it was computed from.
    package var inputDigest: String

    package init(
        indicator: String, scope: String, period: String, periodStart: Timestamp, periodEnd: Timestamp, status: IndicatorStatus,
        methodVersion: String = "1", ruleVersion: String = "1", sources: [String] = [], computedAt: Timestamp, inputDigest: String = ""
    ) {
        self.indicator = indicator
        self.scope = scope
        self.period = period
        self.periodStart = periodStart
        self.periodEnd = periodEnd
        self.status = status
        self.methodVersion = methodVersion
        self.ruleVersion = ruleVersion
        self.sources = sources
        self.computedAt = computedAt
        self.inputDigest = inputDigest
    }
}
