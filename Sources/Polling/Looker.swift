import Campus
import Evidence
import Probes
import SNMP

/// Looks at one device: asks, reads, compares with the last time. Knows no schedule and no other device.
struct Looker: Sendable {
    let engine: SNMPEngine
    let reachability: Reachability
    let store: EvidenceStore
    let settings: PollingSettings
    let clock: PollingClock

    private static let uptime = TableRequest(name: "pulse", kind: .scalars(["1.3.6.1.2.1.1.3.0"]))

    @concurrent func look(
        _ kind: DeviceSchedule.Look, at record: DeviceRecord, library: ProbeLibrary, confirmations: Int
    ) async -> LookResult {
        let startedAt = clock.now()
        let start = clock.elapsed()
        var result = LookResult(record: record, sighting: .answered)
        guard let target = record.device.target else { return await lookWithoutSNMP(result, startedAt, start, confirmations) }
        switch kind {
        case .full: await readFully(&result, target, library, startedAt)
        case .fast: await readFast(&result, target, startedAt)
        case .pulse: await pulse(&result, target)
        }
        result.duration = clock.elapsed() - start
        conclude(kind, &result, startedAt, start, confirmations)
        return result
    }

    /// Turns the sighting into a state, the next due time and what is to be stored.
    private func conclude(
        _ kind: DeviceSchedule.Look, _ result: inout LookResult, _ startedAt: Timestamp, _ start: Duration, _ confirmations: Int
    ) {
        let wasUp = result.record.health.state == .up
        let change = result.record.health.observe(result.sighting, at: startedAt, confirmations: confirmations)
        result.change = change
        switch (result.sighting, change) {
        case (.answered, _):
            result.record.schedule.answered(kind, start: start, settings: settings)
            if result.record.wantsFull || !wasUp && kind == .pulse { result.record.schedule.hurry(at: start) }
        case (_, .suspect):
            result.record.schedule.suspected(start: start, settings: settings)
        case (_, .none), (_, .changed):
            result.record.schedule.lost(start: start, settings: settings)
        }
        finishPoll(&result, startedAt, start)
    }

    /// An answered poll is stored as it is; a miss only when it changes the state, or once an interval.
    private func finishPoll(_ result: inout LookResult, _ startedAt: Timestamp, _ start: Duration) {
        let record = result.record
        if result.poll == nil {
            let isDue = record.recordedAt.map { start - $0 >= settings.interval } ?? true
            switch result.change {
            case .changed(let since): result.poll = emptyPoll(record, since)
            case .none where result.sighting != .answered && isDue: result.poll = emptyPoll(record, startedAt)
            case .none, .suspect: return
            }
        }
        result.record.recordedAt = start
        result.poll?.state = record.health.state
        result.poll?.reason = record.health.reason
        result.poll?.duration = result.duration
        result.poll?.pduCount = result.pduCount
        if case .answered = result.sighting, let credential = record.device.credential {
            result.poll?.snmpVersion = credential.version.rawValue
            result.poll?.securityLevel = credential.securityLevel
        }
    }

    private func emptyPoll(_ record: DeviceRecord, _ at: Timestamp) -> DevicePoll {
        DevicePoll(device: record.device.id, startedAt: at, interval: settings.interval, state: record.health.state)
    }

    // MARK: By SNMP

    private func readFully(_ result: inout LookResult, _ target: SNMPTarget, _ library: ProbeLibrary, _ at: Timestamp) async {
        async let latency = reachability.ping(target.address, timeout: settings.echoTimeout)
        let reading = await DeviceReading.read(target, library: library, engine: engine)
        result.pduCount = reading.pduCount
        result.retries = reading.retries
        result.malformed = reading.malformed
        result.sighting = await sighting(reading.outcome, reading.reason, result.record.device, latency: latency)
        guard reading.outcome == .answered else { return }
        result.record.plan = reading.plan.narrowed(to: reading.answers)
        result.record.wantsFull = false
        result.record.baseline = reading.report.withoutBulk
        let id = DeviceIdentity.deviceID(
            facts: reading.report.facts, inventory: reading.report.inventory, interfaces: reading.report.interfaces,
            address: target.address, port: target.port)
        if id != result.record.device.id { result.trueID = id }
        result.poll = poll(
            &result.record, samples: reading.report.samples, uptime: reading.report.facts.uptime, at: at, latency: await latency)
        result.poll?.report = reading.report
        result.poll?.sensors = reading.report.sensors
        result.poll?.gauges = reading.report.gauges
    }

    private func readFast(_ result: inout LookResult, _ target: SNMPTarget, _ at: Timestamp) async {
        guard let plan = result.record.plan else { return }
        async let latency = reachability.ping(target.address, timeout: settings.echoTimeout)
        let answer = await engine.poll(target, plan.fastRequests)
        result.pduCount = answer.pduCount
        result.retries = answer.retries
        result.malformed = answer.malformed
        result.sighting = await sighting(answer.outcome, answer.reason, result.record.device, latency: latency)
        guard answer.outcome == .answered else { return }
        let fast = plan.fast(answers: answer.tables, baseline: result.record.baseline)
        let hasRestarted = if let now = fast.uptime, let before = result.record.last?.uptime { now < before } else { false }
        let hasOtherRows = result.record.fastRows.map { $0 != fast.samples.count } ?? false
        result.record.fastRows = fast.samples.count
        result.record.wantsFull = hasRestarted || hasOtherRows
        result.poll = poll(&result.record, samples: fast.samples, uptime: fast.uptime, at: at, latency: await latency)
        result.poll?.sensors = fast.sensors
        result.poll?.gauges = fast.gauges
    }

    private func poll(
        _ record: inout DeviceRecord, samples: [InterfaceSample], uptime: Double?, at: Timestamp, latency: Duration?
    ) -> DevicePoll {
        if !record.hasLoadedLast {
            record.hasLoadedLast = true
            // Rates go on over a restart of ours; a store that cannot tell costs the first rate, no more.
            if let last = try? store.lastSamples(record.device.id) {
                record.last = InterfaceReadings(samples: last.samples, uptime: last.uptime, at: last.at)
            }
        }
        let readings = InterfaceReadings(samples: samples, uptime: uptime, at: at)
        var poll = DevicePoll(device: record.device.id, startedAt: at, interval: settings.interval, state: .up)
        poll.samples = samples
        poll.rates = InterfaceRates.rates(from: record.last, to: readings, interval: settings.interval)
        poll.uptime = uptime
        poll.latency = latency
        record.last = readings
        return poll
    }

    private func pulse(_ result: inout LookResult, _ target: SNMPTarget) async {
        let answer = await engine.poll(target, [Self.uptime])
        result.pduCount = answer.pduCount
        result.retries = answer.retries
        result.malformed = answer.malformed
        result.sighting = await sighting(answer.outcome, answer.reason, result.record.device, latency: nil)
    }

    /// What the outcome says of the device; only silence needs a second opinion, by ping and then TCP.
    private func sighting(
        _ outcome: SNMPOutcome, _ reason: String, _ device: PolledDevice, latency: Duration?
    ) async -> Sighting {
        switch outcome {
        case .answered: return .answered
        case .unauthorised: return .refused(reason: reason)
        case .cancelled: return .unreachable(reason: reason)
        case .silent, .unreachable:
            if let means = await answersOtherwise(device.declared.address, latency: latency) {
                return .snmpSilent(reason: "answers \(means), but \(reason)")
            }
            return .unreachable(reason: "answers neither SNMP, ping nor TCP")
        }
    }

    // MARK: Without SNMP

    private func lookWithoutSNMP(
        _ result: LookResult, _ startedAt: Timestamp, _ start: Duration, _ confirmations: Int
    ) async -> LookResult {
        var result = result
        let address = result.record.device.declared.address
        let latency = await reachability.ping(address, timeout: settings.echoTimeout)
        if await answersOtherwise(address, latency: latency) != nil {
            var poll = emptyPoll(result.record, startedAt)
            poll.latency = latency
            result.poll = poll
        } else {
            result.sighting = .unreachable(reason: "answers neither ping nor TCP")
        }
        result.duration = clock.elapsed() - start
        conclude(.fast, &result, startedAt, start, confirmations)
        return result
    }

    /// `ping`, `tcp/22`; nil when there is no sign of life.
    private func answersOtherwise(_ address: IPAddress, latency: Duration?) async -> String? {
        if latency != nil { return "ping" }
        // Two tries: one lost echo is no outage.
        for _ in 0..<2 where !Task.isCancelled {
            if await reachability.ping(address, timeout: settings.echoTimeout) != nil { return "ping" }
        }
        for port in settings.tcpPorts where !Task.isCancelled {
            switch await reachability.connect(address, port: port, timeout: settings.echoTimeout) {
            case .open, .refused: return "tcp/\(port)"
            case .silent: continue
            }
        }
        return nil
    }
}

extension DeviceReport {
    /// What fast polls are read against: without tables that may have thousands of rows.
    fileprivate var withoutBulk: DeviceReport {
        var report = self
        report.forwarding = []
        report.arp = []
        report.addresses = []
        report.accessPoints = []
        report.neighbors = []
        return report
    }
}
