import Testing
import Traffic
import Wire

@Suite struct ExportSinkTests {
    private static func export(_ frames: [[UInt8]]) -> [String] {
        var analyser = Analyser(linkType: .ethernet, sink: ExportSink())
        for (index, frame) in frames.enumerated() { analyser.consume(frame.span, wireLength: frame.count, at: Int64(index)) }
        analyser.finish()
        analyser.sink.finish()
        return String(decoding: analyser.sink.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test func `a query is three lines: the message, its flow, the capture`() {
        let lines = Self.export([Frame.ipv4(17, Frame.udp(40_000, 53, Frame.query("a.example")))])
        #expect(
            lines == [
                #"{"t":"dns","proto":17,"src":"10.0.0.1","sp":40000,"dst":"10.0.0.2","dp":53,"app":"dns","qr":"q","#
                    + #""qname":"a.example","qtype":1,"rcode":null,"an":null,"id":7}"#,
                #"{"t":"flow","proto":17,"a":"10.0.0.1","ap":40000,"b":"10.0.0.2","bp":53,"#
                    + #""pa":1,"pb":0,"ba":69,"bb":0,"init":"a"}"#,
                #"{"t":"capture","packets":1,"bytes":69}"#,
            ])
    }

    @Test func `no capture is one line`() {
        #expect(Self.export([]) == [#"{"t":"capture","packets":0,"bytes":0}"#])
    }

    @Test func `text is escaped`() {
        var connection = Connection(server: 22)
        let lines = Self.export([connection.up("SSH-2.0-a\"b\\c\u{1}d\n")])
        #expect(lines[0].hasSuffix(#""banner":"SSH-2.0-a\"b\\c\u0001d"}"#))
    }
}
