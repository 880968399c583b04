/// How far an indicator's value may be reported.
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
        methodVersion: String = "1", ruleVersion: String = "1", sources: [String] = [], computedAt: Timestamp,
        inputDigest: String = ""
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
