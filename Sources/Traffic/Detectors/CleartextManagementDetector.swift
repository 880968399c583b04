package import Campus

/// Telnet, FTP, TFTP, SNMPv1/v2c and HTTP by which a device is managed in clear text: who and whom, never what was said.
package struct CleartextManagementDetector: Detector {
    package struct Settings: Hashable, Sendable {
        /// The devices that are managed. HTTP is told towards these alone; the others are told towards any host while
        /// this is empty.
        package var managedDevices: Set<IPAddress> = []
        package var repeatAfter = Duration.seconds(300)

        package init() {}
    }

    private struct Session: Hashable {
        var client: IPAddress
        var server: IPAddress
        var kind: ManagementFact.Kind
    }

    private struct Tally {
        var firstAt: Int64
        var count = 0
        var repetition = Repetition()
    }

    private let settings: Settings
    private let interface: String
    private var tallies = GenerationTable<Session, Tally>(capacity: CleartextManagementDetector.capacity)
    private var outbox = Outbox()
    /// Client, server and protocol triples remembered at a time.
    static let capacity = 16_384

    package init(settings: Settings = Settings(), interface: String = "") {
        self.settings = settings
        self.interface = interface
    }

    package mutating func management(_ fact: ManagementFact) {
        let endpoints = fact.endpoints
        guard endpoints.destination.isUnicast, isManagement(fact) else { return }
        let session = Session(client: endpoints.source, server: endpoints.destination, kind: fact.kind)
        let interval = settings.repeatAfter.microseconds
        let told = tallies.update(session, initial: Tally(firstAt: fact.at)) { tally -> Tally? in
            tally.count &+= 1
            return tally.repetition.isDue(count: tally.count, at: fact.at, interval: interval) ? tally : nil
        }
        guard let told else { return }
        outbox.add(
            Observation(
                observationClass: "cleartext_management", severity: .medium, at: Timestamp(microseconds: fact.at),
                firstAt: Timestamp(microseconds: told.firstAt), source: session.client, destination: session.server,
                port: endpoints.destinationPort, sourceMAC: fact.sourceMAC, count: told.count,
                detail: "\(session.client) manages \(session.server) by \(fact.kind.title)", interface: interface))
    }

    private func isManagement(_ fact: ManagementFact) -> Bool {
        if settings.managedDevices.contains(fact.endpoints.destination) { return true }
        return settings.managedDevices.isEmpty && fact.kind != .http
    }

    package mutating func advance(to now: Int64) {}

    package mutating func drain() -> [Observation] { outbox.drain() }
}

extension ManagementFact.Kind {
    fileprivate var title: String {
        switch self {
        case .telnet: "telnet"
        case .http: "HTTP"
        case .ftp: "FTP"
        case .tftp: "TFTP"
        case .snmpV1: "SNMPv1"
        case .snmpV2c: "SNMPv2c"
        }
    }
}
