package import Campus

/// Offers from a DHCP server that nobody declared. While no server is declared, the first one heard in a VLAN is taken as
/// the rightful one and any other is told.
package struct RogueDHCPDetector: Detector {
    package struct Settings: Hashable, Sendable {
        package var declaredServers: Set<IPAddress> = []
        package var repeatAfter = Duration.seconds(60)

        package init() {}
    }

    private struct Server: Hashable {
        var address: IPAddress
        var vlan: UInt16?
    }

    private struct Tally {
        var firstAt: Int64
        var count = 0
        var repetition = Repetition()
    }

    private let settings: Settings
    private let interface: String
    private var firstServers: [UInt16?: IPAddress] = [:]
    private var tallies = GenerationTable<Server, Tally>(capacity: RogueDHCPDetector.capacity)
    private var outbox = Outbox()
    /// Servers remembered at a time; VLANs are 4096 at most.
    static let capacity = 4096

    package init(settings: Settings = Settings(), interface: String = "") {
        self.settings = settings
        self.interface = interface
    }

    package mutating func dhcp(_ fact: DHCPFact) {
        let isFromServer = fact.messageType == 2 || fact.messageType == 5
        guard isFromServer, let server = fact.server, server.isUnicast, !isRightful(server, vlan: fact.vlan) else { return }
        let interval = settings.repeatAfter.microseconds
        let told = tallies.update(Server(address: server, vlan: fact.vlan), initial: Tally(firstAt: fact.at)) { tally -> Tally? in
            tally.count &+= 1
            return tally.repetition.isDue(count: tally.count, at: fact.at, interval: interval) ? tally : nil
        }
        guard let told else { return }
        outbox.add(
            Observation(
                observationClass: "rogue_dhcp", severity: .high, at: Timestamp(microseconds: fact.at),
                firstAt: Timestamp(microseconds: told.firstAt), source: server, sourceMAC: fact.sourceMAC, count: told.count,
                detail: "\(server) hands out addresses and is not declared as a DHCP server", interface: interface))
    }

    private mutating func isRightful(_ server: IPAddress, vlan: UInt16?) -> Bool {
        if !settings.declaredServers.isEmpty { return settings.declaredServers.contains(server) }
        if let first = firstServers[vlan] { return first == server }
        firstServers[vlan] = server
        return true
    }

    package mutating func advance(to now: Int64) {}

    package mutating func drain() -> [Observation] { outbox.drain() }
}
