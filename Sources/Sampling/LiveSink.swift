import Traffic

/// What a live analyser tells: detectors and the minute's sums.
struct LiveSink: FactSink {
    var detectors: Detectors
    var summary: MinuteSummary

    mutating func frame(wireLength: Int, at: Int64) {
        detectors.frame(wireLength: wireLength, at: at)
        summary.frame(wireLength: wireLength, at: at)
    }

    mutating func packet(_ fact: borrowing PacketFact) {
        detectors.packet(fact)
        summary.packet(fact)
    }

    mutating func arp(_ fact: ARPFact) { detectors.arp(fact) }
    mutating func dhcp(_ fact: DHCPFact) { detectors.dhcp(fact) }
    mutating func management(_ fact: ManagementFact) { detectors.management(fact) }
    mutating func dns(_ fact: DNSFact) { summary.dns(fact) }
    mutating func tls(_ fact: TLSFact) { summary.tls(fact) }
    mutating func http(_ fact: HTTPFact) { summary.http(fact) }
}
