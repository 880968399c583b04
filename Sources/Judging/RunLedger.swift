import Campus
import Evidence

/// Which runs are worth a row: those that say something new, and one a minute of those that say the same.
///
/// Rules that run every five seconds would otherwise leave seventeen thousand rows a day that nobody asks for.
struct RunLedger {
    private struct Entry {
        var at: Timestamp
        var error: String?
        var said: Int
    }

    private var stored: [String: Entry] = [:]
    private static let spacing: Duration = .seconds(60)

    mutating func isWorthStoring(_ run: RuleRun, _ verdicts: [RuleRunner.Verdict]) -> Bool {
        let entry = Entry(at: run.at, error: run.error, said: Self.digest(verdicts))
        if let before = stored[run.rule], before.error == entry.error, before.said == entry.said,
            run.at >= before.at, run.at.since(before.at) < Self.spacing
        {
            return false
        }
        stored[run.rule] = entry
        return true
    }

    /// The same whatever order the rows come in.
    private static func digest(_ verdicts: [RuleRunner.Verdict]) -> Int {
        verdicts.reduce(0) { sum, verdict in
            var hasher = Hasher()
            hasher.combine(verdict.judgement.subject)
            hasher.combine(verdict.outcome)
            return sum &+ hasher.finalize()
        }
    }
}
