import Campus
import Wire

/// The analyser without its sink: one packet in, the packet's fact and whatever it completed out.
package struct AnalyserCore: ~Copyable {
    package private(set) var packet = PacketFact(
        endpoints: Endpoints(
            protocolNumber: 0, source: IPAddress(v4: 0), sourcePort: 0, destination: IPAddress(v4: 0), destinationPort: 0))
    private(set) var statistics = AnalyserStatistics()
    package private(set) var output: [Fact] = []
    private let settings: AnalyserSettings
    private let linkType: LinkType

    init(settings: AnalyserSettings, linkType: LinkType) {
        self.settings = settings
        self.linkType = linkType
    }

    var flowCount: Int { 0 }

    package mutating func consume(_ frame: Span<UInt8>, wireLength: Int, at microseconds: Int64) -> Bool {
        statistics.packets &+= 1
        statistics.bytes &+= UInt64(truncatingIfNeeded: wireLength)
        return false
    }

    mutating func advance(to microseconds: Int64) {}

    mutating func finish() {}

    package mutating func clearOutput() { output.removeAll(keepingCapacity: true) }
}
