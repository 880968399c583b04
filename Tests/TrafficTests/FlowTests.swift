import Campus
import Testing
import Traffic

@Suite struct FlowTests {
    @Test func `both directions are one flow told from its initiator`() throws {
        var bench = Bench()
        bench.take(Frame.ipv4(17, from: 9, to: 2, Frame.udp(5000, 9999, [1])))
        bench.take(Frame.ipv4(17, from: 2, to: 9, Frame.udp(9999, 5000, [1, 2, 3])))
        bench.take(Frame.ipv4(17, from: 2, to: 9, Frame.udp(9999, 5000, [1, 2, 3])))
        bench.finish()
        let flow = try #require(bench.sink.flows.first)
        #expect(bench.sink.flows.count == 1)
        #expect(flow.endpoints.source == IPAddress("10.0.0.9"))
        #expect(flow.endpoints.destinationPort == 9999)
        #expect(flow.packetsFromInitiator == 1)
        #expect(flow.packetsFromResponder == 2)
        #expect(flow.bytesFromInitiator == 14 + 20 + 8 + 1)
        #expect(flow.bytesFromResponder == 2 * (14 + 20 + 8 + 3))
        #expect(flow.reason == .endOfCapture)
    }

    @Test func `a packet tells its place in the flow`() {
        var bench = Bench()
        var connection = Connection()
        for frame in connection.handshake { bench.take(frame) }
        bench.take(connection.down("x"))
        let packets = bench.sink.packets
        #expect(packets.map(\.isNewFlow) == [true, false, false, false])
        #expect(packets.map(\.isFromInitiator) == [true, false, true, false])
        #expect(packets.map(\.tcpState) == [.synSent, .synReceived, .established, .established])
        #expect(packets[3].responderPackets == 2)
        #expect(packets[3].payloadLength == 1)
        #expect(packets[0].sourceMAC == MACAddress(value: 0x0200_0000_0001))
    }

    @Test func `a tag is no part of the key`() {
        var bench = Bench()
        let plain = Frame.ipv4(17, Frame.udp(1, 2, []))
        bench.take(plain)
        bench.take(Array(plain.prefix(12)) + [0x81, 0, 0, 42] + plain.dropFirst(12))
        #expect(bench.sink.packets.map(\.vlan) == [nil, 42])
        bench.finish()
        #expect(bench.sink.flows.count == 1)
    }

    @Test func `a full table makes room and counts it, and no packet is lost`() {
        var settings = AnalyserSettings()
        settings.maximumFlows = 16
        var bench = Bench(settings)
        for port in 1...1000 { bench.take(Frame.ipv4(17, Frame.udp(port, 2000, []))) }
        #expect(bench.analyser.flowCount == 16)
        #expect(bench.analyser.statistics.evictedFlows == 984)
        bench.finish()
        #expect(bench.sink.flows.reduce(0) { $0 + $1.packetsFromInitiator } == 1000)
        #expect(bench.sink.flows.filter { $0.reason == .evicted }.count == 984)
    }

    @Test func `silent and old flows end when time advances`() {
        var settings = AnalyserSettings()
        settings.idleTimeout = 1_000_000
        settings.activeTimeout = 5_000_000
        var bench = Bench(settings)
        bench.take(Frame.ipv4(17, Frame.udp(1, 2000, [])), at: 0)
        for second in 0...5 { bench.take(Frame.ipv4(17, Frame.udp(2, 2000, [])), at: Int64(second) * 1_000_000) }
        bench.analyser.advance(to: 1_500_000)
        #expect(bench.sink.flows.map(\.reason) == [.idle])
        bench.analyser.advance(to: 5_500_000)
        #expect(bench.sink.flows.map(\.reason) == [.idle, .active])
        bench.take(Frame.ipv4(17, Frame.udp(2, 2000, [])), at: 5_600_000)
        bench.finish()
        #expect(bench.sink.flows.map(\.packetsFromInitiator) == [1, 6, 1])
        #expect(bench.sink.packets.last?.isNewFlow == false)
    }

    @Test func `a closed connection ends before a silent one`() {
        var bench = Bench()
        bench.take(Frame.ipv4(6, Frame.tcp(1, 80, 1000, 0, flags: 2)), at: 0)
        bench.take(Frame.ipv4(6, from: 2, to: 1, Frame.tcp(80, 1, 0, 1001, flags: 0x14)), at: 0)
        bench.take(Frame.ipv4(6, Frame.tcp(2, 80, 1000, 0, flags: 2)), at: 0)
        bench.analyser.advance(to: 11_000_000)
        #expect(bench.sink.flows.map(\.reason) == [.finished])
    }

    @Test func `a new SYN after the end opens a new flow`() {
        var bench = Bench()
        bench.take(Frame.ipv4(6, Frame.tcp(1, 80, 1000, 0, flags: 2)))
        bench.take(Frame.ipv4(6, from: 2, to: 1, Frame.tcp(80, 1, 0, 1001, flags: 0x14)))
        bench.take(Frame.ipv4(6, Frame.tcp(1, 80, 9000, 0, flags: 2)))
        #expect(bench.sink.packets.map(\.isNewFlow) == [true, false, true])
        #expect(bench.sink.flows.map(\.tcpState) == [.reset])
    }

    @Test func `a later fragment takes the ports of the first`() {
        var bench = Bench()
        let whole = Frame.udp(5000, 9999, Array(repeating: 1, count: 32))
        bench.take(Frame.ipv4(17, identification: 5, fragment: 0x2000, Array(whole.prefix(16))))
        bench.take(Frame.ipv4(17, identification: 5, fragment: 2, Array(whole.dropFirst(16))))
        bench.take(Frame.ipv4(17, identification: 6, fragment: 2, Array(whole.dropFirst(16))))
        #expect(bench.sink.packets.map(\.endpoints.sourcePort) == [5000, 5000, 0])
        #expect(bench.sink.packets.map(\.isLaterFragment) == [false, true, true])
        bench.finish()
        #expect(bench.sink.flows.filter(\.isAmbiguous).count == 1)
    }

    @Test func `frames of other networks are counted and make no flow`() {
        var bench = Bench()
        bench.take(Frame.ethernet(0x88cc, [1, 2, 3]))
        bench.take([1, 2, 3])
        bench.take([])
        bench.finish()
        #expect(bench.analyser.statistics.packets == 3)
        #expect(bench.analyser.statistics.withoutAddress == 3)
        #expect(bench.sink.flows.isEmpty)
    }
}
