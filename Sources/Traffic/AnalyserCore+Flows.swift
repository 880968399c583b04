import Wire

/// What a packet's visit to its flow left for reading what it carries.
struct FlowVisit {
    var place: Int
    var fromA: Bool
    var stream: Int32
    var marks: Flow.Marks
    /// The sequence number that was expected of the sender, where known.
    var next: UInt32?
}

extension AnalyserCore {
    /// Counts the packet in its flow, which is at `known` or opened now.
    mutating func count(_ key: FlowKey, fromA: Bool, known: Int?, isAmbiguous: Bool, _ tcp: TCPHeader?) -> FlowVisit {
        var place = known
        if let known, let tcp, tcp.isSynchronise, !tcp.isAcknowledge { place = reopened(known, tcp, fromA: fromA) }
        packet.isNewFlow = place == nil
        let found = place ?? open(Flow(key: key, at: packet.at, fromA: fromA))
        let wireLength = packet.wireLength
        let at = packet.at
        return flows.withFlow(found) { flow in
            flow.count(wireLength: wireLength, at: at, fromA: fromA)
            if isAmbiguous { flow.marks.insert(.ambiguous) }
            if let tcp {
                flow.noteFlags(tcp.flags, fromA: fromA)
                if tcp.isSynchronise { flow.setNext(tcp.firstByte, fromA: fromA) }
            }
            packet.tcpState = flow.state
            packet.isFromInitiator = flow.initiatorIsA == fromA
            let (own, other) = (fromA ? flow.packetsOfA : flow.packetsOfB, fromA ? flow.packetsOfB : flow.packetsOfA)
            packet.initiatorPackets = UInt32(clamping: packet.isFromInitiator ? own : other)
            packet.responderPackets = UInt32(clamping: packet.isFromInitiator ? other : own)
            let visit = FlowVisit(
                place: found, fromA: fromA, stream: flow.stream, marks: flow.marks, next: flow.next(fromA: fromA))
            if let tcp, packet.payloadLength > 0 { flow.noteData(tcp.firstByte, packet.payloadLength, fromA: fromA) }
            return visit
        }
    }

    @inline(__always)
    static func key(_ header: NetworkHeader, _ ports: Ports) -> (FlowKey, fromA: Bool) {
        let fromA: Bool
        if header.sourceHigh != header.destinationHigh {
            fromA = header.sourceHigh < header.destinationHigh
        } else if header.sourceLow != header.destinationLow {
            fromA = header.sourceLow < header.destinationLow
        } else {
            fromA = ports.source <= ports.destination
        }
        let key =
            fromA
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
        let isRepetition = flows.flows[place].next(fromA: fromA) == tcp.firstByte
        let state = flows.flows[place].state
        guard !isRepetition, state == .closed || state == .reset || state == .closing || state == .established else {
            return place
        }
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
        // Nothing came since the last record: there is nothing to tell.
        if flow.packetsOfA | flow.packetsOfB != 0 { output.append(.flowEnded(flow.record(reason))) }
        flows.remove(place)
    }

    mutating func closeStream(_ flow: Flow) {
        let endpoints = flow.endpoints
        let context = MessageContext(at: flow.lastAt, endpoints: endpoints)
        streams.close(flow.stream, context: context, output: &output)
    }

    /// Ends flows that are silent, and tells of those open for too long; looks at a sixteenth of the table at most, or one step.
    mutating func advance(to microseconds: Int64) {
        let total = flows.flows.count
        for _ in 0..<min(max(Self.sweepStep, total / 16), total) {
            sweepPlace = sweepPlace &+ 1 < total ? sweepPlace &+ 1 : 0
            let flow = flows.flows[sweepPlace]
            guard flow.isOpen else { continue }
            let isOver = flow.state == .closed || flow.state == .reset
            if microseconds &- flow.lastAt > (isOver ? settings.closedTimeout : settings.idleTimeout) {
                end(sweepPlace, isOver ? .finished : .idle)
            } else if microseconds &- flow.firstAt > settings.activeTimeout {
                output.append(.flowEnded(flow.record(.active)))
                flows.withFlow(sweepPlace) { flow in flow.restart(at: microseconds) }
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
