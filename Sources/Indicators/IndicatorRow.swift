package import Campus
import Crypto

/// What an indicator's query returns for one scope.
package struct IndicatorRow: Hashable, Sendable {
    package var scope: String
    package var numerator: Double?
    package var denominator: Double?
    package var validSamples: Double?
    package var expectedSamples: Double?

    package static let columns = ["scope", "numerator", "denominator", "valid_samples", "expected_samples"]

    package init(scope: String, numerator: Double?, denominator: Double?, validSamples: Double?, expectedSamples: Double?) {
        self.scope = scope
        self.numerator = numerator
        self.denominator = denominator
        self.validSamples = validSamples
        self.expectedSamples = expectedSamples
    }

    /// Nil when the row names no scope.
    package init?(row: [String: ColumnValue]) {
        guard let scope = row["scope"]?.text else { return nil }
        self.init(
            scope: scope, numerator: row["numerator"]?.number, denominator: row["denominator"]?.number,
            validSamples: row["valid_samples"]?.number, expectedSamples: row["expected_samples"]?.number)
    }
}

extension IndicatorValue {
    /// The value record of one row: `numerator / denominator × scale`, with how much of what was expected is known.
    ///
    /// An empty denominator is `not_applicable` and has no value, whatever the numerator; coverage decides the rest.
    package init(_ row: IndicatorRow, of indicator: Indicator, in period: Period, at now: Timestamp) {
        let coverage = Self.coverage(row)
        self.init(
            indicator: indicator.id, scope: row.scope, period: period.label, periodStart: period.start, periodEnd: period.end,
            status: Self.status(row, coverage: coverage), ruleVersion: indicator.version, sources: indicator.sources,
            computedAt: now)
        if status != .notApplicable, let numerator = row.numerator, let denominator = row.denominator, denominator != 0 {
            value = numerator / denominator * indicator.scale
        }
        numerator = row.numerator
        denominator = row.denominator
        validSamples = row.validSamples
        expectedSamples = row.expectedSamples
        self.coverage = coverage
        inputDigest = Self.digest(row, of: indicator, in: period)
    }

    private static func coverage(_ row: IndicatorRow) -> Double? {
        guard let expected = row.expectedSamples, let valid = row.validSamples, expected > 0 else { return nil }
        return min(1, max(0, valid / expected))
    }

    private static func status(_ row: IndicatorRow, coverage: Double?) -> IndicatorStatus {
        guard let denominator = row.denominator, denominator != 0 else {
            return (coverage ?? 1) < 0.80 ? .insufficient : .notApplicable
        }
        switch coverage {
        case .some(0.95...): return .ok
        case .some(0.80..<0.95): return .partial
        case .some, .none: return .insufficient
        }
    }

    /// SHA-256 over the query, the period and the row's parts, so that two computations can be told apart.
    private static func digest(_ row: IndicatorRow, of indicator: Indicator, in period: Period) -> String {
        let numbers = [row.numerator, row.denominator, row.validSamples, row.expectedSamples].map {
            $0.map { String($0) } ?? "null"
        }
        let parts = [
            indicator.id, indicator.version, indicator.select, period.label, String(period.start.milliseconds),
            String(period.end.milliseconds), row.scope,
        ]
        let text = (parts + numbers).joined(separator: "\u{1F}")
        return SHA256.hash(data: Array(text.utf8)).hexadecimal
    }
}

extension Sequence<UInt8> {
    /// Two lower-case digits a byte.
    fileprivate var hexadecimal: String {
        let digits = Array("0123456789abcdef")
        return String(flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}
