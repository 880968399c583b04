package import Campus
package import Evidence
import Glibc
package import Logging
package import Probes
package import SNMP
import ServiceLifecycle
import Synchronization

/// Polls every declared device on its schedule and hands what it learned to the store, about once a second.
package actor Poller: Service {
    private let settings: PollingSettings
    private let store: EvidenceStore
    private let logger: Logger
    private let clock: PollingClock
    private let looker: Looker
    private let engine: SNMPEngine
    private let reachability: Reachability
    private var library: ProbeLibrary
    private var records: [DeviceID: DeviceRecord] = [:]
    /// When each device is looked at next, beside the records, which are dear to walk through; one in flight is not in it.
    private var due: [DeviceID: Duration] = [:]
    /// Devices that are looked at now; true where all of one is read.
    private var inFlight: [DeviceID: Bool] = [:]
    private var fullInFlight = 0
    /// What is to be read anew when the look that is under way has ended.
    private var toRefresh: Set<DeviceID> = []
    private var unstored = UnstoredPolls()
    private var counts = PollerStatus()
    private let published = Mutex(PollerStatus())

    /// How often schedules are looked through.
    private static let tick = Duration.milliseconds(200)
    /// Between two full polls that changes ask for: a port that flaps must not keep a device busy.
    private static let refreshEach = Duration.seconds(30)

    package init(
        settings: PollingSettings, devices: [PolledDevice], library: ProbeLibrary, store: EvidenceStore, logger: Logger,
        snmp: SNMPSettings = SNMPSettings(), clock: PollingClock = .system()
    ) {
        self.settings = settings
        self.library = library
        self.store = store
        self.logger = logger
        self.clock = clock
        DescriptorLimit.raise()
        engine = SNMPEngine(settings: snmp, logger: logger)
        reachability = Reachability()
        looker = Looker(engine: engine, reachability: reachability, store: store, settings: settings, clock: clock)
        for device in devices {
            let record = Self.record(device, settings, clock.elapsed(), among: devices.count)
            records[device.id] = record
            due[device.id] = record.schedule.next
        }
    }

    /// What has been done so far; may be read from any thread at any time.
    package nonisolated func status() -> PollerStatus { published.withLock { $0 } }

    package func run() async throws {
        if let problem = reachability.pingProblem { logger.warning("\(problem)") }
        await cancelWhenGracefulShutdown { await self.poll() }
        store(at: nil)
        engine.shutdown()
        reachability.shutdown()
    }

    /// Goes on with other devices and definitions; what is known of a device that stays is kept.
    package func change(to devices: [PolledDevice], library: ProbeLibrary) {
        self.library = library
        var kept: [DeviceID: DeviceRecord] = [:]
        for device in devices {
            guard var record = records[device.id], record.device.declared.address == device.declared.address else {
                kept[device.id] = Self.record(device, settings, clock.elapsed(), among: devices.count)
                continue
            }
            record.device = device
            record.wantsFull = true
            record.schedule.hurry(at: clock.elapsed())
            kept[device.id] = record
        }
        records = kept
        due = kept.filter { inFlight[$0.key] == nil }.mapValues { $0.schedule.next }
        publish()
    }

    /// A device's place among all others comes from its id, so that a restart does not shuffle them.
    private static func record(
        _ device: PolledDevice, _ settings: PollingSettings, _ now: Duration, among count: Int
    ) -> DeviceRecord {
        let hash = device.id.text.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
        let phase = Double(hash >> 8) / Double(1 << 24)
        let first = now + min(settings.interval / 2, settings.firstPollEach * count) * phase
        return DeviceRecord(device: device, schedule: DeviceSchedule(first: first, phase: phase))
    }

    /// Reads devices anew as soon as can be, in full at most twice a minute each: something told of a change there.
    package func refresh(_ devices: Set<DeviceID>) {
        let now = clock.elapsed()
        for id in devices {
            guard var record = records[id] else { continue }
            if record.refreshedAt.map({ now - $0 >= Self.refreshEach }) ?? true {
                record.wantsFull = true
                record.refreshedAt = now
            }
            record.schedule.hurry(at: now)
            records[id] = record
            if inFlight[id] != nil { toRefresh.insert(id) } else { due[id] = record.schedule.next }
        }
    }

    // MARK: The loop

    private enum Event: Sendable {
        case tick
        case looked(DeviceID, LookResult)
    }

    private func poll() async {
        await withTaskGroup(of: Event.self) { group in
            group.addTask { [clock] in await Self.wait(clock) }
            while let event = await group.next() {
                switch event {
                case .looked(let id, let result):
                    take(result, of: id)
                case .tick:
                    if Task.isCancelled { break }
                    for (id, record, look) in takeDue() {
                        group.addTask { [looker, library, settings] in
                            await .looked(
                                id, looker.look(look, at: record, library: library, confirmations: settings.misses))
                        }
                    }
                    store(at: clock.elapsed())
                    publish()
                    group.addTask { [clock] in await Self.wait(clock) }
                }
            }
        }
    }

    private static func wait(_ clock: PollingClock) async -> Event {
        try? await clock.sleep(tick)
        return .tick
    }

    private func takeDue() -> [(DeviceID, DeviceRecord, DeviceSchedule.Look)] {
        let now = clock.elapsed()
        var taken: [(DeviceID, DeviceRecord, DeviceSchedule.Look)] = []
        for (id, _) in due.filter({ $0.value <= now }).sorted(by: { $0.value < $1.value })
        where inFlight.count < settings.concurrency {
            guard let record = records[id],
                let look = record.schedule.look(at: now, settings: settings, wantsFull: record.wantsFull || record.plan == nil)
            else { continue }
            if look == .full, fullInFlight >= settings.fullConcurrency { continue }
            fullInFlight += look == .full ? 1 : 0
            inFlight[id] = look == .full
            counts.looks += 1
            if record.schedule.delay(at: now) > .seconds(1) { counts.late += 1 }
            taken.append((id, record, look))
        }
        for (id, _, _) in taken { due[id] = nil }
        return taken
    }

    private func take(_ result: LookResult, of id: DeviceID) {
        if inFlight.removeValue(forKey: id) == true { fullInFlight -= 1 }
        counts.pdus += result.pduCount
        counts.retries += result.retries
        counts.malformed += result.malformed
        if result.sighting != .answered { counts.misses += 1 }
        defer { plan(id, result.trueID) }
        // A device that was taken out or moved while it was looked at is forgotten; a poll cut short by the end is none.
        guard let current = records[id], !Task.isCancelled,
            current.device.declared.address == result.record.device.declared.address
        else { return }
        var result = result
        result.record.device = current.device
        result.record.wantsFull = result.record.wantsFull || current.wantsFull && result.record.plan == nil
        records[id] = result.record
        tell(result, before: current.health.state)
        adoptIdentity(&result, of: id)
        if let poll = result.poll { unstored.append(poll, limit: settings.maximumUnstored) }
    }

    /// Puts a device that is no longer in flight back in line, under the id that it has now.
    private func plan(_ id: DeviceID, _ trueID: DeviceID?) {
        let now = records[id] == nil ? trueID ?? id : id
        due[id] = nil
        if toRefresh.remove(id) != nil {
            records[now]?.wantsFull = true
            records[now]?.schedule.hurry(at: clock.elapsed())
        }
        if inFlight[now] == nil { due[now] = records[now]?.schedule.next }
    }

    /// One line for each change of state; a device that is simply there after a start is no news.
    private func tell(_ result: LookResult, before: DeviceState) {
        guard case .changed = result.change else { return }
        let device = result.record.device
        let health = result.record.health
        logger.log(
            level: health.state != .up ? .warning : before == .unknown ? .debug : .info, "device is \(health.state.rawValue)",
            metadata: [
                "device": "\(device.declared.name)", "address": "\(device.declared.address)", "reason": "\(health.reason)",
            ])
    }

    /// Gives a device the id that its own identity makes, once; two devices that claim the same one are told, and kept apart.
    private func adoptIdentity(_ result: inout LookResult, of id: DeviceID) {
        guard let trueID = result.trueID, var record = records[id], !record.hasOwnID else { return }
        record.hasOwnID = true
        records[id] = record
        let declared = record.device.declared
        let provisional = DeviceIdentity.provisional(address: declared.address, port: declared.port)
        guard records[trueID] == nil, id == provisional else {
            logger.warning(
                "identity differs: another device has this engine id or serial, or the device was replaced",
                metadata: ["device": "\(declared.name)", "id": "\(id)", "claims": "\(trueID)"])
            return
        }
        do {
            store(at: nil)
            try store.renameDevice(id, to: trueID)
        } catch {
            logger.error("device keeps its provisional id", metadata: ["device": "\(declared.name)", "error": "\(error)"])
            return
        }
        record.device.id = trueID
        records[id] = nil
        records[trueID] = record
        result.poll?.device = trueID
    }

    // MARK: The store

    /// Stores what has gathered, when it is time or `now` is nil.
    private func store(at now: Duration?) {
        if let now, !unstored.isDue(now, settings.flush) { return }
        do {
            try unstored.store(in: store, at: now)
        } catch {
            logger.error("polls wait for the store", metadata: ["waiting": "\(unstored.count)", "error": "\(error)"])
        }
        counts.dropped = unstored.dropped
    }

    private func publish() {
        counts.devices = records.count
        counts.inFlight = inFlight.count
        published.withLock { $0 = counts }
    }

    // MARK: Once

    /// Polls every device once, stores it and says what came of it: in full the first time, what changes from then on.
    ///
    /// One look decides; there is no confirmation.
    package func pollOnce() async -> PollSummary {
        let start = clock.elapsed()
        let cpu = processorSeconds()
        var summary = PollSummary()
        summary.devices = records.count
        await withTaskGroup(of: Event.self) { group in
            var waiting = records.map { ($0.key, $0.value) }[...]
            for _ in 0..<settings.fullConcurrency { addNext(&waiting, &group) }
            while case .looked(let id, let result)? = await group.next() {
                summary.count(result, interval: settings.interval)
                take(result, of: id)
                store(at: clock.elapsed())
                addNext(&waiting, &group)
            }
        }
        store(at: nil)
        summary.wall = clock.elapsed() - start
        summary.cpuSeconds = processorSeconds() - cpu
        return summary
    }

    private func addNext(_ waiting: inout ArraySlice<(DeviceID, DeviceRecord)>, _ group: inout TaskGroup<Event>) {
        guard let (id, record) = waiting.popFirst() else { return }
        group.addTask { [looker, library] in
            let look = record.plan == nil || record.wantsFull ? DeviceSchedule.Look.full : .fast
            return await .looked(id, looker.look(look, at: record, library: library, confirmations: 1))
        }
    }
}

extension PollSummary {
    fileprivate mutating func count(_ result: LookResult, interval: Duration) {
        pdus += result.pduCount
        retries += result.retries
        guard case .answered = result.sighting else {
            failed[result.record.health.reason, default: 0] += 1
            return
        }
        answered += 1
        interfaces += result.poll?.samples.count ?? 0
        if result.duration > interval { late += 1 }
    }
}
