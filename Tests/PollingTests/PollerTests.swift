import Campus
import Definitions
import Evidence
import Foundation
import Logging
import Polling
import Probes
import SNMP
import Testing

@Suite(.enabled(if: SNMPDaemon.isInstalled, "snmpd is not installed"), .serialized)
struct PollerTests {
    private let bench: Bench

    init() throws { bench = try Bench() }

    @Test func `one round makes evidence, a second one rates`() async throws {
        let poller = bench.poller()
        let first = await poller.pollOnce()
        #expect(first.devices == 1)
        #expect(first.answered == 1, "\(first.failed)")
        #expect(first.interfaces >= 1)
        let second = await poller.pollOnce()
        #expect(second.answered == 1)
        #expect(second.pdus < first.pdus)
        #expect(try bench.value("SELECT state FROM device_now") == .text("up"))
        #expect(try bench.value("SELECT snmp_version FROM device_now") == .text("2c"))
        #expect(try bench.value("SELECT count(in_bps) > 0 FROM interface_rate") == .integer(1))
    }

    @Test func `a device gets the id that its own identity makes, and keeps it`() async throws {
        let poller = bench.poller()
        _ = await poller.pollOnce()
        let known = try bench.store.knownDevices()
        #expect(known.count == 1)
        #expect(known.first?.id != bench.provisional)
        _ = await poller.pollOnce()
        #expect(try bench.store.knownDevices() == known)
    }

    @Test func `an agent that stops is snmp-silent and comes back`() async throws {
        let poller = bench.poller()
        let task = Task { try await poller.run() }
        #expect(try await bench.wait(for: "up"))
        bench.daemon.stop()
        #expect(try await bench.wait(for: "snmp-silent"))
        guard case .text(let reason) = try bench.value("SELECT reason FROM device_now") else {
            Issue.record("a lost device needs a reason")
            return
        }
        #expect(reason.contains("wrong community"))
        // Dated from the first miss, which is before the look that confirmed it.
        #expect(try bench.value("SELECT count(*) FROM change WHERE what = 'state' AND after = 'snmp-silent'") == .integer(1))
        try bench.daemon.start()
        #expect(try await bench.wait(for: "up"))
        task.cancel()
        try await task.value
    }

    @Test func `an address where nothing answers is down`() async throws {
        // Link-local without a scope (RFC 4007 §6): the kernel refuses to send.
        let address = IPAddress(v6High: 0xfe80_0000_0000_0000, low: 1)
        let poller = bench.poller(address: address)
        let task = Task { try await poller.run() }
        #expect(try await bench.wait(for: "down"))
        task.cancel()
        try await task.value
    }

    @Test func `a refused user is unauthorised and the reason says what is wrong`() async throws {
        let wrong = SNMPCredential(user: "nosuchuser", auth: .sha1, authSecret: Secret("authpass123"))
        let summary = await bench.poller(credential: wrong).pollOnce()
        #expect(summary.answered == 0)
        #expect(summary.failed.keys.first?.hasPrefix("wrong user") == true)
        #expect(try bench.value("SELECT state FROM device_now") == .text("unauthorised"))
    }

    @Test func `a device without a credential is only looked for`() async throws {
        let summary = await bench.poller(credential: nil).pollOnce()
        #expect(summary.answered == 1)
        #expect(summary.pdus == 0)
        #expect(try bench.value("SELECT state FROM device_now") == .text("up"))
    }

    @Test func `reading a device once tells who it is and what it has`() async throws {
        let engine = SNMPEngine(logger: Logger(label: "test"))
        defer { engine.shutdown() }
        let target = SNMPTarget(
            address: IPAddress(v4: 0x7f00_0001), port: bench.daemon.port,
            credential: SNMPCredential(version: .v2c, community: Secret("public")))
        let reading = await DeviceReading.read(target, library: bench.library, engine: engine)
        #expect(reading.outcome == .answered)
        #expect(reading.report.facts.location == "test bench")
        #expect(!reading.report.interfaces.isEmpty)
        #expect(reading.pduCount > 1)
    }
}
