package import Campus

/// One source tries one port, or ICMP echo, on many hosts that mostly do not answer. Who is mostly answered (a browser, a resolver, a
/// monitoring poller with some dead devices) is no sweep; targets that are not neighbours need to be more, so that a
/// browser behind a broken uplink is none either.
package struct HostSweepDetector: Detector {
    package struct Settings: Hashable, Sendable {
        /// Silent hosts in one /16 (IPv6: /48).
        package var hosts = 20
        /// Silent hosts anywhere.
        package var scatteredHosts = 100
        package var window = Duration.seconds(300)
        /// How long an answer may take.
        package var grace = Duration.seconds(1)
        package var repeatAfter = Duration.seconds(60)

        package init() {}
    }

    private struct Target: Hashable {
        var source: IPAddress
        var protocolNumber: UInt8
        var port: UInt16
    }

    private let settings: Settings
    private let interface: String
    private var logs = GenerationTable<Target, ProbeLog>(capacity: HostSweepDetector.capacity)
    private var suspects = Suspects<Target>()
    private var outbox = Outbox()
    /// Pairs of source and port watched at a time.
    static let capacity = 16_384

    package init(settings: Settings = Settings(), interface: String = "") {
        self.settings = settings
        self.interface = interface
    }

    package mutating func packet(_ fact: borrowing PacketFact) {
        if fact.isLaterFragment { return }
        switch fact.endpoints.protocolNumber {
        case 6: tcp(fact)
        case 17: udp(fact)
        case 1, 58: icmp(fact)
        default: break
        }
    }

    private mutating func tcp(_ fact: borrowing PacketFact) {
        switch fact.tcpFlags & (TCPFlag.syn | TCPFlag.ack | TCPFlag.reset) {
        case TCPFlag.syn: tried(fact.endpoints, port: fact.endpoints.destinationPort, at: fact.at)
        case TCPFlag.syn | TCPFlag.ack: heard(fact.endpoints, port: fact.endpoints.sourcePort) { $0.answer($1) }
        case let flags where flags & TCPFlag.reset != 0:
            heard(fact.endpoints, port: fact.endpoints.sourcePort) { $0.refuse($1) }
        default: break
        }
    }

    private mutating func udp(_ fact: borrowing PacketFact) {
        let endpoints = fact.endpoints
        if fact.isNewFlow {
            if endpoints.sourcePort >= 1024, endpoints.destinationPort < endpoints.sourcePort {
                tried(endpoints, port: endpoints.destinationPort, at: fact.at)
            }
        } else if !fact.isFromInitiator, fact.responderPackets == 1 {
            heard(endpoints, port: endpoints.sourcePort) { $0.answer($1) }
        }
    }

    /// Echo request and reply: types 8 and 0 (RFC 792), 128 and 129 (RFC 4443 §4).
    private mutating func icmp(_ fact: borrowing PacketFact) {
        let isVersion6 = fact.endpoints.protocolNumber == 58
        switch fact.icmpType {
        case isVersion6 ? 128 : 8: tried(fact.endpoints, port: 0, at: fact.at)
        case isVersion6 ? 129 : 0: heard(fact.endpoints, port: 0) { $0.answer($1) }
        default: break
        }
    }

    private mutating func tried(_ endpoints: Endpoints, port: UInt16, at now: Int64) {
        guard endpoints.destination.isUnicast else { return }
        let target = Target(source: endpoints.source, protocolNumber: endpoints.protocolNumber, port: port)
        let host = endpoints.destination
        let window = settings.window.microseconds
        let listed = logs.update(target, initial: ProbeLog()) { log in
            log.note(host.digest, group: host.neighbourhood, at: now, window: window)
            return log.listed
        }
        if listed >= settings.hosts { suspects.add(target) }
    }

    /// An answer from a host to who tried it.
    private mutating func heard(_ endpoints: Endpoints, port: UInt16, _ change: (inout ProbeLog, UInt64) -> Void) {
        let target = Target(source: endpoints.destination, protocolNumber: endpoints.protocolNumber, port: port)
        logs.updateExisting(target) { change(&$0, endpoints.source.digest) }
    }

    package mutating func advance(to now: Int64) {
        let settings = settings
        for target in suspects.take() {
            switch logs.updateExisting(target, { judge(&$0, settings, at: now) }) {
            case .open: suspects.add(target)
            case .guilty(let count, let firstAt): report(target, count: count, firstAt: firstAt, at: now)
            case .innocent, nil: break
            }
        }
    }

    private mutating func report(_ target: Target, count: Int, firstAt: Int64, at now: Int64) {
        let isEcho = target.protocolNumber == 1 || target.protocolNumber == 58
        let what = isEcho ? "by ping" : "on \(target.protocolNumber == 6 ? "tcp" : "udp") port \(target.port)"
        outbox.add(
            Observation(
                observationClass: "host_sweep", severity: .medium, at: Timestamp(microseconds: now),
                firstAt: Timestamp(microseconds: firstAt), source: target.source, port: isEcho ? nil : target.port, count: count,
                detail: "\(target.source) tried \(count) hosts \(what) that did not answer", interface: interface))
    }

    package mutating func drain() -> [Observation] { outbox.drain() }
}

/// Whether enough hosts stayed silent, more than answered, and whether that is news.
private func judge(_ log: inout ProbeLog, _ settings: HostSweepDetector.Settings, at now: Int64) -> Judgement {
    let window = settings.window.microseconds
    func isMany(grace: Int64) -> Bool {
        log.silent(at: now, grace: grace, window: window) >= settings.scatteredHosts
            || log.silent(at: now, grace: grace, window: window, group: log.newestGroup) >= settings.hosts
    }
    guard isMany(grace: settings.grace.microseconds), log.unanswered >= log.answered else {
        return isMany(grace: 0) && log.unanswered >= log.answered ? .open : .innocent
    }
    let count = log.unanswered
    let isNews = log.repetition.isDue(count: count, at: now, interval: settings.repeatAfter.microseconds)
    return isNews ? .guilty(count: count, firstAt: log.firstAt) : .innocent
}

extension IPAddress {
    /// 64 bits that tell addresses apart for counting; two IPv6 addresses may share them by chance.
    var digest: UInt64 { isIPv4 ? low : (high &* 0x9e37_79b9_7f4a_7c15) ^ low }

    /// The /16 of an IPv4 address, the /48 of an IPv6 one.
    var neighbourhood: UInt64 { isIPv4 ? low >> 16 : high >> 16 | 1 << 63 }
}
