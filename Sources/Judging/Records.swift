import Campus
import Compliance
import Evidence

extension VerdictRecord {
    /// One row an object, and one with an empty subject for the item as a whole.
    static func records(of assessment: Assessment) -> [VerdictRecord] {
        let rule = "\(assessment.item.id)@\(assessment.item.version)"
        let whole = VerdictRecord(
            item: assessment.item.id, system: assessment.system, subject: "", verdict: assessment.verdict,
            reason: assessment.reason,
            rule: rule, coverage: assessment.coverage, at: assessment.at)
        return [whole]
            + assessment.objects.map { object in
                VerdictRecord(
                    item: assessment.item.id, system: assessment.system, subject: object.subject, verdict: object.verdict,
                    reason: object.reason, rule: rule, samples: object.samples.map(Int64.init),
                    expected: object.expected.map(Int64.init), coverage: object.coverage, at: assessment.at)
            }
    }
}

extension IndicatorRecord {
    init(_ value: IndicatorValue) {
        self.init(
            indicator: value.indicator, scope: value.scope, period: value.period, periodStart: value.periodStart,
            periodEnd: value.periodEnd, value: value.value, numerator: value.numerator, denominator: value.denominator,
            validSamples: value.validSamples.flatMap { Int64(exactly: $0.rounded()) },
            expectedSamples: value.expectedSamples.flatMap { Int64(exactly: $0.rounded()) }, coverage: value.coverage,
            status: value.status.rawValue, methodVersion: value.methodVersion, ruleVersion: value.ruleVersion,
            sources: value.sources.joined(separator: ","), computedAt: value.computedAt, inputDigest: value.inputDigest)
    }
}
