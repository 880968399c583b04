import Campus
import Evidence
import Indicators
import Rules

/// Runs one rule's query and reads its rows.
struct RuleRunner {
    let store: EvidenceStore
    let settings: JudgeSettings

    /// A row as the rule reads it.
    struct Verdict {
        var judgement: Judgement
        var outcome: Outcome
    }

    /// Every judged object, or why the rule could not be judged.
    func run(_ rule: Rule, at now: Timestamp) -> Result<[Verdict], JudgementError> {
        var parameters = rule.parameters
        parameters.merge(settings.siteParameters(at: now)) { _, bound in bound }
        parameters["rule"] = .text(rule.id)
        parameters["every_ms"] = .integer(rule.every.milliseconds)
        let isInHours = rule.hours.include(settings.calendar.civil(now), working: settings.workingHours)
        do {
            let rows = try store.rows(rule.select, parameters, limits: settings.ruleLimits)
            return .success(
                try rows.map { row in
                    let judgement = try Judgement(row: row)
                    return Verdict(judgement: judgement, outcome: rule.outcome(of: judgement, at: now, isInHours: isInHours))
                })
        } catch let error as EvidenceError {
            return .failure(JudgementError(what: error.description))
        } catch let error as JudgementError {
            return .failure(error)
        } catch {
            return .failure(JudgementError(what: "\(error)"))
        }
    }
}

extension RuleResult {
    /// As the store keeps it; the columns of what is fine are left out, for nobody asks for them.
    init(_ verdict: RuleRunner.Verdict) {
        let judgement = verdict.judgement
        self.init(
            subject: judgement.subject, outcome: verdict.outcome, value: judgement.value,
            samples: judgement.samples.map(Int64.init), expected: judgement.expected.map(Int64.init), seenAt: judgement.seenAt,
            columns: verdict.outcome == .held ? "{}" : ColumnsJSON.text(judgement.columns))
    }
}
