import CPcap
import Campus
import Capture
import Evidence
import Foundation
import Logging
import Testing

@testable import Sampling

/// A pair of virtual interfaces that goes when the test is over.
private final class Wire: Sendable {
    let near: String
    let far: String

    init() throws {
        let tag = String(UInt32.random(in: 0...0xffff), radix: 16)
        near = "st\(tag)n"
        far = "st\(tag)f"
        try Wire.ip("link", "add", near, "type", "veth", "peer", "name", far)
        for name in [near, far] {
            try Wire.ip("link", "set", name, "addrgenmode", "none")
            try Wire.ip("link", "set", name, "up")
        }
    }

    deinit { try? Wire.ip("link", "del", near) }

    private static func ip(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["ip"] + arguments
        try process.run()
        process.waitUntilExit()
        if process.terminationStatus != 0 { throw CaptureError.failed(source: "ip", reason: arguments.joined(separator: " ")) }
    }

    /// A SYN from 10.0.0.9 to each of the ports of 10.0.0.1.
    func scan(ports: ClosedRange<UInt16>) throws {
        var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        guard let sender = unsafe pcap_open_live(far, 64, 0, 0, &message) else {
            throw CaptureError.failed(source: far, reason: "cannot send")
        }
        defer { unsafe pcap_close(sender) }
        for port in ports {
            let bytes = syn(to: port)
            _ = unsafe pcap_sendpacket(sender, bytes, Int32(bytes.count))
        }
    }

    private func syn(to port: UInt16) -> [UInt8] {
        let link: [UInt8] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 9, 8, 0]
        let network: [UInt8] = [0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6, 0, 0, 10, 0, 0, 9, 10, 0, 0, 1]
        let ports: [UInt8] = [0x9c, 0x40, UInt8(port >> 8), UInt8(truncatingIfNeeded: port)]
        return link + network + ports + [0, 0, 0, 1, 0, 0, 0, 0, 0x50, 2, 4, 0, 0, 0, 0, 0]
    }
}

@Suite(.enabled(if: geteuid() == 0, "needs root for virtual interfaces"), .serialized)
struct CaptureServiceTests {
    private let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test func `a scan on the wire is told within seconds and stopping stores the open minute and the final accounts`()
        async throws
    {
        let wire = try Wire()
        let archive = RecordingArchive()
        let heard = Heard()
        let service = try CaptureService(settings: SamplingSettings(interface: wire.near), store: archive, logger: quiet) {
            heard.note($0.map(\.count), stored: archive.contents.observations.count)
        }
        let running = Task { try await service.run() }
        let isRunning = try await eventually { service.report.state == .running }
        #expect(isRunning)
        try wire.scan(ports: 1...100)
        let isTold = try await eventually { !heard.counts.isEmpty }
        #expect(isTold)
        let started = ContinuousClock.now
        running.cancel()
        try await running.value
        #expect(ContinuousClock.now - started < .seconds(5))

        let stored = archive.contents
        let scan = try #require(stored.observations.first)
        #expect(scan.observationClass == "port_scan")
        #expect(scan.interface == wire.near)
        #expect(stored.minutes.reduce(0) { $0 + $1.packets } == 100)
        let accounting = try #require(stored.accountings.last)
        #expect(accounting.received == 100)
        #expect(accounting.analysed == 100)
        #expect(stored.states.last == .stopped)
        #expect(stored.states.contains(.running))
    }

    @Test func `an interface that does not exist is told with those that do, and the service waits for it`() async throws {
        let archive = RecordingArchive()
        let service = try CaptureService(settings: SamplingSettings(interface: "nosuch0"), store: archive, logger: quiet) { _ in }
        let running = Task { try await service.run() }
        let isTold = try await eventually { !archive.contents.reasons.isEmpty }
        #expect(isTold)
        running.cancel()
        try await running.value
        #expect(archive.contents.reasons.first?.contains("choose one of lo") == true)
        #expect(archive.contents.states.first == .stopped)
        #expect(archive.contents.minutes.isEmpty)
    }

    @Test func `the time since the last stored minute is a gap`() async throws {
        let archive = RecordingArchive()
        archive.setLastMinute(Timestamp(seconds: 600))
        let service = try CaptureService(settings: SamplingSettings(interface: "lo"), store: archive, logger: quiet) { _ in }
        let running = Task { try await service.run() }
        let isTold = try await eventually { !archive.contents.gaps.isEmpty }
        #expect(isTold)
        running.cancel()
        try await running.value
        #expect(archive.contents.gaps.first?.hasPrefix("traffic 660000 ") == true)
    }
}
