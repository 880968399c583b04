import Campus
import Definitions
import Polling
import Probes
import SNMP
import Testing

struct AddressRangeTests {
    @Test(arguments: [
        ("10.1.0.0/24", 254, "10.1.0.1", "10.1.0.254"), ("10.1.0.7/24", 254, "10.1.0.1", "10.1.0.254"),
        ("10.1.0.0/31", 2, "10.1.0.0", "10.1.0.1"),
        ("10.1.0.4/32", 1, "10.1.0.4", "10.1.0.4"), ("10.1.0.9", 1, "10.1.0.9", "10.1.0.9"),
        ("10.1.0.250-10.1.1.4", 11, "10.1.0.250", "10.1.1.4"),
        ("2001:db8::/120", 256, "2001:db8::", "2001:db8::ff"), ("2001:db8::5", 1, "2001:db8::5", "2001:db8::5"),
    ]) func `ranges as people write them`(text: String, count: Int, first: String, last: String) throws {
        let range = try AddressRange(text)
        #expect(range.count == count)
        #expect(range.addresses.first?.description == first)
        #expect(range.addresses.last?.description == last)
        #expect(range.addresses.allSatisfy(range.contains))
        #expect(!range.contains(IPAddress(v4: 0x0808_0808)))
    }

    @Test(arguments: [
        "", "10.1.0.0/33", "10.1.0.0/-1", "10.0.0.0/8", "0.0.0.0/0", "::/0", "10.1.0.9-10.1.0.1", "10.1.0.1-2001:db8::1", "core",
        "255.255.255.255", "127.0.0.1/x",
    ])
    func `what is no range`(text: String) {
        #expect(throws: AddressRange.Refusal.self) { try AddressRange(text) }
    }
}

@Suite(.enabled(if: SNMPDaemon.isInstalled, "needs snmpd"))
struct SweepTests {
    @Test func `credentials are tried in their order, and one device under two addresses is one`() async throws {
        let bench = try Bench()
        var settings = SweepSettings()
        settings.ranges = [try AddressRange("127.0.0.1-127.0.0.2"), try AddressRange("127.0.0.1")]
        settings.port = bench.daemon.port
        settings.timeout = .milliseconds(300)
        settings.credentials = ["wrong", "public", "other"].map {
            SweepSettings.NamedCredential(name: $0, credential: SNMPCredential(version: .v2c, community: Secret($0)))
        }
        var result = SweepResult()
        for _ in 0..<10 where result.devices.isEmpty { result = await Sweep(settings: settings, library: bench.library).run() }
        #expect(result.progress.asked == 2, "what stands in two ranges is asked once")
        #expect(result.progress.read == 2)
        #expect(result.devices.map(\.credential) == ["public"])
        #expect(result.devices.first?.alsoAt == [IPAddress(v4: 0x7f00_0002)])
    }

    @Test func `a sweep keeps to its rate`() async throws {
        var settings = SweepSettings()
        settings.ranges = [try AddressRange("127.0.1.1-127.0.1.20")]
        settings.rate = 20
        let clock = ContinuousClock()
        let library = ProbeLibrary.load(directories: [], problems: Problems())
        let time = await clock.measure { _ = await Sweep(settings: settings, library: library).run() }
        #expect(time > .milliseconds(900))
    }
}
