/// One row of a rule's or item's answer: what the query says of one judged object.
///
/// Columns with meaning: `subject`, `outcome`, `value`, `samples`, `expected`, `seen_at` and `interval_ms` (how often the
/// evidence is renewed), `severity` (worse or milder than the rule's own), `class`, `source`, `destination`. All others fill
/// placeholders.
package struct Judgement: Hashable, Sendable {
    package var subject: String
    package var outcome: Outcome
    package var value: Double?
    package var samples: Int?
    package var expected: Int?
    package var seenAt: Timestamp?
    package var interval: Duration?
    package var severity: Severity?
    package var columns: [String: ColumnValue]

    package init(subject: String, outcome: Outcome, value: Double? = nil, columns: [String: ColumnValue] = [:]) {
        self.subject = subject
        self.outcome = outcome
        self.value = value
        self.columns = columns
    }

    /// Reads a row; a text error says which column is missing or wrong.
    package init(row: [String: ColumnValue]) throws(JudgementError) {
        guard case .text(let subject)? = row["subject"], !subject.isEmpty else {
            throw JudgementError(what: "the row has no `subject`")
        }
        guard case .text(let word)? = row["outcome"], let outcome = Outcome(rawValue: word) else {
            let words = Outcome.allCases.map(\.rawValue).joined(separator: ", ")
            throw JudgementError(what: "`outcome` of \(subject) is \(row["outcome"]?.text ?? "missing"), not one of \(words)")
        }
        self.init(subject: subject, outcome: outcome, value: row["value"]?.number, columns: row)
        samples = row["samples"]?.whole.flatMap { Int(exactly: $0) }
        expected = row["expected"]?.whole.flatMap { Int(exactly: $0) }
        seenAt = row["seen_at"]?.whole.map { Timestamp(milliseconds: $0) }
        interval = row["interval_ms"]?.whole.map { .milliseconds($0) }
        if let word = row["severity"]?.text {
            guard let severity = Severity(rawValue: word) else {
                throw JudgementError(what: "`severity` of \(subject) is \(word), not one of info, low, medium, high, critical")
            }
            self.severity = severity
        }
    }

    /// 0–1; nil when the row does not count samples, 0 when nothing was expected.
    package var coverage: Double? {
        guard let expected, let samples else { return nil }
        return expected > 0 ? min(1, Double(max(0, samples)) / Double(expected)) : 0
    }

    /// The outcome with its age taken into account: evidence older than three intervals, or than `staleAfter` where the
    /// rule says so, is unknown whatever the row says. A row without `seen_at` cannot be stale.
    package func settled(at now: Timestamp, every: Duration, staleAfter: Duration? = nil) -> Outcome {
        guard outcome != .notApplicable, let seenAt else { return outcome }
        let limit = staleAfter ?? max(every, interval ?? .zero) * 3
        return now.since(seenAt) > limit ? .unknown : outcome
    }
}

/// Why a row cannot be a judgement.
package struct JudgementError: Error, Hashable, Sendable, CustomStringConvertible {
    package let what: String

    package init(what: String) { self.what = what }

    package var description: String { what }
}
