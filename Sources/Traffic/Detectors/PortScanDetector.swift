package import Campus

/// One source tries many ports of one host: SYNs that are refused or not answered, packets with flags that open nothing (FIN,
/// NULL, Xmas), datagrams that nobody answers. An answered port is no try, so passive FTP and busy proxies raise nothing.
package struct PortScanDetector: Detector {
    package struct Settings: Hashable, Sendable {
        /// Ports of one host that did not answer.
        package var ports = 20
        package var window = Duration.seconds(300)
        /// How long an answer may take.
        package var grace = Duration.milliseconds(400)
        package var repeatAfter = Duration.seconds(60)
        /// UDP ports from here on are left out: traceroute, media streams and answers go there.
        package var udpPortLimit = 10_000

        package init() {}
    }

    private struct Pair: Hashable {
        var source: IPAddress
        var destination: IPAddress
    }

    private let settings: Settings
    private let interface: String
    private var logs = GenerationTable<Pair, ProbeLog>(capacity: PortScanDetector.capacity)
    private var suspects = Suspects<Pair>()
    private var outbox = Outbox()
    /// Pairs of source and host watched at a time.
    static let capacity = 16_384

    package init(settings: Settings = Settings(), interface: String = "") {
        self.settings = settings
        self.interface = interface
    }

    package mutating func packet(_ fact: borrowing PacketFact) {
        switch fact.endpoints.protocolNumber {
        case 6: tcp(fact)
        case 17: udp(fact)
        default: break
        }
    }

    private mutating func tcp(_ fact: borrowing PacketFact) {
        if fact.isLaterFragment { return }
        switch fact.tcpFlags & (TCPFlag.syn | TCPFlag.ack | TCPFlag.reset) {
        case TCPFlag.syn: tried(fact.endpoints, at: fact.at)
        case TCPFlag.syn | TCPFlag.ack: heard(fact.endpoints) { $0.answer($1) }
        case 0 where fact.isNewFlow: tried(fact.endpoints, at: fact.at)
        case let flags where flags & TCPFlag.reset != 0: heard(fact.endpoints) { $0.refuse($1) }
        default: break
        }
    }

    private mutating func udp(_ fact: borrowing PacketFact) {
        if fact.isLaterFragment { return }
        let endpoints = fact.endpoints
        if fact.isNewFlow {
            let isService = Int(endpoints.destinationPort) < settings.udpPortLimit
            if isService, endpoints.sourcePort >= 1024, endpoints.destination.isUnicast { tried(endpoints, at: fact.at) }
        } else if !fact.isFromInitiator, fact.responderPackets == 1 {
            heard(endpoints) { $0.answer($1) }
        }
    }

    private mutating func tried(_ endpoints: Endpoints, at now: Int64) {
        let pair = Pair(source: endpoints.source, destination: endpoints.destination)
        let window = settings.window.microseconds
        let listed = logs.update(pair, initial: ProbeLog()) { log in
            log.note(UInt64(endpoints.destinationPort), group: 0, at: now, window: window)
            return log.listed
        }
        if listed >= settings.ports { suspects.add(pair) }
    }

    /// An answer from the host's port to who tried it.
    private mutating func heard(_ endpoints: Endpoints, _ change: (inout ProbeLog, UInt64) -> Void) {
        let pair = Pair(source: endpoints.destination, destination: endpoints.source)
        logs.updateExisting(pair) { change(&$0, UInt64(endpoints.sourcePort)) }
    }

    package mutating func advance(to now: Int64) {
        let settings = settings
        for pair in suspects.take() {
            switch logs.updateExisting(pair, { judge(&$0, settings, at: now) }) {
            case .open: suspects.add(pair)
            case .guilty(let count, let firstAt): report(pair, count: count, firstAt: firstAt, at: now)
            case .innocent, nil: break
            }
        }
    }

    private mutating func report(_ pair: Pair, count: Int, firstAt: Int64, at now: Int64) {
        outbox.add(
            Observation(
                observationClass: "port_scan", severity: .medium, at: Timestamp(microseconds: now),
                firstAt: Timestamp(microseconds: firstAt), source: pair.source, destination: pair.destination, count: count,
                detail: "\(pair.source) tried \(count) ports of \(pair.destination) that did not answer", interface: interface))
    }

    package mutating func drain() -> [Observation] { outbox.drain() }
}

/// Whether enough ports stayed silent, and whether that is news.
private func judge(_ log: inout ProbeLog, _ settings: PortScanDetector.Settings, at now: Int64) -> Judgement {
    let window = settings.window.microseconds
    guard log.silent(at: now, grace: settings.grace.microseconds, window: window) >= settings.ports else {
        return log.silent(at: now, grace: 0, window: window) >= settings.ports ? .open : .innocent
    }
    let count = log.unanswered
    let isNews = log.repetition.isDue(count: count, at: now, interval: settings.repeatAfter.microseconds)
    return isNews ? .guilty(count: count, firstAt: log.firstAt) : .innocent
}

/// TCP's flags (RFC 9293 §3.1).
enum TCPFlag {
    static let syn: UInt8 = 2
    static let reset: UInt8 = 4
    static let ack: UInt8 = 16
}
