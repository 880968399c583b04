package import Campus

/// Far more ICMP at one target than diagnosis needs: echo requests, errors, or replies that it did not ask for. Who pings a
/// thousand devices gets a thousand replies; those are no flood, and what comes beyond them is.
package struct ICMPFloodDetector: Detector {
    package struct Settings: Hashable, Sendable {
        /// Messages to one address in one window.
        package var messages = 500
        package var window = Duration.seconds(1)
        package var repeatAfter = Duration.seconds(30)

        package init() {}
    }

    private let settings: Settings
    private let interface: String
    private var meters = GenerationTable<IPAddress, FloodMeter>(capacity: ICMPFloodDetector.capacity)
    private var balances = GenerationTable<IPAddress, EchoBalance>(capacity: ICMPFloodDetector.capacity)
    private var outbox = Outbox()
    /// Targets, and hosts that ping, watched at a time.
    static let capacity = 8192

    package init(settings: Settings = Settings(), interface: String = "") {
        self.settings = settings
        self.interface = interface
    }

    package mutating func packet(_ fact: borrowing PacketFact) {
        let isVersion6 = fact.endpoints.protocolNumber == 58
        guard fact.endpoints.protocolNumber == 1 || isVersion6, !fact.isLaterFragment else { return }
        // Router and neighbour discovery and multicast listeners (RFC 4861, RFC 2710) are housekeeping.
        if isVersion6, fact.icmpType >= 130 { return }
        let at = fact.at
        // Echo request and reply: types 8 and 0 (RFC 792), 128 and 129 (RFC 4443 §4).
        switch fact.icmpType {
        case isVersion6 ? 128 : 8:
            balances.update(fact.endpoints.source, initial: EchoBalance(at: at)) { $0.ask(at: at) }
        case isVersion6 ? 129 : 0:
            if balances.updateExisting(fact.endpoints.destination, { $0.settle(at: at) }) == true { return }
        default: break
        }
        counted(fact.endpoints, at: at)
    }

    private mutating func counted(_ endpoints: Endpoints, at now: Int64) {
        let settings = settings
        let told = meters.update(endpoints.destination, initial: FloodMeter(at: now)) { meter -> FloodMeter? in
            meter.count(at: now, window: settings.window.microseconds)
            guard meter.events >= settings.messages else { return nil }
            return meter.repetition.isDue(count: meter.total, at: now, interval: settings.repeatAfter.microseconds) ? meter : nil
        }
        guard let told else { return }
        outbox.add(
            Observation(
                observationClass: "icmp_flood", severity: .high, at: Timestamp(microseconds: now),
                firstAt: Timestamp(microseconds: told.firstAt), source: endpoints.source, destination: endpoints.destination,
                count: told.total, detail: "\(told.total) ICMP messages at \(endpoints.destination)", interface: interface))
    }

    package mutating func advance(to now: Int64) {}

    package mutating func drain() -> [Observation] { outbox.drain() }
}
