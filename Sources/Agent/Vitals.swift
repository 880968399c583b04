import Campus
import Capture
import Console
import Evidence
import Foundation
import Judging
import Polling
import Receiving
import SNMP
import Sampling
import Synchronization

/// What the agent knows of itself: its health, its metrics and the line it says once a minute.
final class Vitals: Sendable {
    private let store: EvidenceStore
    private let keeper: Keeper
    private let judge: Judge
    private let poller: Poller
    private let captures: Captures
    private let traps: TrapReceiver?
    private let startedAt = WallClock.now

    /// How the judge was when it was last asked; an actor cannot be asked from synchronous code.
    private let judged = Mutex<JudgeHealth?>(nil)

    init(store: EvidenceStore, keeper: Keeper, judge: Judge, poller: Poller, captures: Captures, traps: TrapReceiver?) {
        self.store = store
        self.keeper = keeper
        self.judge = judge
        self.poller = poller
        self.captures = captures
        self.traps = traps
    }

    /// Asks the judge how it is; called every few seconds.
    func refresh() async {
        let health = await judge.health
        judged.withLock { $0 = health }
    }

    /// Whether the parts that must never stand still have moved within half a minute. A full disk is no reason to be restarted.
    var isAlive: Bool {
        let now = WallClock.now
        guard now.since(startedAt) > .seconds(60) else { return true }
        let tick = judged.withLock { $0?.lastTick }
        return tick.map { abs(now.since($0).milliseconds) < 120_000 } ?? false
    }

    // MARK: Health

    func health() -> [HealthCheck] {
        let now = WallClock.now
        var checks = [
            HealthCheck(name: "store", problem: storeProblem(now)), HealthCheck(name: "judging", problem: judgingProblem(now)),
        ]
        checks.append(HealthCheck(name: "polling", problem: pollingProblem(now)))
        for (name, report) in captures.reports {
            checks.append(HealthCheck(name: "capture \(name)", problem: captureProblem(report)))
        }
        for (name, reason) in captures.refusals { checks.append(HealthCheck(name: "capture \(name)", problem: reason)) }
        return checks
    }

    private func storeProblem(_ now: Timestamp) -> String? {
        let health = keeper.health
        if let problem = health.problem { return problem }
        guard let beat = health.lastBeat else {
            return now.since(startedAt) < .seconds(30) ? nil : "nothing stored since the start"
        }
        return now.since(beat) < .seconds(60) ? nil : "nothing stored for \(Int(now.since(beat).inSeconds)) s"
    }

    private func judgingProblem(_ now: Timestamp) -> String? {
        guard let tick = judged.withLock({ $0?.lastTick }) else {
            return now.since(startedAt) < .seconds(30) ? nil : "no rule judged since the start"
        }
        return now.since(tick) < .seconds(60) ? nil : "no rule judged for \(Int(now.since(tick).inSeconds)) s"
    }

    private func pollingProblem(_ now: Timestamp) -> String? {
        let late = number(
            """
            SELECT count(*) FROM device d LEFT JOIN device_now n ON n.device = d.id
            WHERE d.declared = 1 AND coalesce(n.polled_at, :started) < :now - 3 * max(coalesce(n.interval_ms, 60000), 10000)
            """, ["now": .integer(now.milliseconds), "started": .integer(startedAt.milliseconds)])
        guard let late, late > 0 else { return nil }
        return "\(Int(late)) devices not polled for three intervals"
    }

    private func captureProblem(_ report: CaptureReport) -> String? {
        switch report.state {
        case .starting, .running: nil
        case .failed(let error): "\(error)"
        case .stopped: "stopped"
        }
    }

    // MARK: Summary

    /// `devices 3/4 up, interfaces 52, packets 10233 analysed, alerts 1 firing`
    func summary() -> String {
        let devices = row(
            "SELECT sum(n.state = 'up'), count(*) FROM device d LEFT JOIN device_now n ON n.device = d.id WHERE d.declared = 1")
        let interfaces = number("SELECT count(*) FROM interface_rate") ?? 0
        let firing = number("SELECT count(*) FROM alert WHERE state IN ('firing', 'acknowledged')") ?? 0
        let analysed = captures.reports.reduce(UInt64(0)) { $0 &+ $1.report.accounting.analysed }
        return "devices \(Int(devices[0] ?? 0))/\(Int(devices[1] ?? 0)) up, interfaces \(Int(interfaces)), "
            + "packets \(analysed) analysed, alerts \(Int(firing)) firing"
    }

    /// The numbers of a query's first row; two empty ones when there is none.
    private func row(_ sql: String, _ parameters: [String: EvidenceValue] = [:]) -> [Double?] {
        let table = try? store.select(sql, parameters: parameters, limits: QueryLimits(time: .seconds(2), rows: 10))
        return table?.rows.first?.map(\.double) ?? [nil, nil]
    }

    private func number(_ sql: String, _ parameters: [String: EvidenceValue] = [:]) -> Double? { row(sql, parameters)[0] }

    // MARK: Metrics

    func metrics() -> [Metric] {
        Vitals.accountingMetrics(captures.reports.map(\.report.accounting)) + evidenceMetrics() + pollMetrics() + trapMetrics()
            + judgeMetrics()
            + ProcessVitals.metrics(databasePath: store.path, startedAt: startedAt)
    }

    private static func accountingMetrics(_ captures: [CaptureAccounting]) -> [Metric] {
        let terms: [(String, String, (CaptureAccounting) -> UInt64)] = [
            ("received", "Packets that libpcap received.", \.received),
            ("kernel_dropped", "Packets the kernel dropped.", \.kernelDropped),
            ("interface_dropped", "Packets the interface dropped.", \.interfaceDropped),
            ("read", "Packets read from the kernel.", \.read),
            ("ring_dropped", "Packets the ring had no room for.", \.ringDropped),
            ("sampled_out", "Packets left out by flow sampling.", \.sampledOut),
            ("queued", "Packets put into the ring.", \.queued),
            ("analysed", "Packets analysed.", \.analysed),
        ]
        let totals = terms.map { name, help, term in
            Metric(
                "campanile_capture_\(name)_packets_total", .counter, help: help,
                samples: captures.map { .init(Double(term($0)), [("interface", $0.interface)]) })
        }
        let shift = Metric(
            "campanile_capture_sampling_shift", .gauge, help: "Flow sampling in force: 1/2^k, here k.",
            samples: captures.map { .init(Double($0.samplingShift), [("interface", $0.interface)]) })
        return totals + [shift]
    }

    private func evidenceMetrics() -> [Metric] {
        let states = groups(
            "SELECT coalesce(n.state, 'unknown'), count(*) FROM device d LEFT JOIN device_now n ON n.device = d.id WHERE d.declared = 1 GROUP BY 1"
        )
        let alerts = groups("SELECT state, count(*) FROM alert WHERE state IN ('pending', 'firing', 'acknowledged') GROUP BY 1")
        let poll = row("SELECT max(duration_ms), sum(pdus), max(latency_ms) FROM device_now")
        return [
            Metric(
                "campanile_devices", .gauge, help: "Declared devices by state.",
                samples: states.map { .init($0.1, [("state", $0.0)]) }),
            Metric(
                "campanile_alerts", .gauge, help: "Open alerts by state.", samples: alerts.map { .init($0.1, [("state", $0.0)]) }),
            Metric(
                "campanile_interfaces", .gauge, help: "Interfaces with a current sample.",
                samples: number("SELECT count(*) FROM interface_rate").map { [.init($0)] } ?? []),
            Metric(
                "campanile_poll_slowest_seconds", .gauge, help: "Duration of the slowest device's last poll.",
                samples: poll[0].map { [.init($0 / 1000)] } ?? []),
            Metric(
                "campanile_poll_round_pdus", .gauge, help: "PDUs that the last poll of all devices took.",
                samples: poll.count > 1 ? poll[1].map { [.init($0)] } ?? [] : []),
        ]
    }

    private func groups(_ sql: String) -> [(String, Double)] {
        let table = try? store.select(sql, limits: QueryLimits(time: .seconds(2), rows: 100))
        return table?.rows.map { ($0[0].string ?? "", $0[1].double ?? 0) } ?? []
    }

    private func pollMetrics() -> [Metric] {
        let status = poller.status()
        let counters: [(String, String, Int)] = [
            ("campanile_polls_total", "Looks at devices.", status.looks),
            ("campanile_poll_misses_total", "Looks that were not answered.", status.misses),
            ("campanile_polls_late_total", "Looks that began more than a second late.", status.late),
            ("campanile_poll_pdus_total", "SNMP requests sent, retries included.", status.pdus),
            ("campanile_poll_retries_total", "SNMP requests sent again.", status.retries),
            ("campanile_poll_malformed_total", "Datagrams that were no valid answer.", status.malformed),
            ("campanile_polls_dropped_total", "Polls that could not be stored in time.", status.dropped),
        ]
        return counters.map { Metric($0.0, .counter, help: $0.1, samples: [.init(Double($0.2))]) }
            + [
                Metric(
                    "campanile_polls_in_flight", .gauge, help: "Devices being looked at now.",
                    samples: [.init(Double(status.inFlight))])
            ]
    }

    private func trapMetrics() -> [Metric] {
        guard let traps else { return [] }
        let counted = traps.counted
        let fates = [
            ("accepted", counted.accepted), ("refused", counted.refused), ("limited", counted.limited),
            ("malformed", counted.malformed), ("lost", traps.lostCount),
        ]
        return [
            Metric(
                "campanile_traps_total", .counter, help: "SNMP notifications by what became of them.",
                samples: fates.map { .init(Double($0.1), [("fate", $0.0)]) })
        ]
    }

    private func judgeMetrics() -> [Metric] {
        guard let health = judged.withLock({ $0 }) else { return [] }
        return [
            Metric("campanile_rule_runs_total", .counter, help: "Runs of rules.", samples: [.init(Double(health.runs))]),
            Metric(
                "campanile_rule_failures_total", .counter, help: "Runs of rules that failed.",
                samples: [.init(Double(health.failures))]),
            Metric(
                "campanile_store_failures_total", .counter, help: "Writes of the judge that the store refused.",
                samples: [.init(Double(health.storeFailures))]),
        ]
    }
}
