package import Campus
package import Evidence
package import Logging
import Rules
import ServiceLifecycle

/// Asks the rules on a clock, new observations at once, and moves alerts through their life.
///
/// Every transition is stored before it counts: what the store refuses is tried again at the next run. Queries block, so
/// the judge has a queue of its own and never holds a thread of the cooperative pool.
package actor Judge: Service {
    private let store: EvidenceStore
    private let settings: JudgeSettings
    private let logger: Logger
    private let clock: any Clock<Duration>
    private let now: @Sendable () -> Timestamp
    private let onEvents: @Sendable ([AlertEvent]) -> Void
    private let assessor: Assessor
    private var definitions: JudgingDefinitions

    private var alerts: AlertBook
    private var schedule = Schedule()
    private var ledger = RunLedger()
    private var lastObservation: Int64 = -1
    package private(set) var health = JudgeHealth()

    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation
    private let queue = BlockingQueue("campanile.judge")
    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe queue.asUnownedSerialExecutor() }

    /// `onEvents` is called after each stored batch, on the judge's own queue, with sequence numbers given.
    package init(
        store: EvidenceStore, definitions: JudgingDefinitions, settings: JudgeSettings = JudgeSettings(), logger: Logger,
        clock: any Clock<Duration> = ContinuousClock(), now: @escaping @Sendable () -> Timestamp,
        onEvents: @escaping @Sendable ([AlertEvent]) -> Void = { _ in }
    ) {
        self.store = store
        self.definitions = definitions
        self.settings = settings
        self.logger = logger
        self.clock = clock
        self.now = now
        self.onEvents = onEvents
        assessor = Assessor(store: store, definitions: definitions, settings: settings, logger: logger)
        alerts = AlertBook()
        (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Judges until cancelled or told to shut down.
    package func run() async throws {
        restore(at: now())
        await cancelWhenGracefulShutdown { [clock, settings, wake, wakes, assessor, now] in
            await withDiscardingTaskGroup { group in
                group.addTask {
                    while !Task.isCancelled {
                        wake.yield()
                        try? await clock.sleep(for: settings.tick)
                    }
                }
                group.addTask {
                    while !Task.isCancelled {
                        await assessor.refresh(at: now())
                        try? await clock.sleep(for: settings.assessmentInterval)
                    }
                }
                for await _ in wakes { await self.tick(at: now()) }
            }
        }
    }

    /// Tells that observations have just been stored, so that they are judged now and not at the next tick.
    package nonisolated func nudge() { wake.yield() }

    /// Judges by other definitions from the next tick on; alerts of rules that are gone resolve.
    package func reload(_ definitions: JudgingDefinitions) async {
        self.definitions = definitions
        schedule = Schedule()
        await assessor.reload(definitions)
        endOrphans(at: now())
    }

    /// Takes up the alerts that the store holds open. Called by `run`.
    package func restore(at now: Timestamp) {
        do {
            alerts = AlertBook(open: try store.openAlerts(), at: now)
            endOrphans(at: now)
        } catch {
            fail("cannot read open alerts", error)
        }
    }

    /// One look at the clock: detectors where observations are new, then every rule that is due.
    package func tick(at now: Timestamp) {
        noteSilence(at: now)
        var lookedAt = judgeNews(at: now)
        for rule in definitions.rules.rules where !rule.isDisabled(at: now) && schedule.isDue(rule, at: now) {
            // Who stops the agent does not wait for the rules that are left.
            if Task.isCancelled { return }
            judge(rule, at: now)
            if ContinuousClock.now - lookedAt > Self.newsInterval { lookedAt = judgeNews(at: now) }
        }
        health.lastTick = now
        health.openAlerts = alerts.openCount
    }

    /// Slow rules do not keep observations waiting: between two of them there is a look for news, at most this often.
    private static let newsInterval: Duration = .milliseconds(500)

    /// Has the detectors' rules judge when there are observations that they have not seen; returns when it looked.
    private func judgeNews(at now: Timestamp) -> ContinuousClock.Instant {
        if findNews() {
            for rule in definitions.rules.rules where rule.detector != nil && !rule.isDisabled(at: now) { judge(rule, at: now) }
        }
        return .now
    }

    /// A person takes an alert on.
    package func acknowledge(alert id: String, by actor: String, cause: String, at now: Timestamp) -> Bool {
        commit(alerts.updating(alert: id) { $0.acknowledge(by: actor, cause: cause, at: now) })
    }

    /// A person ends an alert with a cause.
    package func close(alert id: String, by actor: String, cause: String, at now: Timestamp) -> Bool {
        commit(alerts.updating(alert: id) { $0.close(by: actor, cause: cause, at: now) })
    }

    private func judge(_ rule: Rule, at now: Timestamp) {
        schedule.ran(rule, at: now)
        let started = ContinuousClock.now
        let answer = RuleRunner(store: store, settings: settings).run(rule, at: now)
        var run = RuleRun(rule: rule.id, at: now, duration: ContinuousClock.now - started)
        health.runs += 1
        switch answer {
        case .success(let verdicts):
            run.rows = verdicts.count
            run.violated = verdicts.count { $0.outcome == .violated }
            run.unknown = verdicts.count { $0.outcome == .unknown }
            if ledger.isWorthStoring(run, verdicts) { store(run, verdicts.map { RuleResult($0) }) }
            commit(alerts.judging(rule, verdicts, at: now))
        case .failure(let error):
            run.error = error.what
            health.failures += 1
            logger.error("rule failed", metadata: ["rule": "\(rule.id)", "error": "\(error.what)"])
            if ledger.isWorthStoring(run, []) { store(run, []) }
            if rule.id == Self.failureRule { raiseOwnFailure(rule, error.what, at: now) }
        }
    }

    /// The rule that reads of other rules' failures; its own it cannot read.
    private static let failureRule = "ops.rule.failed"

    private func raiseOwnFailure(_ rule: Rule, _ error: String, at now: Timestamp) {
        let columns: [String: ColumnValue] = ["rule": .text(rule.id), "error": .text(error)]
        let judgement = Judgement(subject: "rule/\(rule.id)", outcome: .violated, columns: columns)
        commit(alerts.judging(rule, [.init(judgement: judgement, outcome: .violated)], at: now))
    }

    /// Longer than this without a look at the rules is told, whether a slow rule, a stopped process or a clock was why.
    private static let patience: Duration = .seconds(60)

    /// Leaves word that no rule was judged for a while, for `ops.rule.failed` to find.
    private func noteSilence(at now: Timestamp) {
        guard let last = health.lastTick, now.since(last) > Self.patience else { return }
        let what = "no rule was judged for \(fixed(now.since(last).inSeconds, 0)) s"
        logger.warning("judging was late", metadata: ["what": "\(what)"])
        store(RuleRun(rule: "judge", at: now, duration: .zero, error: what), [])
    }

    private func store(_ run: RuleRun, _ results: [RuleResult]) {
        do {
            try store.record(results: results, run: run)
        } catch {
            fail("cannot store a rule's results", error)
        }
    }

    /// Stores what a change brings; the book takes the change only when the store has it.
    @discardableResult
    private func commit(_ change: AlertBook.Change) -> Bool {
        guard !change.events.isEmpty else {
            alerts.take(change)
            return false
        }
        do {
            let events = try store.apply(change.events)
            alerts.take(change)
            for event in events { log(event) }
            onEvents(events)
            return true
        } catch {
            fail("cannot store alert events", error)
            return false
        }
    }

    private func endOrphans(at now: Timestamp) {
        let living = Set(definitions.rules.rules.filter { !$0.isDisabled(at: now) }.map(\.id))
        commit(alerts.endingAll(at: now, cause: "its rule is gone or disabled") { !living.contains($0) })
    }

    private func findNews() -> Bool {
        do {
            let rows = try store.rows("SELECT max(id) AS id FROM observation", [:], limits: settings.ruleLimits)
            let newest = rows.first?["id"]?.whole ?? 0
            defer { lastObservation = newest }
            return newest != lastObservation
        } catch {
            fail("cannot look for observations", error)
            return false
        }
    }

    private func log(_ event: AlertEvent) {
        logger.log(
            level: event.action == .firing ? .warning : .info, "alert \(event.action.rawValue)",
            metadata: [
                "rule": "\(event.alert.rule)", "subject": "\(event.alert.subject)",
                "severity": "\(event.alert.severity.rawValue)",
                "message": "\(event.alert.message.en)", "cause": "\(event.cause)",
            ])
    }

    private func fail(_ what: String, _ error: any Error) {
        health.storeFailures += 1
        health.lastFailure = "\(what): \(error)"
        logger.error("\(what)", metadata: ["error": "\(error)"])
    }
}

/// What the judge tells of itself.
package struct JudgeHealth: Hashable, Sendable {
    package var lastTick: Timestamp?
    package var runs = 0
    package var failures = 0
    package var storeFailures = 0
    package var openAlerts = 0
    /// The latest trouble with the store, in words; it stays after it has passed.
    package var lastFailure: String?
}
