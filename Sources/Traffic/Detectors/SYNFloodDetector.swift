package import Campus

/// Connections to one service that are opened and never completed, far more than come to anything. A flash crowd completes its
/// handshakes; a service that is down is asked again by the same few, and a repeated SYN counts once.
package struct SYNFloodDetector: Detector {
    package struct Settings: Hashable, Sendable {
        /// New half-open connections to one service in one window.
        package var connections = 500
        package var window = Duration.seconds(5)
        /// The share of completed handshakes, in percent, above which it is a crowd.
        package var completedPercent = 20
        package var repeatAfter = Duration.seconds(30)

        package init() {}
    }

    private struct Service: Hashable {
        var address: IPAddress
        var port: UInt16
    }

    private let settings: Settings
    private let interface: String
    private var meters = GenerationTable<Service, FloodMeter>(capacity: SYNFloodDetector.capacity)
    private var outbox = Outbox()
    /// Services watched at a time.
    static let capacity = 8192

    package init(settings: Settings = Settings(), interface: String = "") {
        self.settings = settings
        self.interface = interface
    }

    package mutating func packet(_ fact: borrowing PacketFact) {
        guard fact.endpoints.protocolNumber == 6, fact.isFromInitiator, !fact.isLaterFragment else { return }
        let flags = fact.tcpFlags & (TCPFlag.syn | TCPFlag.ack | TCPFlag.reset)
        if flags == TCPFlag.syn, fact.isNewFlow {
            opened(fact.endpoints, at: fact.at)
        } else if flags == TCPFlag.ack, fact.initiatorPackets == 2 {
            let service = Service(address: fact.endpoints.destination, port: fact.endpoints.destinationPort)
            let window = settings.window.microseconds
            let at = fact.at
            meters.updateExisting(service) { $0.complete(at: at, window: window) }
        }
    }

    private mutating func opened(_ endpoints: Endpoints, at now: Int64) {
        let service = Service(address: endpoints.destination, port: endpoints.destinationPort)
        let settings = settings
        let told = meters.update(service, initial: FloodMeter(at: now)) { meter -> FloodMeter? in
            meter.count(at: now, window: settings.window.microseconds)
            guard meter.events - meter.completed >= settings.connections,
                meter.completed * 100 < meter.events * settings.completedPercent
            else { return nil }
            return meter.repetition.isDue(count: meter.total, at: now, interval: settings.repeatAfter.microseconds) ? meter : nil
        }
        guard let told else { return }
        outbox.add(
            Observation(
                observationClass: "syn_flood", severity: .high, at: Timestamp(microseconds: now),
                firstAt: Timestamp(microseconds: told.firstAt), source: endpoints.source, destination: service.address,
                port: service.port, count: told.total,
                detail: "\(told.total) connections to \(service.address) port \(service.port) were opened and not completed",
                interface: interface))
    }

    package mutating func advance(to now: Int64) {}

    package mutating func drain() -> [Observation] { outbox.drain() }
}
