import Campus
import Definitions
import Evidence
import Foundation
import Logging
import Polling
import Probes
import SNMP
import TestSupport

/// A store, the shipped probes and one snmpd, all in a temporary folder.
final class Bench {
    let store: EvidenceStore
    let library: ProbeLibrary
    let daemon: SNMPDaemon
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "campanile-polling-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let quiet = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        store = try EvidenceStore(path: folder.path + "/campanile.db", settings: EvidenceSettings(), logger: quiet)
        let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        library = ProbeLibrary.load(directories: [checkout.appending(path: "Probes").path], problems: Problems())
        daemon = try SNMPDaemon(folder: folder)
    }

    deinit {
        daemon.stop()
        try? store.close()
        try? FileManager.default.removeItem(at: folder)
    }

    private static let loopback = IPAddress(v4: 0x7f00_0001)

    var provisional: DeviceID { DeviceIdentity.provisional(address: Self.loopback, port: daemon.port) }

    /// A poller of one device that looks often and gives up soon.
    func poller(
        address: IPAddress = loopback, credential: SNMPCredential? = SNMPCredential(version: .v2c, community: Secret("public"))
    ) -> Poller {
        var settings = PollingSettings()
        settings.interval = .milliseconds(400)
        settings.pulse = .milliseconds(200)
        settings.recheck = .milliseconds(100)
        settings.flush = .milliseconds(50)
        settings.echoTimeout = .milliseconds(200)
        var snmp = SNMPSettings()
        snmp.timeout = .milliseconds(300)
        snmp.minimumTimeout = .milliseconds(100)
        snmp.maximumTimeout = .milliseconds(300)
        snmp.retries = 1
        let device = PolledDevice(
            id: DeviceIdentity.provisional(address: address, port: daemon.port),
            declared: DeclaredDevice(address: address, port: daemon.port), credential: credential)
        try? store.declare(devices: [(device.id, device.declared)])
        let quiet = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        return Poller(settings: settings, devices: [device], library: library, store: store, logger: quiet, snmp: snmp)
    }

    func value(_ sql: String) throws -> EvidenceValue? {
        try store.select(sql, parameters: [:], limits: QueryLimits()).rows.first?.first
    }

    /// Whether the device comes into the state before long.
    func wait(for state: String) async throws -> Bool {
        for _ in 0..<300 {
            if try value("SELECT state FROM device_now") == .text(state) { return true }
            try await Task.sleep(for: .milliseconds(50))
        }
        return false
    }
}

/// A real snmpd on a loopback port, with its own configuration and state; nothing of the host's is touched.
final class SNMPDaemon {
    static let path = "/usr/sbin/snmpd"
    static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: path) }

    let port: UInt16
    private let folder: URL
    private var process: ChildProcess?

    init(folder: URL) throws {
        self.folder = folder
        port = UInt16.random(in: 20_000..<32_000)
        let text = "rocommunity public\nsysLocation test bench\n"
        try text.write(to: folder.appending(path: "agent.conf"), atomically: true, encoding: .utf8)
        try start()
    }

    func start() throws {
        let arguments = [
            "-f", "-C", "-I", "-smux", "-c", folder.appending(path: "agent.conf").path, "-Lf", folder.appending(path: "log").path,
            "-p", folder.appending(path: "pid").path, "udp:127.0.0.1:\(port)", "udp:127.0.0.2:\(port)",
        ]
        process = ChildProcess(Self.path, arguments, environment: ["SNMP_PERSISTENT_DIR=\(folder.path)", "MIBS="])
        if process == nil { throw CocoaError(.executableLoad) }
    }

    func stop() { process = nil }
}
