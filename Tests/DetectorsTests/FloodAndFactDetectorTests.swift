import Campus
import Testing

@testable import Traffic

struct SYNFloodDetectorTests {
    @Test func `half-open connections without end are a flood`() throws {
        var scene = Scene(SYNFloodDetector())
        for number in 0..<2000 { scene.syn("10.\(number % 250).\(number / 250).1", "10.0.0.1", 80, at: number) }
        let floods = scene.seen(at: 2000)
        #expect(floods.map(\.observationClass) == ["syn_flood"])
        #expect(floods.first?.destination == address("10.0.0.1"))
    }

    @Test func `a crowd that completes its handshakes raises nothing`() {
        var scene = Scene(SYNFloodDetector())
        for number in 0..<3000 {
            scene.syn("10.1.0.1", "10.0.0.1", 443, at: number, from: 1024 + number)
            scene.accept("10.1.0.1", "10.0.0.1", 443, at: number, from: 1024 + number)
        }
        #expect(scene.seen(at: 3000).isEmpty)
    }
}

struct ICMPFloodDetectorTests {
    @Test func `many messages in one second are a flood`() {
        var scene = Scene(ICMPFloodDetector())
        for number in 0..<600 { scene.echo("10.0.0.9", "10.0.0.1", at: number) }
        #expect(scene.seen(at: 1000).map(\.count) == [500])
    }

    @Test func `a poller that pings a device ten times a second raises nothing`() {
        var scene = Scene(ICMPFloodDetector())
        for number in 0..<3000 { scene.echo("10.0.0.9", "10.0.0.1", at: number * 100) }
        #expect(scene.seen(at: 300_000).isEmpty)
    }

    /// Device `number` answers `number` milliseconds after `at`.
    private func round(of devices: Int, _ scene: inout Scene<ICMPFloodDetector>, at: Int, replies: Int) {
        for number in 0..<devices {
            scene.echo("10.0.0.9", "10.1.\(number / 250).\(number % 250)", at: at)
        }
        for number in 0..<replies {
            let device = number % devices
            scene.echo("10.1.\(device / 250).\(device % 250)", "10.0.0.9", at: at + device * 500 / devices, isReply: true)
        }
    }

    @Test func `a poller whose pings to two thousand devices are answered at once is not flooded`() {
        var scene = Scene(ICMPFloodDetector())
        for minute in 0..<5 { round(of: 2000, &scene, at: minute * 60_000, replies: 2000) }
        #expect(scene.seen(at: 300_000).isEmpty)
    }

    @Test func `replies beyond what was asked are a flood`() {
        var scene = Scene(ICMPFloodDetector())
        round(of: 10, &scene, at: 0, replies: 1000)
        #expect(scene.seen(at: 1000).map(\.destination) == [address("10.0.0.9")])
    }

    @Test func `pings of long ago do not excuse a flood of replies`() {
        var scene = Scene(ICMPFloodDetector())
        round(of: 2000, &scene, at: 0, replies: 0)
        for number in 0..<600 { scene.echo("10.2.0.1", "10.0.0.9", at: 10_000 + number, isReply: true) }
        #expect(scene.seen(at: 11_000).count == 1)
    }
}

struct CleartextManagementDetectorTests {
    private func fact(_ kind: ManagementFact.Kind, at milliseconds: Int = 0, port: UInt16 = 23) -> ManagementFact {
        let endpoints = Endpoints(
            protocolNumber: 6, source: address("10.0.0.9"), sourcePort: 40_000, destination: address("10.0.0.1"),
            destinationPort: port)
        return ManagementFact(at: Int64(milliseconds) * 1000, endpoints: endpoints, kind: kind, isTunnelled: false)
    }

    @Test(arguments: ManagementFact.Kind.allCases)
    func `a managed device spoken to in clear text is told, who and whom`(kind: ManagementFact.Kind) throws {
        var settings = CleartextManagementDetector.Settings()
        settings.managedDevices = [address("10.0.0.1")]
        var detector = CleartextManagementDetector(settings: settings)
        detector.management(fact(kind))
        let seen = try #require(detector.drain().first)
        #expect(seen.observationClass == "cleartext_management")
        #expect(seen.source == address("10.0.0.9"))
        #expect(seen.destination == address("10.0.0.1"))
    }

    @Test func `the same session is told again only after a while, with its count`() {
        var detector = CleartextManagementDetector()
        for minute in 0..<12 { detector.management(fact(.snmpV2c, at: minute * 60_000)) }
        #expect(detector.drain().map(\.count) == [1, 6, 11])
    }

    @Test func `browsing raises nothing, nor does telnet to a host that is not managed`() {
        var detector = CleartextManagementDetector()
        detector.management(fact(.http, port: 80))
        #expect(detector.drain().isEmpty)
        var settings = CleartextManagementDetector.Settings()
        settings.managedDevices = [address("10.9.9.9")]
        detector = CleartextManagementDetector(settings: settings)
        detector.management(fact(.telnet))
        #expect(detector.drain().isEmpty)
    }
}

struct RogueDHCPDetectorTests {
    private func offer(_ server: String, type: UInt8 = 2) -> DHCPFact {
        let endpoints = Endpoints(
            protocolNumber: 17, source: address(server), sourcePort: 67, destination: address("255.255.255.255"),
            destinationPort: 68)
        return DHCPFact(
            at: 0, endpoints: endpoints, messageType: type, clientMAC: MACAddress(value: 1), server: address(server),
            transaction: 1,
            isTunnelled: false)
    }

    @Test func `an offer of an undeclared server is told`() {
        var settings = RogueDHCPDetector.Settings()
        settings.declaredServers = [address("10.0.0.1")]
        var detector = RogueDHCPDetector(settings: settings)
        detector.dhcp(offer("10.0.0.1"))
        detector.dhcp(offer("10.0.0.66"))
        #expect(detector.drain().map(\.source) == [address("10.0.0.66")])
    }

    @Test func `one server that renews leases raises nothing`() {
        var detector = RogueDHCPDetector()
        for _ in 0..<50 { detector.dhcp(offer("10.0.0.1", type: 5)) }
        #expect(detector.drain().isEmpty)
    }
}

struct DetectorSettingsTests {
    @Test func `a rule file's names set the parameters`() {
        var settings = DetectorSettings()
        let taken = [settings.set("ports", of: "port_scan", to: 50), settings.set("window", of: "host_sweep", to: 1.5)]
        #expect(taken == [true, true])
        #expect(settings.portScan.ports == 50)
        #expect(settings.hostSweep.window == .milliseconds(1500))
    }

    @Test func `an unknown name or a number without sense is refused`() {
        var settings = DetectorSettings()
        var taken = [settings.set("prots", of: "port_scan", to: 50), settings.set("ports", of: "no_class", to: 50)]
        for value in [0, -1, Double.nan, .infinity, 1e300] { taken.append(settings.set("ports", of: "port_scan", to: value)) }
        #expect(!taken.contains(true))
        #expect(settings == DetectorSettings())
    }

    @Test func `names are listed for the nearest right one`() {
        #expect(DetectorSettings.parameterNames(of: "arp_sweep") == ["addresses", "grace", "repeat_after", "window"])
    }
}
