package import Campus

/// What one object (device, link, zone, room) says of one item, as GB/T 28448-2019 judges per object.
package struct ObjectVerdict: Hashable, Sendable {
    package var subject: String
    package var verdict: Verdict
    package var reason: Bilingual
    package var value: Double?
    package var samples: Int?
    package var expected: Int?
    /// 0–1; nil when the query counts no samples.
    package var coverage: Double?
    package var seenAt: Timestamp?

    /// Order of the catalogue: not applicable, then coverage and freshness, then what the row says. An outcome that the
    /// query itself calls unknown stays undetermined.
    package init(_ judgement: Judgement, of item: ComplianceItem, at now: Timestamp) {
        subject = judgement.subject
        value = judgement.value
        samples = judgement.samples
        expected = judgement.expected
        coverage = judgement.coverage
        seenAt = judgement.seenAt
        verdict = Self.verdict(judgement, of: item, at: now)
        reason = item.reasons[verdict]?.filled(from: judgement.columns) ?? verdict.title
        if verdict == .undetermined, judgement.outcome != .unknown {
            reason = Self.thinness(judgement, of: item, at: now) ?? reason
        }
    }

    private static func verdict(_ judgement: Judgement, of item: ComplianceItem, at now: Timestamp) -> Verdict {
        if judgement.outcome == .notApplicable { return .notApplicable }
        if let coverage = judgement.coverage, coverage < item.minimumCoverage { return .undetermined }
        if isStale(judgement, of: item, at: now) { return .undetermined }
        return judgement.outcome.verdict
    }

    private static func isStale(_ judgement: Judgement, of item: ComplianceItem, at now: Timestamp) -> Bool {
        judgement.seenAt.map { now.since($0) > item.freshness } ?? false
    }

    /// Why evidence does not suffice: too little of it, or too old.
    private static func thinness(_ judgement: Judgement, of item: ComplianceItem, at now: Timestamp) -> Bilingual? {
        if let coverage = judgement.coverage, coverage < item.minimumCoverage {
            let have = fixed(coverage * 100, 1)
            let need = fixed(item.minimumCoverage * 100, 0)
            return Bilingual(
                zh: "证据不足：样本覆盖率 \(have)%，要求不低于 \(need)%", en: "evidence too thin: coverage \(have) %, at least \(need) % needed")
        }
        guard isStale(judgement, of: item, at: now) else { return nil }
        return Bilingual(zh: "证据已过期，不再更新", en: "the evidence is stale")
    }
}
