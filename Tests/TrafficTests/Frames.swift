import Campus
import Traffic
import Wire

/// Everything an analyser tells, in lists.
struct RecordingSink: FactSink {
    var packets: [PacketFact] = []
    var arps: [ARPFact] = []
    var names: [DNSFact] = []
    var hellos: [TLSFact] = []
    var messages: [HTTPFact] = []
    var leases: [DHCPFact] = []
    var banners: [SSHFact] = []
    var sessions: [ManagementFact] = []
    var flows: [FlowRecord] = []

    mutating func packet(_ fact: borrowing PacketFact) { packets.append(copy fact) }
    mutating func arp(_ fact: ARPFact) { arps.append(fact) }
    mutating func dns(_ fact: DNSFact) { names.append(fact) }
    mutating func tls(_ fact: TLSFact) { hellos.append(fact) }
    mutating func http(_ fact: HTTPFact) { messages.append(fact) }
    mutating func dhcp(_ fact: DHCPFact) { leases.append(fact) }
    mutating func ssh(_ fact: SSHFact) { banners.append(fact) }
    mutating func management(_ fact: ManagementFact) { sessions.append(fact) }
    mutating func flowEnded(_ record: FlowRecord) { flows.append(record) }

    /// `GET host` and `200`, in order; `?` behind what was not seen whole.
    var exchange: [String] {
        messages.map { fact in
            let mark = fact.isAmbiguous ? "?" : ""
            return switch fact.message {
            case .request(let method, _, let host, _, _): "\(method) \(host)\(mark)"
            case .response(let status, _, _): "\(status)\(mark)"
            }
        }
    }

    var serverNames: [String] {
        hellos.compactMap { if case .clientHello(let name, _, _, _) = $0.message { name } else { nil } }
    }
}

/// An analyser of Ethernet frames that are written by hand.
struct Bench: ~Copyable {
    var analyser: Analyser<RecordingSink>
    private var clock: Int64 = 0

    init(_ settings: AnalyserSettings = AnalyserSettings(), linkType: LinkType = .ethernet) {
        analyser = Analyser(settings: settings, linkType: linkType, sink: RecordingSink())
    }

    var sink: RecordingSink { analyser.sink }

    /// One frame, a millisecond after the one before unless `at` says when, of which the capture kept `kept` bytes.
    mutating func take(_ frame: [UInt8], at: Int64? = nil, kept: Int? = nil) {
        clock = at ?? clock + 1000
        let bytes = Array(frame.prefix(kept ?? frame.count))
        analyser.consume(bytes.span, wireLength: frame.count, at: clock)
    }

    mutating func finish() { analyser.finish() }
}

enum Frame {
    static func bytes16(_ value: Int) -> [UInt8] { [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)] }
    static func bytes32(_ value: UInt32) -> [UInt8] { bytes16(Int(value >> 16)) + bytes16(Int(value & 0xffff)) }

    static func ethernet(_ type: Int, _ payload: [UInt8]) -> [UInt8] {
        [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1] + bytes16(type) + payload
    }

    /// An IPv4 datagram from 10.0.0.`from` to 10.0.0.`to`; `fragment` is the flags and offset field.
    static func ipv4(
        _ protocolNumber: UInt8, from: UInt8 = 1, to: UInt8 = 2, identification: Int = 1, fragment: Int = 0, _ payload: [UInt8]
    ) -> [UInt8] {
        ethernet(
            0x800,
            [0x45, 0] + bytes16(20 + payload.count) + bytes16(identification) + bytes16(fragment) + [64, protocolNumber, 0, 0]
                + [10, 0, 0, from, 10, 0, 0, to] + payload)
    }

    static func udp(_ source: Int, _ destination: Int, _ data: [UInt8]) -> [UInt8] {
        bytes16(source) + bytes16(destination) + bytes16(8 + data.count) + [0, 0] + data
    }

    static func tcp(
        _ source: Int, _ destination: Int, _ sequence: UInt32, _ acknowledgement: UInt32, flags: UInt8, _ data: [UInt8] = []
    ) -> [UInt8] {
        bytes16(source) + bytes16(destination) + bytes32(sequence) + bytes32(acknowledgement) + [0x50, flags, 4, 0, 0, 0, 0, 0]
            + data
    }

    static func query(_ name: String, identifier: Int = 7, isResponse: Bool = false, answers: Int = 0) -> [UInt8] {
        let labels = name.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
        return bytes16(identifier) + bytes16(isResponse ? 0x8180 : 0x0100) + [0, 1] + bytes16(answers) + [0, 0, 0, 0] + labels
            + [0, 0, 1, 0, 1]
    }

    /// A TLS record with a ClientHello that asks for `name`.
    static func clientHello(_ name: String) -> [UInt8] {
        let host = Array(name.utf8)
        let names = [0] + bytes16(host.count) + host
        let list = bytes16(names.count) + names
        let extensions = [0, 0] + bytes16(list.count) + list
        let body = [3, 3] + [UInt8](repeating: 9, count: 32) + [0, 0, 2, 0x13, 1, 1, 0] + bytes16(extensions.count) + extensions
        return record(22, handshake(1, body))
    }

    static func handshake(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
        [type, UInt8(body.count >> 16)] + bytes16(body.count & 0xffff) + body
    }
    static func record(_ type: UInt8, _ data: [UInt8]) -> [UInt8] { [type, 3, 3] + bytes16(data.count) + data }
}

/// A TCP connection between 10.0.0.1 and 10.0.0.2 whose segments are written one by one.
struct Connection {
    let client: Int
    let server: Int
    var sent: UInt32 = 1001
    var answered: UInt32 = 5001

    init(client: Int = 40_000, server: Int = 80) {
        self.client = client
        self.server = server
    }

    var handshake: [[UInt8]] {
        [
            Frame.ipv4(6, Frame.tcp(client, server, 1000, 0, flags: 2)),
            Frame.ipv4(6, from: 2, to: 1, Frame.tcp(server, client, 5000, 1001, flags: 0x12)),
            Frame.ipv4(6, Frame.tcp(client, server, 1001, 5001, flags: 0x10)),
        ]
    }

    mutating func up(_ data: [UInt8], flags: UInt8 = 0x18) -> [UInt8] {
        defer { sent &+= UInt32(data.count) }
        return Frame.ipv4(6, Frame.tcp(client, server, sent, answered, flags: flags, data))
    }

    mutating func down(_ data: [UInt8], flags: UInt8 = 0x18) -> [UInt8] {
        defer { answered &+= UInt32(data.count) }
        return Frame.ipv4(6, from: 2, to: 1, Frame.tcp(server, client, answered, sent, flags: flags, data))
    }

    mutating func up(_ text: String) -> [UInt8] { up(Array(text.utf8)) }
    mutating func down(_ text: String) -> [UInt8] { down(Array(text.utf8)) }
}
