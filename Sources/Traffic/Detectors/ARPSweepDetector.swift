package import Campus

/// One station asks for many addresses of its segment that mostly nobody has. A gateway that asks for its own hosts is answered.
package struct ARPSweepDetector: Detector {
    package struct Settings: Hashable, Sendable {
        /// Addresses asked for in vain.
        package var addresses = 25
        package var window = Duration.seconds(60)
        /// How long an answer may take.
        package var grace = Duration.seconds(1)
        package var repeatAfter = Duration.seconds(60)

        package init() {}
    }

    private struct Station: Hashable {
        var mac: MACAddress
        var address: IPAddress
    }

    private let settings: Settings
    private let interface: String
    private var logs = GenerationTable<Station, ProbeLog>(capacity: ARPSweepDetector.capacity)
    private var suspects = Suspects<Station>()
    private var outbox = Outbox()
    /// Stations watched at a time.
    static let capacity = 8192

    package init(settings: Settings = Settings(), interface: String = "") {
        self.settings = settings
        self.interface = interface
    }

    package mutating func arp(_ fact: ARPFact) {
        if fact.isGratuitous { return }
        if fact.operation == 1 {
            asked(Station(mac: fact.senderMAC, address: fact.senderIP), fact.targetIP, at: fact.at)
        } else if fact.operation == 2 {
            let station = Station(mac: fact.targetMAC, address: fact.targetIP)
            logs.updateExisting(station) { $0.answer(fact.senderIP.digest) }
        }
    }

    private mutating func asked(_ station: Station, _ target: IPAddress, at now: Int64) {
        let window = settings.window.microseconds
        let listed = logs.update(station, initial: ProbeLog()) { log in
            log.note(target.digest, group: 0, at: now, window: window)
            return log.listed
        }
        if listed >= settings.addresses { suspects.add(station) }
    }

    package mutating func advance(to now: Int64) {
        let settings = settings
        for station in suspects.take() {
            switch logs.updateExisting(station, { judge(&$0, settings, at: now) }) {
            case .open: suspects.add(station)
            case .guilty(let count, let firstAt): report(station, count: count, firstAt: firstAt, at: now)
            case .innocent, nil: break
            }
        }
    }

    private mutating func report(_ station: Station, count: Int, firstAt: Int64, at now: Int64) {
        outbox.add(
            Observation(
                observationClass: "arp_sweep", severity: .low, at: Timestamp(microseconds: now),
                firstAt: Timestamp(microseconds: firstAt), source: station.address, sourceMAC: station.mac, count: count,
                detail: "\(station.address) (\(station.mac)) asked for \(count) addresses that nobody has", interface: interface))
    }

    package mutating func drain() -> [Observation] { outbox.drain() }
}

/// Whether enough addresses stayed unclaimed, more than answered, and whether that is news.
private func judge(_ log: inout ProbeLog, _ settings: ARPSweepDetector.Settings, at now: Int64) -> Judgement {
    let window = settings.window.microseconds
    guard log.silent(at: now, grace: settings.grace.microseconds, window: window) >= settings.addresses,
        log.unanswered >= log.answered
    else { return log.silent(at: now, grace: 0, window: window) >= settings.addresses ? .open : .innocent }
    let count = log.unanswered
    let isNews = log.repetition.isDue(count: count, at: now, interval: settings.repeatAfter.microseconds)
    return isNews ? .guilty(count: count, firstAt: log.firstAt) : .innocent
}
