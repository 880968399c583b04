import Campus
import Foundation
import Glibc
import SNMP
import TestSupport
import Testing

/// Against Net-SNMP's own senders.
@Suite(
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/snmptrap"), "no snmptrap: apt install snmp"), .serialized)
struct NotificationTests {
    private static let secured = SNMPCredential(
        user: "campanile", auth: .sha256, authSecret: Secret("authentic-secret"), priv: .aes128,
        privSecret: Secret("private-secret"))
    private static let engine = "0x8000000001020304"

    private func listener() throws -> NotificationListener {
        try NotificationListener(
            .bind(IPAddress(v4: 0x7f00_0001), port: 0),
            credentials: [SNMPCredential(version: .v2c, community: Secret("bell")), Self.secured], name: "test")
    }

    /// Runs one of Net-SNMP's senders; what it exits with, and says.
    private func send(_ tool: String, _ arguments: [String]) -> (status: Int32, output: String) {
        ChildProcess.run(
            ["/usr/bin/\(tool)"] + arguments,
            environment: [
                "MIBS=", "SNMPCONFPATH=/nonexistent", "SNMP_PERSISTENT_DIR=\(FileManager.default.temporaryDirectory.path)",
            ])
    }

    private func first(_ listener: NotificationListener) async -> SNMPNotification? {
        await withTaskGroup(of: SNMPNotification?.self) { group in
            group.addTask { await listener.notifications.first { _ in true } }
            group.addTask {
                try? await Task.sleep(for: .seconds(10))
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }

    private static let user = [
        "-v3", "-u", "campanile", "-a", "SHA-256", "-A", "authentic-secret", "-x", "AES", "-X", "private-secret", "-l",
        "authPriv",
    ]

    @Test func `a v2c trap tells its object, uptime and bindings`() async throws {
        let listener = try listener()
        defer { listener.stop() }
        let target = "127.0.0.1:\(listener.port)"
        let sent = send(
            "snmptrap",
            ["-v2c", "-c", "bell", target, "4200", "1.3.6.1.6.3.1.1.5.3", "1.3.6.1.2.1.2.2.1.1.7", "i", "7"])
        #expect(sent.status == 0, "\(sent.output)")
        let trap = try #require(await first(listener))
        #expect(trap.trap == .linkDown)
        #expect(trap.uptime == 42)
        #expect(trap.bindings.count == 1)
        #expect(trap.bindings.integer(0) == 7)
        #expect(trap.version == .v2c)
        #expect(!trap.isInform)
    }

    @Test func `a v1 trap becomes what SNMPv2 would have sent`() async throws {
        let listener = try listener()
        defer { listener.stop() }
        let target = "127.0.0.1:\(listener.port)"
        _ = send("snmptrap", ["-v1", "-c", "bell", target, "1.3.6.1.4.1.318", "127.0.0.9", "6", "5", "100"])
        let trap = try #require(await first(listener))
        #expect(trap.trap == "1.3.6.1.4.1.318.0.5")
        #expect(trap.source == IPAddress("127.0.0.9"))
        #expect(trap.version == .v1)
    }

    @Test func `a v3 trap is believed with the right keys`() async throws {
        let listener = try listener()
        defer { listener.stop() }
        let target = "127.0.0.1:\(listener.port)"
        let sent = send(
            "snmptrap", Self.user + ["-e", Self.engine, target, "1", "1.3.6.1.6.3.1.1.5.1"])
        #expect(sent.status == 0, "\(sent.output)")
        let trap = try #require(await first(listener))
        #expect(trap.trap == .coldStart)
        #expect(trap.securityLevel == "authPriv")
        #expect(trap.engineID == [0x80, 0, 0, 0, 1, 2, 3, 4])
    }

    @Test(arguments: [
        ["-v2c", "-c", "bell"],
        [
            "-v3", "-u", "campanile", "-a", "SHA-256", "-A", "authentic-secret", "-x", "AES", "-X", "private-secret", "-l",
            "authPriv",
        ],
    ])
    func `an inform is answered, so that its sender is content`(arguments: [String]) async throws {
        let listener = try listener()
        defer { listener.stop() }
        let sent = send(
            "snmpinform",
            arguments + [
                "-t", "2", "-r", "1", "127.0.0.1:\(listener.port)", "1", "1.3.6.1.6.3.1.1.5.4", "1.3.6.1.2.1.2.2.1.1.3", "i", "3",
            ])
        #expect(sent.status == 0, "\(sent.output)")
        let trap = try #require(await first(listener))
        #expect(trap.isInform)
        #expect(trap.trap == .linkUp)
    }

    @Test(arguments: [
        ["-v2c", "-c", "other"],
        [
            "-v3", "-u", "campanile", "-a", "SHA-256", "-A", "wrong-password", "-x", "AES", "-X", "private-secret", "-l",
            "authPriv", "-e", "0x8000000001020304",
        ],
        ["-v3", "-u", "stranger", "-l", "noAuthNoPriv", "-e", "0x8000000001020304"],
        ["-v3", "-u", "campanile", "-l", "noAuthNoPriv", "-e", "0x8000000001020304"],
    ])
    func `what is not signed by one of ours is refused and counted`(arguments: [String]) async throws {
        let listener = try listener()
        defer { listener.stop() }
        _ = send("snmptrap", arguments + ["127.0.0.1:\(listener.port)", "1", "1.3.6.1.6.3.1.1.5.1"])
        for _ in 0..<200 where listener.counted.refused == 0 { try await Task.sleep(for: .milliseconds(20)) }
        #expect(listener.counted.refused == 1)
        #expect(listener.counted.accepted == 0)
    }

    @Test func `other credentials are believed from a reload on, and the old ones no more`() async throws {
        let listener = try listener()
        defer { listener.stop() }
        listener.change(to: [SNMPCredential(version: .v2c, community: Secret("other"))])
        try await Task.sleep(for: .milliseconds(100))
        for community in ["bell", "other"] {
            _ = send("snmptrap", ["-v2c", "-c", community, "127.0.0.1:\(listener.port)", "1", "1.3.6.1.6.3.1.1.5.1"])
        }
        let trap = try #require(await first(listener))
        #expect(trap.trap == .coldStart)
        #expect(listener.counted.refused == 1)
        #expect(listener.counted.accepted == 1)
    }

    @Test func `a flood from one source is limited and counted, rubbish too`() async throws {
        let listener = try listener()
        defer { listener.stop() }
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = listener.port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        for number in 0..<500 {
            let bytes = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: number % 64)
            _ = unsafe withUnsafePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe sendto(descriptor, bytes, bytes.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }
        for _ in 0..<200 where listener.counted.malformed + listener.counted.limited < 500 {
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(listener.counted.malformed + listener.counted.limited == 500)
        #expect(listener.counted.limited > 300)
        #expect(listener.counted.accepted == 0)
    }
}
