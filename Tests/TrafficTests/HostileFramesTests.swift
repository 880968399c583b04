import Testing
import Traffic
import Wire

@Suite struct HostileFramesTests {
    private struct Dice: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 31
        }
    }

    private static func conversation() -> [[UInt8]] {
        var web = Connection()
        var secure = Connection(client: 40_001, server: 443)
        let query = Frame.udp(53, 40_000, Frame.query("x.example", isResponse: true) + Array(repeating: 0, count: 40))
        return web.handshake + [
            web.up("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
            web.down("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
            secure.up(Frame.clientHello("x.example")),
            secure.down(Frame.record(22, Frame.handshake(2, Array(repeating: 3, count: 40)))),
            Frame.ipv4(17, fragment: 0x2000, Array(query.prefix(24))), Frame.ipv4(17, fragment: 3, Array(query.dropFirst(24))),
            Frame.ethernet(0x806, [0, 1, 8, 0, 6, 4, 0, 1] + Array(repeating: 1, count: 20)),
        ]
    }

    /// Frames cut, changed, repeated and in any order; the bounds hold and nothing traps.
    @Test(arguments: 0..<40) func `damaged traffic neither traps nor outgrows its bounds`(seed: Int) {
        var dice = Dice(state: UInt64(seed) + 11)
        var settings = AnalyserSettings()
        settings.maximumFlows = 8
        settings.maximumStreams = 2
        settings.maximumDatagrams = 2
        settings.maximumStreamBytes = 512
        settings.maximumReassemblyBytes = 1024
        var bench = Bench(settings)
        let frames = Self.conversation()
        for _ in 0..<300 {
            guard var frame = frames.randomElement(using: &dice) else { continue }
            for _ in 0..<Int.random(in: 0...4, using: &dice) {
                frame[Int.random(in: 0..<frame.count, using: &dice)] = UInt8.random(in: 0...255, using: &dice)
            }
            bench.take(frame, kept: Bool.random(using: &dice) ? nil : Int.random(in: 0...frame.count, using: &dice))
            #expect(bench.analyser.flowCount <= 8)
        }
        bench.analyser.advance(to: .max)
        bench.finish()
        #expect(bench.analyser.flowCount == 0)
        #expect(
            bench.sink.flows.reduce(0) { $0 + $1.packetsFromInitiator + $1.packetsFromResponder }
                == UInt64(bench.sink.packets.count))
    }
}
