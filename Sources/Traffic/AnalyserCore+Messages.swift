import Campus
import Wire

extension AnalyserCore {
    /// Gathers a fragment's bytes; when it was the last that was missing, reads the whole datagram.
    mutating func fragment(_ header: NetworkHeader, _ bytes: Span<UInt8>, _ visit: FlowVisit) {
        guard header.protocolNumber == 6 || header.protocolNumber == 17, header.payload < bytes.count else { return }
        guard bytes.count == header.end else {
            // Cut off by the snap length, it will never be whole: the first part may still tell something.
            if header.fragmentOffset == 0, header.protocolNumber == 17 { userDatagram(bytes, header.payload, visit) }
            return
        }
        let part = bytes.extracting(header.payload..<bytes.count)
        guard
            let whole = datagrams.add(part, at: header.fragmentOffset, more: header.moreFragments, of: DatagramTable.Key(header))
        else { return }
        if header.protocolNumber == 17 {
            userDatagram(whole.span, 0, visit)
        } else if let tcp = try? TCPHeader(parsing: whole.span) {
            segment(tcp, whole.span, 0, claimedEnd: whole.count, visit)
        }
    }

    var context: MessageContext {
        MessageContext(at: packet.at, endpoints: packet.endpoints, sourceMAC: packet.sourceMAC, vlan: packet.vlan)
    }

    mutating func userDatagram(_ bytes: Span<UInt8>, _ offset: Int, _ visit: FlowVisit) {
        let low = min(packet.endpoints.sourcePort, packet.endpoints.destinationPort)
        let high = max(packet.endpoints.sourcePort, packet.endpoints.destinationPort)
        let reader = UDPReader(port: low) ?? UDPReader(port: high) ?? .guess
        guard let header = try? UDPHeader(parsing: bytes, at: offset) else { return }
        let end = header.length == 0 ? bytes.count : offset &+ header.length
        let data = bytes.extracting(bytes.clamped(offset &+ UDPHeader.byteCount, end))
        switch reader {
        case .guess: if DNSMessage.looksLikeMessage(data) { _ = DNSStream.message(data, context: context, output: &output) }
        case .dns: if !DNSStream.message(data, context: context, output: &output) { counters.malformedMessages &+= 1 }
        case .dhcp: dhcp(data)
        case .snmp: if let kind = ManagementFact.Kind(snmp: data) { report(kind, serverPorts: 161...162, visit) }
        case .tftp: if let kind = ManagementFact.Kind(tftp: data) { report(kind, serverPorts: 69...69, visit) }
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

    /// Tells of a management session once for each flow. The server has a well-known port, or else was called.
    private mutating func report(_ kind: ManagementFact.Kind, serverPorts: ClosedRange<UInt16>, _ visit: FlowVisit) {
        guard !visit.marks.contains(.management) else { return }
        flows.withFlow(visit.place) { flow in _ = flow.marks.insert(.management) }
        let forward =
            serverPorts.contains(packet.endpoints.destinationPort)
            || !serverPorts.contains(packet.endpoints.sourcePort) && packet.isFromInitiator
        output.append(
            .management(
                ManagementFact(
                    at: packet.at, endpoints: forward ? packet.endpoints : packet.endpoints.reversed,
                    sourceMAC: forward ? packet.sourceMAC : packet.destinationMAC, vlan: packet.vlan, kind: kind,
                    isTunnelled: false)))
    }
}

extension AnalyserCore {
    /// Follows a TCP segment, whose header begins at `offset`, where something in its conversation is readable.
    mutating func segment(_ tcp: TCPHeader, _ bytes: Span<UInt8>, _ offset: Int, claimedEnd: Int, _ visit: FlowVisit) {
        let start = offset &+ tcp.dataOffset
        let claimed = max(0, claimedEnd &- start)
        if visit.stream != Flow.none {
            feed(visit.stream, tcp, bytes.extracting(bytes.clamped(start, bytes.count)), claimed: claimed, visit)
        } else if claimed > 0 {
            let data = bytes.extracting(bytes.clamped(start, bytes.count))
            if !visit.marks.contains(.settled) { look(tcp, data, claimed: claimed, visit) }
            if !visit.marks.contains(.management) { recogniseManagement(data, visit) }
        }
    }

    private mutating func feed(_ stream: Int32, _ tcp: TCPHeader, _ data: Span<UInt8>, claimed: Int, _ visit: FlowVisit) {
        let known = output.count
        let outcome = streams.segment(
            data, place: stream, fromA: visit.fromA, tcp: tcp, claimed: claimed, context: context, output: &output)
        if output.count > known, !visit.marks.contains(.management), output[known...].contains(where: \.isRequest) {
            report(.http, serverPorts: packet.endpoints.destinationPort...packet.endpoints.destinationPort, visit)
        }
        guard outcome != .goesOn else { return }
        closeStream(flows.flows[visit.place])
        flows.withFlow(visit.place) { flow in
            flow.stream = Flow.none
            if outcome == .settled { flow.marks.insert(.settled) }
        }
    }

    /// Decides from a segment of a conversation that is not followed whether to follow it from here.
    private mutating func look(_ tcp: TCPHeader, _ data: Span<UInt8>, claimed: Int, _ visit: FlowVisit) {
        let ahead = Int32(bitPattern: tcp.firstByte &- (visit.next ?? tcp.firstByte))
        guard ahead >= 0 else { return }
        let isFirst = !visit.marks.contains(visit.fromA ? .dataFromA : .dataFromB)
        // The first segment, ahead of what the SYN announced: its beginning is still to come.
        let isEarly = ahead > 0 && isFirst
        let isDNS = DNSStream.application(packet.endpoints) != nil
        guard isDNS || isEarly || StreamParser.isWorthFollowing(data, isFirst: isFirst) else { return }
        let start = isEarly ? visit.next : tcp.firstByte
        let other = flows.flows[visit.place].next(fromA: !visit.fromA)
        let (stream, evicted) = streams.open(
            flow: visit.place, nextOfA: visit.fromA ? start : other, nextOfB: visit.fromA ? other : start)
        if let evicted { flows.withFlow(evicted) { flow in flow.stream = Flow.none } }
        flows.withFlow(visit.place) { flow in flow.stream = stream }
        if isDNS { streams.readAsDNS(stream) }
        feed(stream, tcp, data, claimed: claimed, visit)
    }

    /// Telnet by its port and a command (RFC 854), FTP by its port and greeting or log-in (RFC 959 §5.4).
    private mutating func recogniseManagement(_ data: Span<UInt8>, _ visit: FlowVisit) {
        switch min(packet.endpoints.sourcePort, packet.endpoints.destinationPort) {
        case 21 where data.hasPrefix("220") || data.hasPrefix("USER "): report(.ftp, serverPorts: 21...21, visit)
        case 23 where data.count > 0 && data[0] == 0xff: report(.telnet, serverPorts: 23...23, visit)
        default: break
        }
    }
}

extension Fact {
    fileprivate var isRequest: Bool {
        if case .http(let fact) = self, case .request = fact.message { true } else { false }
    }
}
