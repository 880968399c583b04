import Campus
import Wire

/// The analyser without its sink: one frame in; the packet's fact, and whatever the packet completed, out.
package struct AnalyserCore: ~Copyable {
    /// The fact of the frame consumed last, where it had an IP header.
    package internal(set) var packet = PacketFact(
        endpoints: Endpoints(
            protocolNumber: 0, source: IPAddress(v4: 0), sourcePort: 0, destination: IPAddress(v4: 0), destinationPort: 0))
    /// What the calls since `clearOutput` found, in order.
    package internal(set) var output: [Fact] = []
    var counters = AnalyserStatistics()
    var flows: FlowTable
    var streams: StreamTable
    var datagrams: DatagramTable
    let settings: AnalyserSettings
    let linkType: LinkType
    /// Where the sweep for silent flows goes on.
    var sweepPlace = 0
    /// Flows looked at by one sweep, and ended by one step of the end.
    static let sweepStep = 4096

    init(settings: AnalyserSettings, linkType: LinkType) {
        self.settings = settings
        self.linkType = linkType
        flows = FlowTable(capacity: settings.maximumFlows)
        streams = StreamTable(settings: settings)
        datagrams = DatagramTable(capacity: settings.maximumDatagrams, maximumBytes: settings.maximumReassemblyBytes)
    }

    var flowCount: Int { flows.count }

    var statistics: AnalyserStatistics {
        var totals = counters
        totals.refusedStreams = streams.refused
        totals.refusedDatagrams = datagrams.refused
        return totals
    }

    package mutating func clearOutput() { output.removeAll(keepingCapacity: output.capacity <= Self.sweepStep) }

    /// Reads one frame; true when it had an IP header, so that `packet` tells of it.
    package mutating func consume(_ frame: Span<UInt8>, wireLength: Int, at microseconds: Int64) -> Bool {
        counters.packets &+= 1
        counters.bytes &+= UInt64(truncatingIfNeeded: wireLength)
        do throws(WireError) {
            let link = try LinkHeader(parsing: frame, linkType: linkType)
            switch link.network {
            case .ipv4:
                try datagram(NetworkHeader(ipv4: frame, at: link.offset), link, frame, wireLength, microseconds)
                return true
            case .ipv6:
                try datagram(NetworkHeader(ipv6: frame, at: link.offset), link, frame, wireLength, microseconds)
                return true
            case .arp: try arp(frame, link, microseconds)
            case .other: break
            }
        } catch {
            counters.malformedMessages &+= 1
        }
        counters.withoutAddress &+= 1
        return false
    }
}

extension AnalyserCore {
    private mutating func arp(_ frame: Span<UInt8>, _ link: LinkHeader, _ at: Int64) throws(WireError) {
        let packet = try ARPPacket(parsing: frame, at: link.offset)
        output.append(
            .arp(
                ARPFact(
                    at: at, sourceMAC: link.sourceAddress.map(MACAddress.init), vlan: link.vlanIdentifier,
                    operation: packet.operation,
                    senderMAC: MACAddress(value: packet.senderAddress), senderIP: IPAddress(v4: packet.senderIP),
                    targetMAC: MACAddress(value: packet.targetAddress), targetIP: IPAddress(v4: packet.targetIP))))
    }

    /// Counts a packet in its flow, describes it, and reads what it carries.
    private mutating func datagram(
        _ header: NetworkHeader, _ link: LinkHeader, _ frame: Span<UInt8>, _ wireLength: Int, _ at: Int64
    ) {
        let bytes = frame.extracting(0..<min(frame.count, max(header.end, 0)))
        let ports = self.ports(header, bytes)
        let (key, fromA) = Self.key(header, ports)
        // Looked up first: the packet is described while memory answers.
        let known = flows.place(of: key)
        packet.begin(header, link, ports, wireLength: wireLength, at: at)
        let tcp = packet.isLaterFragment ? nil : describeTransport(header, bytes)
        let visit = count(key, fromA: fromA, known: known, isAmbiguous: ports.isMissing, tcp)
        if header.isFragment {
            fragment(header, bytes, visit)
        } else if let tcp {
            segment(tcp, bytes, header.payload, claimedEnd: header.end, visit)
        } else if header.protocolNumber == 17 {
            userDatagram(bytes, header.payload, visit)
        }
    }

    struct Ports {
        var source: UInt16 = 0
        var destination: UInt16 = 0
        /// They should be there and are not readable.
        var isMissing = false
    }

    /// TCP, UDP, UDP-Lite, SCTP and DCCP begin with their ports; a later fragment has those of its first one.
    private mutating func ports(_ header: NetworkHeader, _ bytes: Span<UInt8>) -> Ports {
        switch header.protocolNumber {
        case 6, 17, 33, 132, 136: break
        case 0, 43, 44, 60: return Ports(isMissing: !header.isIPv4)
        default: return Ports()
        }
        if header.fragmentOffset > 0 {
            guard let known = datagrams.ports(of: DatagramTable.Key(header)) else { return Ports(isMissing: true) }
            return Ports(source: known.source, destination: known.destination)
        }
        guard let source = bytes.number(UInt16.self, at: header.payload),
            let destination = bytes.number(UInt16.self, at: header.payload &+ 2)
        else { return Ports(isMissing: true) }
        if header.isFragment {
            datagrams.note(DatagramTable.Ports(source: source, destination: destination), of: DatagramTable.Key(header))
        }
        return Ports(source: source, destination: destination)
    }

    private mutating func describeTransport(_ header: NetworkHeader, _ bytes: Span<UInt8>) -> TCPHeader? {
        switch header.protocolNumber {
        case 6:
            guard let tcp = try? TCPHeader(parsing: bytes, at: header.payload) else { return nil }
            packet.tcpFlags = tcp.flags
            packet.payloadLength = max(0, header.end &- header.payload &- tcp.dataOffset)
            return tcp
        case 17: packet.payloadLength = max(0, packet.payloadLength &- UDPHeader.byteCount)
        case 1, 58:
            packet.icmpType = bytes.number(UInt8.self, at: header.payload) ?? 0
            packet.icmpCode = bytes.number(UInt8.self, at: header.payload &+ 1) ?? 0
        default: break
        }
        return nil
    }
}

extension PacketFact {
    /// Starts anew with what link and network layer say; every field is set.
    fileprivate mutating func begin(
        _ header: NetworkHeader, _ link: LinkHeader, _ ports: AnalyserCore.Ports, wireLength: Int, at microseconds: Int64
    ) {
        at = microseconds
        endpoints.protocolNumber = header.protocolNumber
        endpoints.sourcePort = ports.source
        endpoints.destinationPort = ports.destination
        if header.isIPv4 {
            endpoints.source = IPAddress(v4: UInt32(truncatingIfNeeded: header.sourceLow))
            endpoints.destination = IPAddress(v4: UInt32(truncatingIfNeeded: header.destinationLow))
        } else {
            endpoints.source = IPAddress(v6High: header.sourceHigh, low: header.sourceLow)
            endpoints.destination = IPAddress(v6High: header.destinationHigh, low: header.destinationLow)
        }
        sourceMAC = link.sourceAddress.map(MACAddress.init)
        destinationMAC = link.destinationAddress.map(MACAddress.init)
        vlan = link.vlanIdentifier
        self.wireLength = wireLength
        tcpFlags = 0
        payloadLength = max(0, header.end &- header.payload)
        hopLimit = header.hopLimit
        icmpType = 0
        icmpCode = 0
        isFragment = header.isFragment
        isLaterFragment = header.fragmentOffset > 0
    }
}
