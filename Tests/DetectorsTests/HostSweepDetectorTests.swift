import Campus
import Testing

@testable import Traffic

struct HostSweepDetectorTests {
    @Test func `one port on many silent neighbours is a sweep`() throws {
        var scene = Scene(HostSweepDetector())
        for host in 1...40 { scene.syn("10.0.0.9", "10.0.1.\(host)", 22, at: host * 10) }
        let sweep = try #require(scene.seen(at: 2000).first)
        #expect(sweep.observationClass == "host_sweep")
        #expect(sweep.port == 22)
        #expect(sweep.count == 40)
    }

    @Test func `ping of many silent neighbours is a sweep`() throws {
        var scene = Scene(HostSweepDetector())
        for host in 1...100 {
            scene.echo("10.0.0.9", "10.0.1.\(host)", at: host)
            if host % 5 == 0 { scene.echo("10.0.1.\(host)", "10.0.0.9", at: host, isReply: true) }
        }
        let sweep = try #require(scene.seen(at: 2000).first)
        #expect(sweep.port == nil)
        #expect(sweep.count == 80)
    }

    @Test func `one UDP port on many silent neighbours is a sweep`() {
        var scene = Scene(HostSweepDetector())
        for host in 1...40 { scene.datagram("10.0.0.9", 50_000, "10.0.1.\(host)", 161, at: host) }
        #expect(scene.seen(at: 2000).map(\.port) == [161])
    }

    // What must not raise.

    @Test func `a busy web client raises nothing`() {
        var scene = Scene(HostSweepDetector())
        for number in 0..<400 {
            let host = "10.\(number % 200).0.1"
            scene.syn("10.0.0.9", host, 443, at: number, from: 30_000 + number)
            scene.accept("10.0.0.9", host, 443, at: number + 20, from: 30_000 + number)
        }
        #expect(scene.seen(at: 3000).isEmpty)
    }

    @Test func `a browser behind a broken uplink raises nothing`() {
        var scene = Scene(HostSweepDetector())
        for number in 0..<60 { scene.syn("10.0.0.9", "\(100 + number).7.8.9", 443, at: number * 100) }
        #expect(scene.seen(at: 10_000).isEmpty)
    }

    @Test func `a resolver raises nothing`() {
        var scene = Scene(HostSweepDetector())
        for number in 0..<250 {
            scene.datagram("10.0.0.9", 20_000 + number, "10.0.1.\(number)", 53, at: number)
            if number % 10 != 0 {
                scene.datagram("10.0.1.\(number)", 53, "10.0.0.9", 20_000 + number, at: number + 5, isAnswer: true)
            }
        }
        #expect(scene.seen(at: 3000).isEmpty)
    }

    @Test func `a monitoring poller with dead devices raises nothing`() {
        var scene = Scene(HostSweepDetector())
        for round in 0..<5 {
            for host in 1...250 {
                let at = round * 60_000 + host
                scene.echo("10.0.0.9", "10.0.1.\(host)", at: at)
                if host > 30 { scene.echo("10.0.1.\(host)", "10.0.0.9", at: at + 2, isReply: true) }
            }
            #expect(scene.seen(at: round * 60_000 + 5000).isEmpty)
        }
    }
}

struct ARPSweepDetectorTests {
    @Test func `asking for many addresses that nobody has is a sweep`() throws {
        var scene = Scene(ARPSweepDetector())
        for host in 1...60 { scene.arp(1, sender: (4, "10.0.0.9"), target: (0, "10.0.0.\(host + 100)"), at: host) }
        let sweep = try #require(scene.seen(at: 2000).first)
        #expect(sweep.observationClass == "arp_sweep")
        #expect(sweep.sourceMAC == MACAddress(value: 4))
        #expect(sweep.count == 60)
    }

    @Test func `a gateway that asks for its hosts raises nothing`() {
        var scene = Scene(ARPSweepDetector())
        for host in 1...200 {
            scene.arp(1, sender: (1, "10.0.0.254"), target: (0, "10.0.0.\(host)"), at: host)
            if host % 4 != 0 {
                scene.arp(2, sender: (UInt64(host + 1000), "10.0.0.\(host)"), target: (1, "10.0.0.254"), at: host)
            }
        }
        #expect(scene.seen(at: 3000).isEmpty)
    }
}
