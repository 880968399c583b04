package import Campus

/// Gathers one minute of traffic after the other: totals, talkers, services and names, with bounded memory.
///
/// Where flows are sampled, each packet counts `weight` times, so that sums are estimates of all traffic; numbers of clients
/// are those seen. A packet late for its minute counts in the one that is open.
package struct MinuteSummary: FactSink {
    package struct Settings: Hashable, Sendable {
        /// Addresses, services and names counted at a time.
        package var maximumTalkers = 16_384
        package var maximumServices = 4096
        package var maximumNames = 8192
        /// How many of each are handed out; the others are counted as overflow.
        package var reportedTalkers = 500
        package var reportedServices = 100
        package var reportedNames = 1000

        package init() {}
    }

    /// How many packets one packet stands for: 2^shift of its sampling.
    package var weight: UInt64 = 1

    private let settings: Settings
    private var minute: TrafficMinute
    private var talkers: SumTable<IPAddress, TalkerSum>
    private var services: SumTable<ServiceKey, ServiceSum>
    private var names: [NameKey: NameSum] = [:]
    private var refusedNames: UInt64 = 0
    private static let length = Duration.seconds(60)

    private struct TalkerSum {
        var bytesIn: UInt64 = 0
        var bytesOut: UInt64 = 0
        var packets: UInt64 = 0
        var flows: UInt64 = 0
    }

    private struct ServiceSum {
        var bytes: UInt64 = 0
        var packets: UInt64 = 0
        var flows: UInt64 = 0
    }

    private enum NameSource: String { case dns, tls, http }

    private struct NameKey: Hashable {
        var source: NameSource
        var name: String
    }

    private struct NameSum {
        var clients = DistinctCounter()
        var sessions: UInt64 = 0
    }

    /// `start` is any instant of the first minute.
    package init(interface: String, start: Timestamp, settings: Settings = Settings()) {
        self.settings = settings
        minute = TrafficMinute(interface: interface, start: start.floored(to: MinuteSummary.length))
        talkers = SumTable(capacity: settings.maximumTalkers)
        services = SumTable(capacity: settings.maximumServices)
    }

    /// The start of the minute that is open.
    package var start: Timestamp { minute.start }

    package mutating func frame(wireLength: Int, at: Int64) {
        minute.bytes &+= UInt64(clamping: wireLength) &* weight
        minute.packets &+= weight
    }

    package mutating func packet(_ fact: borrowing PacketFact) {
        let bytes = UInt64(clamping: fact.wireLength) &* weight
        let weight = weight
        let flows = fact.isNewFlow ? weight : 0
        minute.flows &+= flows
        talkers.update(fact.endpoints.source, initial: TalkerSum()) { sum in
            sum.bytesOut &+= bytes
            sum.packets &+= weight
            sum.flows &+= flows
        }
        talkers.update(fact.endpoints.destination, initial: TalkerSum()) { sum in
            sum.bytesIn &+= bytes
            sum.packets &+= weight
            sum.flows &+= flows
        }
        let port = fact.isFromInitiator ? fact.endpoints.destinationPort : fact.endpoints.sourcePort
        let service = ServiceKey(protocolNumber: fact.endpoints.protocolNumber, port: port)
        services.update(service, initial: ServiceSum()) { sum in
            sum.bytes &+= bytes
            sum.packets &+= weight
            sum.flows &+= flows
        }
    }

    package mutating func dns(_ fact: DNSFact) {
        if fact.isResponse || fact.application != .dns || fact.isAmbiguous || fact.name.hasSuffix(".arpa") { return }
        note(.dns, fact.name, client: fact.endpoints.source)
    }

    package mutating func tls(_ fact: TLSFact) {
        if case .clientHello(let serverName, _, _, _) = fact.message { note(.tls, serverName, client: fact.endpoints.source) }
    }

    package mutating func http(_ fact: HTTPFact) {
        if case .request(_, _, let host, _, _) = fact.message { note(.http, host, client: fact.endpoints.source) }
    }

    private mutating func note(_ source: NameSource, _ name: String, client: IPAddress) {
        if name.isEmpty { return }
        let key = NameKey(source: source, name: name)
        if names.count >= settings.maximumNames, names[key] == nil {
            refusedNames &+= 1
            return
        }
        names[key, default: NameSum()].clients.insert(client)
        names[key, default: NameSum()].sessions &+= weight
    }

    /// Hands out the open minute if `now` is after it, and opens that of `now`. A little before it is a late frame; a minute
    /// and more before it, the clock stepped back.
    package mutating func close(at now: Timestamp) -> TrafficMinute? {
        let next = now.floored(to: MinuteSummary.length)
        let isLate = next < minute.start && minute.start.since(now) < MinuteSummary.length
        return next == minute.start || isLate ? nil : finish(next: next)
    }

    /// Hands out the open minute as it stands and opens the one that starts at `next`.
    package mutating func finish(next: Timestamp) -> TrafficMinute {
        var closed = minute
        closed.overflow = talkers.refused &+ services.refused &+ refusedNames
        closed.talkers = topTalkers(&closed.overflow)
        closed.services = topServices(&closed.overflow)
        closed.names = topNames(&closed.overflow)
        minute = TrafficMinute(interface: minute.interface, start: next)
        talkers.removeAll()
        services.removeAll()
        names.removeAll(keepingCapacity: true)
        refusedNames = 0
        return closed
    }

    private func topTalkers(_ overflow: inout UInt64) -> [TrafficMinute.Talker] {
        let all = talkers.entries.map { address, sum in
            TrafficMinute.Talker(
                address: address, bytesIn: sum.bytesIn, bytesOut: sum.bytesOut, packets: sum.packets, flows: sum.flows)
        }
        return top(all, settings.reportedTalkers, &overflow) { $0.bytesIn &+ $0.bytesOut }
    }

    private func topServices(_ overflow: inout UInt64) -> [TrafficMinute.Service] {
        let all = services.entries.map { key, sum in
            TrafficMinute.Service(
                protocolNumber: key.protocolNumber, port: key.port, bytes: sum.bytes, packets: sum.packets, flows: sum.flows)
        }
        return top(all, settings.reportedServices, &overflow) { $0.bytes }
    }

    private func topNames(_ overflow: inout UInt64) -> [TrafficMinute.Name] {
        let all = names.map { key, sum in
            TrafficMinute.Name(source: key.source.rawValue, name: key.name, clients: sum.clients.estimate, sessions: sum.sessions)
        }
        return top(all, settings.reportedNames, &overflow) { $0.sessions }
    }

    private func top<Row>(
        _ rows: [Row], _ limit: Int, _ overflow: inout UInt64, by size: (Row) -> UInt64
    ) -> [Row] {
        let sorted = rows.sorted { size($0) > size($1) }
        overflow &+= UInt64(max(0, sorted.count - limit))
        return Array(sorted.prefix(limit))
    }
}
