package import Campus

/// All detectors of one capture behind one sink. Frames drive their clock; `advance` does so while no frame comes.
package struct Detectors: Detector {
    private var portScan: PortScanDetector
    private var hostSweep: HostSweepDetector
    private var arpSweep: ARPSweepDetector
    private var arpSpoof: ARPSpoofDetector
    private var cleartextManagement: CleartextManagementDetector
    private var synFlood: SYNFloodDetector
    private var icmpFlood: ICMPFloodDetector
    private var rogueDHCP: RogueDHCPDetector
    private var advancedAt: Int64 = .min / 2
    /// Microseconds between two looks at what waits for answers.
    private static let step: Int64 = 200_000
    /// Longer than any answer is waited for.
    private static let lastGrace: Int64 = 10_000_000

    /// `interface` is what observations say they came from.
    package init(settings: DetectorSettings = DetectorSettings(), interface: String = "") {
        portScan = PortScanDetector(settings: settings.portScan, interface: interface)
        hostSweep = HostSweepDetector(settings: settings.hostSweep, interface: interface)
        arpSweep = ARPSweepDetector(settings: settings.arpSweep, interface: interface)
        arpSpoof = ARPSpoofDetector(settings: settings.arpSpoof, interface: interface)
        cleartextManagement = CleartextManagementDetector(settings: settings.cleartextManagement, interface: interface)
        synFlood = SYNFloodDetector(settings: settings.synFlood, interface: interface)
        icmpFlood = ICMPFloodDetector(settings: settings.icmpFlood, interface: interface)
        rogueDHCP = RogueDHCPDetector(settings: settings.rogueDHCP, interface: interface)
    }

    package mutating func frame(wireLength: Int, at: Int64) {
        if at &- advancedAt >= Detectors.step { advance(to: at) }
    }

    package mutating func packet(_ fact: borrowing PacketFact) {
        switch fact.endpoints.protocolNumber {
        case 6:
            let (isNew, isMark) = (fact.isNewFlow, fact.tcpFlags & (TCPFlag.syn | TCPFlag.reset) != 0)
            let isSecond = fact.initiatorPackets == 2
            guard isNew || isMark || isSecond else { return }
            portScan.packet(fact)
            hostSweep.packet(fact)
            synFlood.packet(fact)
        case 17:
            let (isNew, isAnswer) = (fact.isNewFlow, fact.responderPackets == 1)
            guard isNew || isAnswer else { return }
            portScan.packet(fact)
            hostSweep.packet(fact)
        case 1, 58:
            hostSweep.packet(fact)
            icmpFlood.packet(fact)
        default: break
        }
    }

    package mutating func arp(_ fact: ARPFact) {
        arpSweep.arp(fact)
        arpSpoof.arp(fact)
    }

    package mutating func dhcp(_ fact: DHCPFact) { rogueDHCP.dhcp(fact) }

    package mutating func management(_ fact: ManagementFact) { cleartextManagement.management(fact) }

    package mutating func advance(to now: Int64) {
        advancedAt = now
        portScan.advance(to: now)
        hostSweep.advance(to: now)
        arpSweep.advance(to: now)
    }

    /// The capture is over: nothing that was silent so far will answer.
    package mutating func finish() { advance(to: advancedAt &+ Detectors.lastGrace) }

    package mutating func drain() -> [Observation] {
        portScan.drain() + hostSweep.drain() + arpSweep.drain() + arpSpoof.drain() + cleartextManagement.drain()
            + synFlood.drain()
            + icmpFlood.drain() + rogueDHCP.drain()
    }
}
