import Campus
import Definitions
import Evidence
import Foundation
import Logging
import Probes
import Receiving
import SNMP
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

struct TrapTests {
    private static let library: ProbeLibrary = {
        let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return ProbeLibrary.load(directories: [checkout.appending(path: "Probes").path], problems: Problems())
    }()

    private func notification(_ trap: ObjectIdentifier, _ bindings: VariableBindings = VariableBindings()) -> SNMPNotification {
        SNMPNotification(
            source: IPAddress(v4: 0x0a01_0102), version: .v2c, securityLevel: "", isInform: false, trap: trap, bindings: bindings)
    }

    @Test func `a link trap names its device and interface`() throws {
        let interpreter = TrapInterpreter(traps: Self.library.traps, devices: [IPAddress(v4: 0x0a01_0102): DeviceID("a")])
        var bindings = VariableBindings()
        bindings.append(name: [1, 3, 6, 1, 2, 1, 2, 2, 1, 1, 52], value: .integer(52))
        bindings.append(name: [1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 1, 52], value: .octets(Array("GE1/0/52".utf8)))
        let record = interpreter.record(of: notification(.linkDown, bindings), at: Timestamp(seconds: 1))
        #expect(record.name == "linkDown")
        #expect(record.subject == "device/a/interface/52")
        #expect(record.changesLink)
        #expect(record.title.zh == "链路断开")
        #expect(record.detail == "1.3.6.1.2.1.2.2.1.1.52=52; 1.3.6.1.2.1.31.1.1.1.1.52=GE1/0/52")
    }

    @Test func `a stranger's unknown trap keeps its number`() {
        let record = TrapInterpreter(traps: Self.library.traps).record(
            of: notification("1.3.6.1.4.1.32473.0.9"), at: Timestamp(seconds: 1))
        #expect(record.name == "1.3.6.1.4.1.32473.0.9")
        #expect(record.severity == .info)
        #expect(record.subject == "host/10.1.1.2")
    }

    @Test(arguments: ["1.3.6.1.2.1.33.2.1", "1.3.6.1.2.1.33.2.0.1"] as [ObjectIdentifier])
    func `a trap of SNMPv1's time is known with and without the nought before its number`(trap: ObjectIdentifier) {
        let record = TrapInterpreter(traps: Self.library.traps).record(of: notification(trap), at: Timestamp(seconds: 1))
        #expect(record.severity == .high)
    }

    @Test func `what a device sends is cut to a bound`() {
        var bindings = VariableBindings()
        for number: UInt32 in 0..<1000 {
            bindings.append(name: [1, 3, 6, 1, number], value: .octets([UInt8](repeating: 0xff, count: 60_000)))
        }
        let record = TrapInterpreter(traps: []).record(of: notification(.coldStart, bindings), at: Timestamp(seconds: 1))
        #expect(record.detail.count < 16 * 250)
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/snmptrap"), "no snmptrap: apt install snmp"))
    func `a trap that was sent stands in the store`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "campanile-traps-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let quiet = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let store = try EvidenceStore(path: folder.path + "/campanile.db", settings: EvidenceSettings(), logger: quiet)
        defer { try? store.close() }
        let listener = try NotificationListener(
            .bind(IPAddress(v4: 0x7f00_0001), port: 0), credentials: [SNMPCredential(version: .v2c, community: Secret("bell"))],
            name: "test")
        let told = Mutex<[TrapRecord]>([])
        let receiver = TrapReceiver(
            listener: listener, traps: Self.library.traps, store: store, logger: quiet, now: { Timestamp(seconds: 1_795_300_000) }
        ) { traps in told.withLock { $0 += traps } }
        let service = Task { try await receiver.run() }
        let sent = ChildProcess.run(
            [
                "/usr/bin/snmptrap", "-v2c", "-c", "bell", "127.0.0.1:\(listener.port)", "1", "1.3.6.1.6.3.1.1.5.3",
                "1.3.6.1.2.1.2.2.1.1.7", "i", "7",
            ],
            environment: ["MIBS=", "SNMPCONFPATH=/nonexistent", "SNMP_PERSISTENT_DIR=\(folder.path)"])
        #expect(sent.status == 0, "\(sent.output)")
        for _ in 0..<250 where told.withLock({ $0.isEmpty }) { try await Task.sleep(for: .milliseconds(20)) }
        let rows = try store.select("SELECT name, source, \"index\" FROM trap").rows
        #expect(rows == [["linkDown", "127.0.0.1", 7]])
        #expect(receiver.counted.accepted == 1)
        listener.stop()
        try await service.value
    }
}
