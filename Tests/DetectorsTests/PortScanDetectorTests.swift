import Campus
import Testing

@testable import Traffic

struct PortScanDetectorTests {
    @Test func `ports that refuse or stay silent are a scan`() throws {
        var scene = Scene(PortScanDetector(interface: "eth1"))
        for port in 1...30 {
            scene.syn("10.0.0.9", "10.0.0.1", port, at: port)
            if port % 2 == 0 { scene.refuse("10.0.0.9", "10.0.0.1", port, at: port) }
        }
        let seen = scene.seen(at: 1000)
        let scan = try #require(seen.first)
        #expect(seen.count == 1)
        #expect(scan.observationClass == "port_scan")
        #expect(scan.source == address("10.0.0.9"))
        #expect(scan.destination == address("10.0.0.1"))
        #expect(scan.count == 30)
        #expect(scan.interface == "eth1")
    }

    @Test func `a slow scan is one too`() {
        var scene = Scene(PortScanDetector())
        for port in 1...25 { scene.syn("10.0.0.9", "10.0.0.1", port, at: port * 5000) }
        #expect(scene.seen(at: 126_000).map(\.observationClass) == ["port_scan"])
    }

    @Test(arguments: [0, 1, 41] as [UInt8]) func `flags that open nothing are tries`(flags: UInt8) {
        var scene = Scene(PortScanDetector())
        for port in 1...25 {
            scene.packet(6, "10.0.0.9", 40_000, "10.0.0.1", port, at: port) { fact in
                fact.tcpFlags = flags
                fact.isNewFlow = true
            }
        }
        #expect(scene.seen(at: 1000).count == 1)
    }

    @Test func `unanswered datagrams to many services are a scan`() {
        var scene = Scene(PortScanDetector())
        for port in 1...25 { scene.datagram("10.0.0.9", 50_000, "10.0.0.1", port, at: port) }
        #expect(scene.seen(at: 1000).count == 1)
    }

    @Test func `a scan that goes on is told again at most once an interval, with a growing count`() {
        var scene = Scene(PortScanDetector())
        var counts: [Int] = []
        for port in 1...3000 {
            scene.syn("10.0.0.9", "10.0.0.1", port, at: port * 50)
            counts += scene.seen(at: port * 50).map(\.count)
        }
        #expect(counts.count == 3)
        #expect(counts == counts.sorted())
    }

    @Test func `before the grace is over nothing is told`() {
        var scene = Scene(PortScanDetector())
        for port in 1...30 { scene.syn("10.0.0.9", "10.0.0.1", port, at: 0) }
        #expect(scene.seen(at: 100).isEmpty)
        #expect(scene.seen(at: 500).count == 1)
    }

    // What must not raise.

    @Test func `a busy web client raises nothing`() {
        var scene = Scene(PortScanDetector())
        for number in 0..<500 {
            scene.syn("10.0.0.9", "10.1.0.\(number % 250 + 1)", number % 2 == 0 ? 443 : 80, at: number, from: 30_000 + number)
        }
        #expect(scene.seen(at: 5000).isEmpty)
    }

    @Test func `passive FTP with a port a file raises nothing`() {
        var scene = Scene(PortScanDetector())
        for port in 20_000..<20_200 {
            scene.syn("10.0.0.9", "10.0.0.1", port, at: port)
            scene.accept("10.0.0.9", "10.0.0.1", port, at: port)
        }
        #expect(scene.seen(at: 30_000).isEmpty)
    }

    @Test func `a DNS server that answers many ports raises nothing`() {
        var scene = Scene(PortScanDetector())
        for port in 1100..<1400 { scene.datagram("10.0.0.1", 53, "10.0.0.9", port, at: port) }
        #expect(scene.seen(at: 5000).isEmpty)
    }

    @Test func `traceroute raises nothing`() {
        var scene = Scene(PortScanDetector())
        for port in 33_434..<33_530 { scene.datagram("10.0.0.9", 50_000, "10.0.0.1", port, at: port - 33_000) }
        #expect(scene.seen(at: 5000).isEmpty)
    }

    @Test func `a service that is down and asked again and again raises nothing`() {
        var scene = Scene(PortScanDetector())
        for number in 0..<300 { scene.syn("10.0.0.9", "10.0.0.1", 8080, at: number * 100, from: 30_000 + number) }
        #expect(scene.seen(at: 60_000).isEmpty)
    }

    @Test func `memory stays bounded under random sources`() {
        var table = GenerationTable<Int, Int>(capacity: 100)
        for key in 0..<10_000 { table.update(key, initial: 0) { $0 += 1 } }
        #expect(table.count <= 100)
        #expect(table.forgotten >= 9900)
        #expect(table.updateExisting(9999) { $0 } == 1)
    }
}
