import Traffic
import Wire

/// A whole capture: frames behind their length in two bytes, read by an analyser with small bounds.
enum AnalyserFuzz {
    static func frames(_ bytes: Span<UInt8>) {
        var settings = AnalyserSettings()
        settings.maximumFlows = 32
        settings.maximumStreams = 8
        settings.maximumDatagrams = 4
        settings.maximumStreamBytes = 4096
        settings.maximumReassemblyBytes = 16_384
        var analyser = Analyser(settings: settings, linkType: .ethernet, sink: ExportSink())
        var offset = 0
        var clock: Int64 = 0
        while let length = bytes.number(UInt16.self, at: offset) {
            let range = bytes.clamped(offset &+ 2, offset &+ 2 &+ Int(length))
            analyser.consume(bytes.extracting(range), wireLength: range.count, at: clock)
            offset = offset &+ 2 &+ Int(length)
            clock &+= 1000
        }
        analyser.advance(to: clock)
        analyser.finish()
    }
}
