import ArgumentParser
import Campus
import Capture
import Reporting
import Traffic
import Wire

struct Analyse: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Analyse a capture file: flows, names, hellos, what the detectors see.",
        discussion:
            "--json prints a JSON object a line: flows, DNS, TLS, HTTP, ARP, DHCP, alerts, and at the end the capture itself.")

    @Argument(help: "A pcap or pcapng file; - is standard input.") var file: String
    @Flag(help: "JSON lines instead of a text for people.") var json = false
    @Option(help: "A pcap filter expression.") var filter = ""

    func run() throws {
        do {
            var handle = try CaptureHandle.open(file: file, filter: filter)
            let linkType = LinkType(dataLink: handle.linkType)
            guard linkType.isReadable else {
                throw CaptureError.unsupportedLinkType(source: file, name: handle.linkTypeName, number: handle.linkType)
            }
            if json {
                try read(&handle, linkType, ExportingSink()) { sink in
                    guard sink.export.bytes.count > 1 << 16 else { return }
                    Terminal.write(bytes: sink.export.bytes)
                    sink.export.clear()
                } end: { sink in
                    sink.finish()
                    Terminal.write(bytes: sink.export.bytes)
                }
            } else {
                try read(&handle, linkType, OverviewSink()) {
                    $0.settle()
                } end: { sink in
                    sink.finish()
                    Terminal.write(sink.overview.text(file))
                }
            }
        } catch let error as CaptureError {
            throw CommandFailure.cannotRun("\(error)")
        }
    }

    /// Reads to the end. A file that is cut off or damaged is told after what stood before the damage.
    private func read<Sink: FactSink>(
        _ handle: inout CaptureHandle, _ linkType: LinkType, _ sink: Sink, each batch: (inout Sink) -> Void,
        end: (inout Sink) -> Void
    ) throws(CaptureError) {
        var analyser = Analyser(linkType: linkType, sink: sink)
        var lastAt: Int64 = .min
        while true {
            let result = handle.drain(limit: 4096) { frame, wireLength, at in
                analyser.consume(frame, wireLength: wireLength, at: at)
                lastAt = max(lastAt, at)
            }
            if lastAt > .min { analyser.advance(to: lastAt) }
            batch(&analyser.sink)
            guard let over = result.end else { continue }
            analyser.finish()
            end(&analyser.sink)
            if case .failed(let error) = over { throw error }
            return
        }
    }
}

/// The export with what the detectors see as `alert` lines.
private struct ExportingSink: FactSink {
    var export = ExportSink()
    private var detectors = Detectors()

    mutating func frame(wireLength: Int, at: Int64) {
        export.frame(wireLength: wireLength, at: at)
        detectors.frame(wireLength: wireLength, at: at)
    }

    mutating func packet(_ fact: borrowing PacketFact) {
        export.packet(fact)
        detectors.packet(fact)
    }

    mutating func arp(_ fact: ARPFact) {
        export.arp(fact)
        detectors.arp(fact)
    }

    mutating func dhcp(_ fact: DHCPFact) {
        export.dhcp(fact)
        detectors.dhcp(fact)
    }

    mutating func management(_ fact: ManagementFact) {
        export.management(fact)
        detectors.management(fact)
    }

    mutating func dns(_ fact: DNSFact) { export.dns(fact) }
    mutating func tls(_ fact: TLSFact) { export.tls(fact) }
    mutating func http(_ fact: HTTPFact) { export.http(fact) }
    mutating func ssh(_ fact: SSHFact) { export.ssh(fact) }
    mutating func flowEnded(_ record: FlowRecord) { export.flowEnded(record) }

    mutating func finish() {
        detectors.finish()
        for observation in detectors.drain() {
            let line = JSONValue.members([
                "t": .text("alert"), "class": .text(observation.observationClass),
                "severity": .text(observation.severity.rawValue),
                "src": .optional(observation.source?.description), "dst": .optional(observation.destination?.description),
                "at": .integer(observation.at.milliseconds), "count": .integer(Int64(observation.count)),
                "detail": .text(observation.detail),
            ])
            export.bytes.append(contentsOf: (line.serialised() + "\n").utf8)
        }
        export.finish()
    }
}
