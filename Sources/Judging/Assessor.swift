package import Campus
package import Compliance
package import Evidence
package import Indicators
package import Logging

/// Judges 等保 items and computes indicators; slow questions over weeks, so it has a queue of its own.
package actor Assessor {
    private let store: EvidenceStore
    private let settings: JudgeSettings
    private let logger: Logger
    private var definitions: JudgingDefinitions
    private let queue = BlockingQueue("campanile.assessor")
    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe queue.asUnownedSerialExecutor() }

    package init(store: EvidenceStore, definitions: JudgingDefinitions, settings: JudgeSettings = JudgeSettings(), logger: Logger)
    {
        self.store = store
        self.definitions = definitions
        self.settings = settings
        self.logger = logger
    }

    package func reload(_ definitions: JudgingDefinitions) { self.definitions = definitions }

    /// Every item that applies at `level` (2 or 3), judged now; an item whose query fails is undetermined and says why.
    package func assess(level: Int, system: String = "", at now: Timestamp) -> [Assessment] {
        let attested = attestations(system: system, at: now)
        return definitions.items.items(level: level).map { item in
            do {
                return Assessment(
                    item, level: level, system: system, rows: try rows(of: item, at: now), attested: attested[item.id], at: now)
            } catch {
                logger.error("item failed", metadata: ["item": "\(item.id)", "error": "\(error)"])
                return Assessment(failed: item, level: level, system: system, why: "\(error)", at: now)
            }
        }
    }

    /// The values of one indicator, or of all that have this kind of period.
    package func values(of period: Period, indicator id: String? = nil, at now: Timestamp) throws(EvidenceError)
        -> [IndicatorValue]
    {
        var values: [IndicatorValue] = []
        for indicator in definitions.indicators.indicators
        where id.map({ $0 == indicator.id }) ?? indicator.periods.contains(period.kind) {
            values += try compute(indicator, period, at: now)
        }
        return values
    }

    /// How a figure comes about; nil when there is no such indicator.
    package func explain(_ id: String, period: Period, at now: Timestamp) throws(EvidenceError) -> IndicatorExplanation? {
        guard let indicator = definitions.indicators.indicator(id) else { return nil }
        let asked = QueryText(indicator.select).parameters
        let bound = parameters(of: indicator, period, at: now).filter { asked.contains($0.key) }.sorted { $0.key < $1.key }
        return IndicatorExplanation(
            indicator: indicator, period: period, parameters: bound.map { (name: $0.key, value: $0.value) },
            values: try compute(indicator, period, at: now))
    }

    /// Stores verdicts of both levels and the values of running and just finished periods. An indicator that fails is told and
    /// leaves the others be; when the task is cancelled nothing more is asked.
    package func refresh(at now: Timestamp) {
        do {
            try store.record(verdicts: assess(level: 3, at: now).flatMap { VerdictRecord.records(of: $0) })
            for period in periods(at: now) {
                var records: [IndicatorRecord] = []
                for indicator in definitions.indicators.indicators where indicator.periods.contains(period.kind) {
                    if Task.isCancelled { return }
                    records += computed(indicator, period, at: now).map { IndicatorRecord($0) }
                }
                try store.record(indicatorValues: records)
            }
        } catch {
            logger.error("cannot store an assessment", metadata: ["error": "\(error)"])
        }
    }

    private func computed(_ indicator: Indicator, _ period: Period, at now: Timestamp) -> [IndicatorValue] {
        do {
            return try compute(indicator, period, at: now)
        } catch {
            let what: Logger.Metadata = ["indicator": "\(indicator.id)", "period": "\(period.label)", "error": "\(error)"]
            logger.error("indicator failed", metadata: what)
            return []
        }
    }

    /// The periods that `now` falls in, and those that ended less than a day ago, for their last samples may come late.
    private func periods(at now: Timestamp) -> [Period] {
        let kinds: [Period.Kind] = [.day, .week, .month, .year, .semester, .window]
        let running = kinds.compactMap { Period($0, containing: now, calendar: settings.calendar) }
        let finished = running.compactMap { $0.previous(settings.calendar) }.filter { now.since($0.end) < .seconds(86_400) }
        return finished + running
    }

    private func rows(of item: ComplianceItem, at now: Timestamp) throws -> [Judgement] {
        let parameters = item.parameters.merging(settings.siteParameters(at: now)) { _, bound in bound }
        return try store.rows(item.select, parameters, limits: settings.assessmentLimits).map { try Judgement(row: $0) }
    }

    private func compute(_ indicator: Indicator, _ period: Period, at now: Timestamp) throws(EvidenceError) -> [IndicatorValue] {
        try store.rows(indicator.select, parameters(of: indicator, period, at: now), limits: settings.assessmentLimits)
            .compactMap { IndicatorRow(row: $0) }.map { IndicatorValue($0, of: indicator, in: period, at: now) }
    }

    private func parameters(of indicator: Indicator, _ period: Period, at now: Timestamp) -> [String: ColumnValue] {
        var parameters = indicator.parameters.merging(settings.siteParameters(at: now)) { _, bound in bound }
        parameters["period_start"] = .integer(period.start.milliseconds)
        parameters["period_end"] = .integer(period.end.milliseconds)
        return parameters
    }

    private func attestations(system: String, at now: Timestamp) -> [String: Attestation] {
        let sql = """
            SELECT item, verdict, "by", note FROM attestation
             WHERE system = :system AND at <= :now AND (until IS NULL OR until > :now) ORDER BY at
            """
        let given: [String: ColumnValue] = ["system": .text(system), "now": .integer(now.milliseconds)]
        do {
            return try store.rows(sql, given, limits: settings.ruleLimits).reduce(into: [:]) { found, row in
                guard let item = row["item"]?.text, let verdict = row["verdict"]?.text.flatMap({ Verdict(rawValue: $0) }) else {
                    return
                }
                found[item] = Attestation(item: item, verdict: verdict, by: row["by"]?.text ?? "", note: row["note"]?.text ?? "")
            }
        } catch {
            logger.error("cannot read attestations", metadata: ["error": "\(error)"])
            return [:]
        }
    }
}
