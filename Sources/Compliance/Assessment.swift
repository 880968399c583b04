package import Campus

/// One item judged: the verdict of the worst object, with every object's own beside it.
package struct Assessment: Sendable {
    package var item: ComplianceItem
    /// 2 or 3.
    package var level: Int
    /// An information system's id; empty for the whole site.
    package var system: String
    package var verdict: Verdict
    package var reason: Bilingual
    /// Worst first, then by subject.
    package var objects: [ObjectVerdict]
    package var at: Timestamp

    /// The clause at the level that was asked for: `7.1.4.1-c` at level 2.
    package var clause: String { item.clause(level: level) }

    /// 0–1, of the object that is known least.
    package var coverage: Double? { objects.compactMap(\.coverage).min() }

    /// Judges `rows`. 不适用 for the whole item needs a person's attestation, for which `attested` is the valid one.
    package init(
        _ item: ComplianceItem, level: Int, system: String = "", rows: [Judgement], attested: Attestation? = nil,
        at now: Timestamp
    ) {
        self.item = item
        self.level = level
        self.system = system
        at = now
        objects = rows.map { ObjectVerdict($0, of: item, at: now) }.sorted {
            ($1.verdict.rank, $0.subject) < ($0.verdict.rank, $1.subject)
        }
        let worst = objects.first
        if let attested, attested.verdict == .notApplicable {
            verdict = .notApplicable
            reason = Bilingual(
                zh: "由 \(attested.by) 确认不适用：\(attested.note)",
                en: "attested as not applicable by \(attested.by): \(attested.note)")
        } else if let worst {
            verdict = worst.verdict
            reason = worst.reason
        } else {
            verdict = .undetermined
            reason = item.nothing
        }
    }
}

extension Assessment {
    /// An item whose query could not run: undetermined, and it says why.
    package init(failed item: ComplianceItem, level: Int, system: String, why: String, at now: Timestamp) {
        self.init(item, level: level, system: system, rows: [], at: now)
        reason = Bilingual(zh: "查询失败：\(why)", en: "the query failed: \(why)")
    }
}

/// What a person declared of an item, valid until its date: a row of `attestation`.
package struct Attestation: Hashable, Sendable {
    package var item: String
    package var verdict: Verdict
    package var by: String
    package var note: String

    package init(item: String, verdict: Verdict, by: String, note: String) {
        self.item = item
        self.verdict = verdict
        self.by = by
        self.note = note
    }
}

extension Verdict {
    /// How bad it is for the item that one object says this; an object to which it does not apply decides nothing unless
    /// all are so.
    var rank: Int {
        switch self {
        case .notApplicable: 0
        case .conform: 1
        case .partial: 2
        case .undetermined: 3
        case .nonconform: 4
        }
    }
}

/// How many items came out how.
package struct AssessmentSummary: Hashable, Sendable {
    package var counts: [Verdict: Int]

    package init(_ assessments: [Assessment]) {
        counts = assessments.reduce(into: [:]) { $0[$1.verdict, default: 0] += 1 }
    }

    /// 自查符合率, 0–100: 符合 alone over the applicable items; 未判定 stays in the denominator. Nil when nothing applies.
    package var conformRate: Double? {
        let applicable = counts.filter { $0.key != .notApplicable }.values.reduce(0, +)
        return applicable > 0 ? Double(counts[.conform] ?? 0) / Double(applicable) * 100 : nil
    }
}
