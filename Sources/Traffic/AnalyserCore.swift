import Campus
import Wire

/// The analyser without its sink: one frame in; the packet's fact, and whatever the packet completed, out.
package struct AnalyserCore: ~Copyable {
    /// The fact of the frame consumed last, where it had an IP header.
    package private(set) var packet = PacketFact(
        endpoints: Endpoints(
            protocolNumber: 0, source: IPAddress(v4: 0), sourcePort: 0, destination: IPAddress(v4: 0), destinationPort: 0))
    /// What the calls since `clearOutput` found, in order.
    package private(set) var output: [Fact] = []
    private var counters = AnalyserStatistics()
    private var flows: FlowTable
    private var streams: StreamTable
    private var datagrams: DatagramTable
    private let settings: AnalyserSettings
    private let linkType: LinkType
    /// Where the sweep for silent flows goes on.
    private var sweepPlace = 0
    /// Flows looked at by one sweep, and ended by one step of the end.
    private static let sweepStep = 4096

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
                    at: at, sourceMAC: link.sourceAddress.map(MACAddress.init), vlan: link.vlanIdentifier, operation: packet.operation,
                    senderMAC: MACAddress(value: packet.senderAddress), senderIP: IPAddress(v4: packet.senderIP),
                    targetMAC: MACAddress(value: packet.targetAddress), targetIP: IPAddress(v4: packet.targetIP))))
    }

    /// Counts a packet in its flow, describes it, and reads what it carries.
    private mutating func datagram(
        _ header: NetworkHeader, _ link: LinkHeader, _ frame: Span<UInt8>, _ wireLength: Int, _ at: Int64
    ) {
        let bytes = frame.extracting(0..<min(frame.count, max(header.end, 0)))
        let ports = self.ports(header, bytes)
        let source = header.isIPv4 ? IPAddress(v4: UInt32(truncatingIfNeeded: header.sourceLow))
            : IPAddress(v6High: header.sourceHigh, low: header.sourceLow)
        let destination = header.isIPv4 ? IPAddress(v4: UInt32(truncatingIfNeeded: header.destinationLow))
            : IPAddress(v6High: header.destinationHigh, low: header.destinationLow)
        packet = PacketFact(
            endpoints: Endpoints(
                protocolNumber: header.protocolNumber, source: source, sourcePort: ports.source, destination: destination,
                destinationPort: ports.destination))
        packet.at = at
        packet.sourceMAC = link.sourceAddress.map(MACAddress.init)
        packet.destinationMAC = link.destinationAddress.map(MACAddress.init)
        packet.vlan = link.vlanIdentifier
        packet.wireLength = wireLength
        packet.hopLimit = header.hopLimit
        packet.isFragment = header.isFragment
        packet.isLaterFragment = header.fragmentOffset > 0
        packet.payloadLength = max(0, header.end &- header.payload)
        let tcp = packet.isLaterFragment ? nil : describeTransport(header, bytes)
        let place = count(header, ports, tcp)
        if header.isFragment {
            fragment(header, bytes, place)
        } else {
            messages(tcp, header.protocolNumber, bytes, header.payload, claimedEnd: header.end, place)
        }
    }

    private struct Ports {
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

extension AnalyserCore {
    /// Counts the packet in its flow, opened where it is new, and returns the flow's place.
    private mutating func count(_ header: NetworkHeader, _ ports: Ports, _ tcp: TCPHeader?) -> (place: Int, fromA: Bool) {
        let (key, fromA) = Self.key(header, ports)
        var place = flows.place(of: key)
        if let known = place, let tcp, tcp.isSynchronise, !tcp.isAcknowledge { place = reopened(known, tcp, fromA: fromA) }
        packet.isNewFlow = place == nil
        let found = place ?? open(Flow(key: key, at: packet.at, fromA: fromA))
        let wireLength = packet.wireLength
        let at = packet.at
        flows.withFlow(found) { flow in
            flow.count(wireLength: wireLength, at: at, fromA: fromA)
            if ports.isMissing { flow.marks.insert(.ambiguous) }
            if let tcp {
                flow.noteFlags(tcp.flags, fromA: fromA)
                if tcp.isSynchronise { flow.setNext(tcp.sequence &+ 1, fromA: fromA) }
            }
            packet.tcpState = flow.state
            packet.isFromInitiator = flow.initiatorIsA == fromA
            let (own, other) = (fromA ? flow.packetsOfA : flow.packetsOfB, fromA ? flow.packetsOfB : flow.packetsOfA)
            packet.initiatorPackets = UInt32(clamping: packet.isFromInitiator ? own : other)
            packet.responderPackets = UInt32(clamping: packet.isFromInitiator ? other : own)
        }
        return (found, fromA)
    }

    @inline(__always)
    private static func key(_ header: NetworkHeader, _ ports: Ports) -> (FlowKey, fromA: Bool) {
        let fromA: Bool
        if header.sourceHigh != header.destinationHigh {
            fromA = header.sourceHigh < header.destinationHigh
        } else if header.sourceLow != header.destinationLow {
            fromA = header.sourceLow < header.destinationLow
        } else {
            fromA = ports.source <= ports.destination
        }
        let key = fromA
            ? FlowKey(
                aHigh: header.sourceHigh, aLow: header.sourceLow, bHigh: header.destinationHigh, bLow: header.destinationLow,
                aPort: ports.source, bPort: ports.destination, protocolNumber: header.protocolNumber, isIPv4: header.isIPv4)
            : FlowKey(
                aHigh: header.destinationHigh, aLow: header.destinationLow, bHigh: header.sourceHigh, bLow: header.sourceLow,
                aPort: ports.destination, bPort: ports.source, protocolNumber: header.protocolNumber, isIPv4: header.isIPv4)
        return (key, fromA)
    }

    /// A SYN on a known 5-tuple: a repetition, or a new connection that ends the old flow (then nil).
    private mutating func reopened(_ place: Int, _ tcp: TCPHeader, fromA: Bool) -> Int? {
        let isRepetition = flows.flows[place].next(fromA: fromA) == tcp.sequence &+ 1
        let state = flows.flows[place].state
        guard !isRepetition, state == .closed || state == .reset || state == .closing || state == .established else { return place }
        end(place, .finished)
        return nil
    }

    private mutating func open(_ flow: Flow) -> Int {
        if flows.isFull, let victim = flows.victim() {
            counters.evictedFlows &+= 1
            end(victim, .evicted)
        }
        return flows.insert(flow)
    }

    private mutating func end(_ place: Int, _ reason: FlowRecord.Reason) {
        let flow = flows.flows[place]
        if flow.stream != Flow.none { closeStream(flow) }
        output.append(.flowEnded(flow.record(reason)))
        flows.remove(place)
    }

    private mutating func closeStream(_ flow: Flow) {
        let endpoints = flow.endpoints
        let context = MessageContext(at: flow.lastAt, endpoints: endpoints)
        streams.close(flow.stream, context: context, output: &output)
    }

    /// Ends flows that are silent or open for too long; looks at a bounded number of flows.
    mutating func advance(to microseconds: Int64) {
        let total = flows.flows.count
        for _ in 0..<min(Self.sweepStep, total) {
            sweepPlace = sweepPlace &+ 1 < total ? sweepPlace &+ 1 : 0
            let flow = flows.flows[sweepPlace]
            guard flow.isOpen else { continue }
            if microseconds &- flow.lastAt > settings.idleTimeout {
                end(sweepPlace, flow.state == .closed || flow.state == .reset ? .finished : .idle)
            } else if microseconds &- flow.firstAt > settings.activeTimeout {
                end(sweepPlace, .active)
            }
        }
    }

    /// Ends a bounded number of flows; false when none was left.
    mutating func finishSome() -> Bool {
        var ended = 0
        while sweepPlace < flows.flows.count, ended < Self.sweepStep {
            if flows.flows[sweepPlace].isOpen {
                end(sweepPlace, .endOfCapture)
                ended &+= 1
            }
            sweepPlace &+= 1
        }
        return ended > 0
    }

    mutating func startFinish() { sweepPlace = 0 }
}

extension AnalyserCore {
    /// Gathers a fragment's bytes; when it was the last that was missing, reads the whole datagram.
    private mutating func fragment(_ header: NetworkHeader, _ bytes: Span<UInt8>, _ place: (place: Int, fromA: Bool)) {
        guard header.protocolNumber == 6 || header.protocolNumber == 17, header.payload < bytes.count else { return }
        guard bytes.count == header.end else {
            // Cut off by the snap length, it will never be whole: the first part may still tell something.
            if header.fragmentOffset == 0, header.protocolNumber == 17 { userDatagram(bytes, header.payload, place.place) }
            return
        }
        let part = bytes.extracting(header.payload..<bytes.count)
        guard
            let whole = datagrams.add(part, at: header.fragmentOffset, more: header.moreFragments, of: DatagramTable.Key(header))
        else { return }
        let tcp = header.protocolNumber == 6 ? try? TCPHeader(parsing: whole.span) : nil
        messages(tcp, header.protocolNumber, whole.span, 0, claimedEnd: whole.count, place)
    }

    private var context: MessageContext {
        MessageContext(at: packet.at, endpoints: packet.endpoints, sourceMAC: packet.sourceMAC, vlan: packet.vlan)
    }

    /// Reads the messages of a packet whose transport header begins at `offset`.
    private mutating func messages(
        _ tcp: TCPHeader?, _ protocolNumber: UInt8, _ bytes: Span<UInt8>, _ offset: Int, claimedEnd: Int, _ place: (place: Int, fromA: Bool)
    ) {
        if let tcp {
            let start = offset &+ tcp.dataOffset
            let claimed = max(0, claimedEnd &- start)
            let data = bytes.extracting(bytes.clamped(start, bytes.count))
            segment(tcp, data, claimed: claimed, place)
        } else if protocolNumber == 17 {
            userDatagram(bytes, offset, place.place)
        }
    }

    private mutating func userDatagram(_ bytes: Span<UInt8>, _ offset: Int, _ place: Int) {
        let (low, high) = (
            min(packet.endpoints.sourcePort, packet.endpoints.destinationPort),
            max(packet.endpoints.sourcePort, packet.endpoints.destinationPort)
        )
        let reader = UDPReader(port: low) ?? UDPReader(port: high) ?? .guess
        guard let header = try? UDPHeader(parsing: bytes, at: offset) else { return }
        let end = header.length == 0 ? bytes.count : offset &+ header.length
        let data = bytes.extracting(bytes.clamped(offset &+ UDPHeader.byteCount, end))
        switch reader {
        case .guess: if DNSMessage.looksLikeMessage(data) { _ = DNSStream.message(data, context: context, output: &output) }
        case .dns: if !DNSStream.message(data, context: context, output: &output) { counters.malformedMessages &+= 1 }
        case .dhcp: dhcp(data)
        case .snmp, .tftp: management(reader, data, place)
        case .netbios: break  // looks like DNS (RFC 1002 §4.2), but its names are not
        }
    }

    private mutating func dhcp(_ data: Span<UInt8>) {
        guard let message = try? DHCPMessage(parsing: data) else {
            counters.malformedMessages &+= 1
            return
        }
        output.append(
            .dhcp(
                DHCPFact(
                    at: packet.at, endpoints: packet.endpoints, sourceMAC: packet.sourceMAC, vlan: packet.vlan,
                    messageType: message.messageType, clientMAC: MACAddress(value: message.clientAddress),
                    server: message.server == 0 ? nil : IPAddress(v4: message.server),
                    offered: message.offered == 0 ? nil : IPAddress(v4: message.offered), transaction: message.transaction,
                    isTunnelled: false)))
    }

    private mutating func management(_ reader: UDPReader, _ data: Span<UInt8>, _ place: Int) {
        guard !flows.flows[place].marks.contains(.management) else { return }
        let kind: ManagementFact.Kind? =
            switch reader {
            case .snmp: ManagementFact.Kind(snmp: data)
            case .tftp: ManagementFact.Kind(tftp: data)
            default: nil
            }
        guard let kind else { return }
        report(kind, serverPorts: reader == .tftp ? [69] : [161, 162], place)
    }

    /// Tells once for each flow; the server is the side with one of its well-known ports, else the one that was asked.
    private mutating func report(_ kind: ManagementFact.Kind, serverPorts: [UInt16], _ place: Int) {
        flows.withFlow(place) { flow in _ = flow.marks.insert(.management) }
        let forward = serverPorts.contains(packet.endpoints.destinationPort)
            || !serverPorts.contains(packet.endpoints.sourcePort) && packet.isFromInitiator
        output.append(
            .management(
                ManagementFact(
                    at: packet.at, endpoints: forward ? packet.endpoints : packet.endpoints.reversed,
                    sourceMAC: forward ? packet.sourceMAC : packet.destinationMAC, vlan: packet.vlan, kind: kind, isTunnelled: false)))
    }
}

extension AnalyserCore {
    /// Follows a TCP segment where something in its conversation is readable.
    private mutating func segment(_ tcp: TCPHeader, _ data: Span<UInt8>, claimed: Int, _ place: (place: Int, fromA: Bool)) {
        let flow = flows.flows[place.place]
        if flow.stream != Flow.none {
            feed(flow.stream, tcp, data, claimed: claimed, place)
        } else if claimed > 0, !flow.marks.contains(.settled) {
            look(flow, tcp, data, claimed: claimed, place)
        }
        if claimed > 0 { advanceSequence(tcp, claimed: claimed, place) }
        if claimed > 0, !flow.marks.contains(.management) { recogniseManagement(data, place.place) }
    }

    private mutating func feed(_ stream: Int32, _ tcp: TCPHeader, _ data: Span<UInt8>, claimed: Int, _ place: (place: Int, fromA: Bool)) {
        let outcome = streams.segment(
            data, place: stream, fromA: place.fromA, tcp: tcp, claimed: claimed, context: context, output: &output)
        guard outcome != .goesOn else { return }
        closeStream(flows.flows[place.place])
        flows.withFlow(place.place) { flow in
            flow.stream = Flow.none
            if outcome == .settled { flow.marks.insert(.settled) }
        }
    }

    /// Decides from a segment of a conversation that is not followed whether to follow it from here.
    private mutating func look(
        _ flow: Flow, _ tcp: TCPHeader, _ data: Span<UInt8>, claimed: Int, _ place: (place: Int, fromA: Bool)
    ) {
        let sequence = tcp.firstByte
        let next = flow.next(fromA: place.fromA) ?? sequence
        let ahead = Int32(bitPattern: sequence &- next)
        guard ahead >= 0 else { return }
        let isFirst = !flow.marks.contains(place.fromA ? .dataFromA : .dataFromB)
        let isDNS = DNSStream.application(packet.endpoints) != nil
        // The first segment, ahead of what the SYN announced: its beginning is still to come.
        let isEarly = ahead > 0 && isFirst
        guard isDNS || isEarly || StreamParser.recognise(data) != nil || data.hasPrefix("PROXY ") || isFirst && StreamParser.mayBegin(data)
        else { return }
        let start = isEarly ? next : sequence
        let other = flow.next(fromA: !place.fromA)
        let (stream, evicted) = streams.open(
            flow: place.place, nextOfA: place.fromA ? start : other, nextOfB: place.fromA ? other : start)
        if let evicted { flows.withFlow(evicted) { flow in flow.stream = Flow.none } }
        flows.withFlow(place.place) { flow in flow.stream = stream }
        if isDNS {
            streams.setParser(.dns, place: stream, fromA: true)
            streams.setParser(.dns, place: stream, fromA: false)
        }
        feed(stream, tcp, data, claimed: claimed, place)
    }

    private mutating func advanceSequence(_ tcp: TCPHeader, claimed: Int, _ place: (place: Int, fromA: Bool)) {
        let end = tcp.firstByte &+ UInt32(truncatingIfNeeded: claimed)
        flows.withFlow(place.place) { flow in
            flow.marks.insert(place.fromA ? .dataFromA : .dataFromB)
            if let next = flow.next(fromA: place.fromA), Int32(bitPattern: end &- next) <= 0 { return }
            flow.setNext(end, fromA: place.fromA)
        }
    }

    private mutating func recogniseManagement(_ data: Span<UInt8>, _ place: Int) {
        let (low, high) = (
            min(packet.endpoints.sourcePort, packet.endpoints.destinationPort),
            max(packet.endpoints.sourcePort, packet.endpoints.destinationPort)
        )
        switch low {
        case 21 where data.hasPrefix("220") || data.hasPrefix("USER "): report(.ftp, serverPorts: [21], place)
        case 23 where data.count > 0 && data[0] == 0xff: report(.telnet, serverPorts: [23], place)
        default: _ = high
        }
    }
}
