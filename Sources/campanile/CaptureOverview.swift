import Campus
import Reporting
import Traffic

/// What a person wants to know of a capture file: how much, who, what for, and what looks wrong.
struct CaptureOverview {
    var packets: UInt64 = 0
    var bytes: UInt64 = 0
    var flows: UInt64 = 0
    var firstAt: Int64?
    var lastAt: Int64?
    var talkers: [IPAddress: UInt64] = [:]
    var names: [String: Int] = [:]
    var observations: [Observation] = []
    /// Names and talkers kept at a time; later ones are not counted singly.
    static let limit = 100_000

    func text(_ file: String) -> String {
        let span = Double((lastAt ?? 0) - (firstAt ?? 0)) / 1e6
        var text =
            "\(file.printable): \(packets) packets, \(Figures.bytes(Double(bytes))), \(flows) flows, \(Figures.span(span, language: .en))\n"
        text += section("talker", "bytes", talkers.map { ("\($0.key)", Int(clamping: $0.value)) }) { Figures.bytes(Double($0)) }
        text += section("name", "times", names.map { ($0.key, $0.value) }) { "\($0)" }
        if !observations.isEmpty {
            var table = TextTable(columns: ["class", "severity", "source", "destination", "detail"], cellLimit: 90)
            table.rows = observations.prefix(100).map { observation in
                [
                    observation.observationClass, observation.severity.rawValue, observation.source?.description ?? "",
                    observation.destination?.description ?? "", observation.detail,
                ]
            }
            text += "\n" + table.text
        }
        return text
    }

    private func section(_ name: String, _ unit: String, _ counts: [(String, Int)], _ format: (Int) -> String) -> String {
        guard !counts.isEmpty else { return "" }
        let top = counts.sorted { ($1.1, $0.0) < ($0.1, $1.0) }.prefix(10)
        return "\n" + TextTable(columns: [name, unit], rows: top.map { [$0.0, format($0.1)] }, numeric: [1]).text
    }
}

/// Gathers an overview.
struct OverviewSink: FactSink {
    private(set) var overview = CaptureOverview()
    private var detectors = Detectors()

    mutating func frame(wireLength: Int, at: Int64) {
        overview.packets &+= 1
        overview.bytes &+= UInt64(clamping: wireLength)
        overview.firstAt = min(overview.firstAt ?? at, at)
        overview.lastAt = max(overview.lastAt ?? at, at)
        detectors.frame(wireLength: wireLength, at: at)
    }

    mutating func packet(_ fact: borrowing PacketFact) { detectors.packet(fact) }
    mutating func arp(_ fact: ARPFact) { detectors.arp(fact) }
    mutating func dhcp(_ fact: DHCPFact) { detectors.dhcp(fact) }
    mutating func management(_ fact: ManagementFact) { detectors.management(fact) }
    mutating func dns(_ fact: DNSFact) { if !fact.isResponse { count("dns \(fact.name)") } }
    mutating func tls(_ fact: TLSFact) {
        if case .clientHello(let name, _, _, _) = fact.message, !name.isEmpty { count("tls \(name)") }
    }

    mutating func flowEnded(_ record: FlowRecord) {
        overview.flows &+= 1
        let bytes = record.bytesFromInitiator &+ record.bytesFromResponder
        for address in [record.endpoints.source, record.endpoints.destination]
        where overview.talkers[address] != nil || overview.talkers.count < CaptureOverview.limit {
            overview.talkers[address, default: 0] &+= bytes
        }
    }

    /// Takes what the detectors saw so far, so that they need not keep it.
    mutating func settle() {
        let room = CaptureOverview.limit - overview.observations.count
        overview.observations += detectors.drain().prefix(max(0, room))
    }

    mutating func finish() {
        detectors.finish()
        settle()
    }

    private mutating func count(_ name: String) {
        guard overview.names[name] != nil || overview.names.count < CaptureOverview.limit else { return }
        overview.names[name, default: 0] += 1
    }
}
