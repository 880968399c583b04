import Campus
import GRDB

extension EvidenceStore {
    /// How long a row of `rule_result` that says the same as before stays as it was written.
    private static let resultStamp: Int64 = 300_000

    /// Stores a run and, unless it failed, the latest row of each judged object; objects not returned are dropped.
    ///
    /// A rule over every interface of a campus returns fifty thousand rows a minute that say what they said before; those are
    /// written anew every five minutes only.
    package func record(results: [RuleResult], run: RuleRun) throws(EvidenceError) {
        let at = run.at.milliseconds
        try write { db in
            try db.run(
                "INSERT INTO rule_run VALUES (?, ?, ?, ?, ?, ?, ?)", run.rule, at, run.duration.milliseconds, run.rows,
                run.violated,
                run.unknown, run.error)
            guard run.error == nil else { return }
            var known: [String: Row] = [:]
            let rows = try Row.fetchCursor(
                db, sql: "SELECT subject, outcome, value, since, written_at FROM rule_result WHERE rule = ?",
                arguments: [run.rule])
            while let row = try rows.next() { known[row["subject"]] = row.copy() }
            for result in results {
                try EvidenceStore.write(result, run.rule, at, before: known.removeValue(forKey: result.subject), db)
            }
            for subject in known.keys { try db.run("DELETE FROM rule_result WHERE rule = ? AND subject = ?", run.rule, subject) }
        }
    }

    private static func write(_ result: RuleResult, _ rule: String, _ at: Int64, before: Row?, _ db: Database) throws {
        let isSame = (before?["outcome"] as String?) == result.outcome.rawValue
        if let before, isSame, result.outcome == .held || (before["value"] as Double?) == result.value,
            at >= (before["written_at"] as Int64), at - (before["written_at"] as Int64) < resultStamp
        {
            return
        }
        let since = isSame ? (before?["since"] as Int64?) ?? at : at
        try db.run(
            "INSERT OR REPLACE INTO rule_result VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rule, result.subject,
            result.outcome.rawValue,
            result.value, result.samples, result.expected, result.seenAt?.milliseconds, since, result.columns, at)
    }

    /// Replaces the verdicts of the objects named; others stay.
    package func record(verdicts: [VerdictRecord]) throws(EvidenceError) {
        try write(durably: true) { db in
            for verdict in verdicts {
                try db.run(
                    """
                    INSERT OR REPLACE INTO verdict (item, system, subject, verdict, reason_zh, reason_en, rule, samples, expected, coverage, at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """, verdict.item, verdict.system, verdict.subject, verdict.verdict.rawValue, verdict.reason.zh,
                    verdict.reason.en,
                    verdict.rule, verdict.samples, verdict.expected, verdict.coverage, verdict.at.milliseconds)
            }
        }
    }

    /// Replaces the values of the same indicator, scope and period.
    package func record(indicatorValues: [IndicatorRecord]) throws(EvidenceError) {
        try write(durably: true) { db in
            for value in indicatorValues {
                try db.run(
                    "INSERT OR REPLACE INTO indicator_value VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    value.indicator,
                    value.scope, value.period, value.periodStart.milliseconds, value.periodEnd.milliseconds, value.value,
                    value.numerator,
                    value.denominator, value.validSamples, value.expectedSamples, value.coverage, value.status,
                    value.methodVersion,
                    value.ruleVersion, value.sources, value.computedAt.milliseconds, value.inputDigest)
            }
        }
    }
}
