package import Wire

/// Turns frames into facts and hands them to a sink. One analyser works on one thread; it does no input or output.
package struct Analyser<Sink: FactSink>: ~Copyable {
    package var sink: Sink
    package var core: AnalyserCore

    /// `linkType` is that of every frame; `settings` bound the memory.
    package init(settings: AnalyserSettings = AnalyserSettings(), linkType: LinkType, sink: Sink) {
        self.sink = sink
        core = AnalyserCore(settings: settings, linkType: linkType)
    }

    /// Totals since the start.
    package var statistics: AnalyserStatistics { core.statistics }

    /// Flows open now.
    package var flowCount: Int { core.flowCount }

    /// Reads one frame. `wireLength` is its length on the wire, at least `frame.count`; `at` is in microseconds since 1970.
    @inlinable
    package mutating func consume(_ frame: Span<UInt8>, wireLength: Int, at microseconds: Int64) {
        sink.frame(wireLength: wireLength, at: microseconds)
        if core.consume(frame, wireLength: wireLength, at: microseconds) { sink.packet(core.packet) }
        if !core.output.isEmpty { deliver() }
    }

    /// Ends flows that are silent or open for too long at `microseconds`; each call does a bounded part of the work.
    package mutating func advance(to microseconds: Int64) {
        core.advance(to: microseconds)
        if !core.output.isEmpty { deliver() }
    }

    /// The capture is over: every flow ends.
    package mutating func finish() {
        core.startFinish()
        while core.finishSome() { deliver() }
    }

    @inlinable
    package mutating func deliver() {
        for index in 0..<core.output.count {
            switch core.output[index] {
            case .arp(let fact): sink.arp(fact)
            case .dns(let fact): sink.dns(fact)
            case .tls(let fact): sink.tls(fact)
            case .http(let fact): sink.http(fact)
            case .dhcp(let fact): sink.dhcp(fact)
            case .ssh(let fact): sink.ssh(fact)
            case .management(let fact): sink.management(fact)
            case .flowEnded(let record): sink.flowEnded(record)
            }
        }
        core.clearOutput()
    }
}

/// Anything an analyser finds apart from packets.
package enum Fact: Sendable {
    case arp(ARPFact)
    case dns(DNSFact)
    case tls(TLSFact)
    case http(HTTPFact)
    case dhcp(DHCPFact)
    case ssh(SSHFact)
    case management(ManagementFact)
    case flowEnded(FlowRecord)
}
