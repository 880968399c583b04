package import Campus

/// One row that a rule returned: a judged object with its outcome.
package struct RuleResult: Hashable, Sendable {
    package var subject: String
    package var outcome: Outcome
    package var value: Double?
    package var samples: Int64?
    package var expected: Int64?
    package var seenAt: Timestamp?
    /// All other columns, as a JSON object.
    package var columns: String

    package init(
        subject: String, outcome: Outcome, value: Double? = nil, samples: Int64? = nil, expected: Int64? = nil,
        seenAt: Timestamp? = nil, columns: String = "{}"
    ) {
        self.subject = subject
        self.outcome = outcome
        self.value = value
        self.samples = samples
        self.expected = expected
        self.seenAt = seenAt
        self.columns = columns
    }
}

/// One run of a rule and how it went.
package struct RuleRun: Hashable, Sendable {
    package var rule: String
    package var at: Timestamp
    package var duration: Duration
    package var rows: Int
    package var violated: Int
    package var unknown: Int
    /// Why the rule could not be judged; nil when it could.
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

/// One 等保 item judged for one object of one system.
package struct VerdictRecord: Hashable, Sendable {
    package var item: String
    package var system: String
    package var subject: String
    package var verdict: Verdict
    package var reason: Bilingual
    package var rule: String
    package var samples: Int64?
    package var expected: Int64?
    /// 0–1.
    package var coverage: Double?
    package var at: Timestamp

    package init(
        item: String, system: String, subject: String, verdict: Verdict, reason: Bilingual, rule: String, samples: Int64? = nil,
        expected: Int64? = nil, coverage: Double? = nil, at: Timestamp
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

/// One indicator of one scope and period, with all that explains it.
package struct IndicatorRecord: Hashable, Sendable {
    package var indicator: String
    package var scope: String
    /// `2026-11-21`, `2026-W47`, `2026-11`, `2026`, `2025-2026-2`, `window:…`.
    package var period: String
    package var periodStart: Timestamp
    package var periodEnd: Timestamp
    package var value: Double?
    package var numerator: Double?
    package var denominator: Double?
    package var validSamples: Int64?
    package var expectedSamples: Int64?
    /// 0–1.
    package var coverage: Double?
    /// `ok`, `partial`, `insufficient`, `not_applicable`.
    package var status: String
    package var methodVersion: String
    package var ruleVersion: String
    package var sources: String
    package var computedAt: Timestamp
    package var inputDigest: String

    package init(
        indicator: String, scope: String, period: String, periodStart: Timestamp, periodEnd: Timestamp, value: Double? = nil,
        numerator: Double? = nil, denominator: Double? = nil, validSamples: Int64? = nil, expectedSamples: Int64? = nil,
        coverage: Double? = nil, status: String, methodVersion: String = "1", ruleVersion: String = "1", sources: String = "",
        computedAt: Timestamp, inputDigest: String = ""
    ) {
        self.indicator = indicator
        self.scope = scope
        self.period = period
        self.periodStart = periodStart
        self.periodEnd = periodEnd
        self.value = value
        self.numerator = numerator
        self.denominator = denominator
        self.validSamples = validSamples
        self.expectedSamples = expectedSamples
        self.coverage = coverage
        self.status = status
        self.methodVersion = methodVersion
        self.ruleVersion = ruleVersion
        self.sources = sources
        self.computedAt = computedAt
        self.inputDigest = inputDigest
    }
}

/// Time in which something did not watch.
package enum GapKind: String, CaseIterable, Sendable {
    case agent, traffic, store, clock
}

/// Whether a capture runs.
package enum CaptureState: String, CaseIterable, Sendable {
    case running, stopped
}
