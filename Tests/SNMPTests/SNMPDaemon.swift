import Campus
import Foundation
import Glibc
import SNMP
import TestSupport

/// A real snmpd on a loopback port, with its own configuration and state in a temporary folder; nothing of the host's is touched.
final class SNMPDaemon {
    static let path = "/usr/sbin/snmpd"
    static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: path) }

    let port: UInt16
    private var process: ChildProcess?
    private let folder: URL

    init() throws {
        port = try freePort()
        folder = FileManager.default.temporaryDirectory.appending(path: "campanile-snmpd-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Self.configuration.write(to: folder.appending(path: "agent.conf"), atomically: true, encoding: .utf8)
        try start()
    }

    private func start() throws {
        let arguments = [
            "-f", "-C", "-I", "-smux", "-c", folder.appending(path: "agent.conf").path, "-Lf", folder.appending(path: "log").path,
            "-p", folder.appending(path: "pid").path, "udp:127.0.0.1:\(port)",
        ]
        process = ChildProcess(Self.path, arguments, environment: ["SNMP_PERSISTENT_DIR=\(folder.path)", "MIBS="])
        if process == nil { throw CocoaError(.executableLoad) }
    }

    /// Stops and starts: engine time goes back to nought, and engine boots with it when they were not saved.
    func restart() throws {
        process = nil
        try start()
    }

    deinit {
        process = nil
        try? FileManager.default.removeItem(at: folder)
    }

    func target(_ credential: SNMPCredential) -> SNMPTarget {
        SNMPTarget(address: IPAddress(v4: 0x7f00_0001), port: port, credential: credential)
    }

    /// Asks until the daemon answers, a few seconds at most.
    func waitUntilReady(_ engine: SNMPEngine) async -> Bool {
        for _ in 0..<10 {
            if await engine.poll(target(.public), [.system]).outcome == .answered { return true }
        }
        return false
    }

    private static let configuration = """
        rocommunity public
        rouser md5des authPriv
        rouser shaaes authPriv
        rouser sha256aes256 authPriv
        rouser sha512aes192 authPriv
        rouser sha224 authNoPriv
        rouser sha384 authNoPriv
        rouser nobody noAuthNoPriv
        createUser md5des MD5 "authpass123" DES "privpass123"
        createUser shaaes SHA "authpass123" AES "privpass123"
        createUser sha256aes256 SHA-256 "authpass123" AES-256 "privpass123"
        createUser sha512aes192 SHA-512 "authpass123" AES-192 "privpass123"
        createUser sha224 SHA-224 "authpass123"
        createUser sha384 SHA-384 "authpass123"
        createUser nobody
        sysLocation test bench
        """
}

/// A UDP port of the loopback that nobody listens on right now.
func freePort() throws -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    defer { close(descriptor) }
    return try bindLoopback(descriptor)
}

/// Binds to an ephemeral loopback port and says which.
func bindLoopback(_ descriptor: Int32) throws -> UInt16 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = unsafe withUnsafeMutablePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { socketAddress in
            unsafe bind(descriptor, socketAddress, size) == 0 ? getsockname(descriptor, socketAddress, &size) : -1
        }
    }
    guard result == 0 else { throw CocoaError(.fileReadUnknown) }
    return UInt16(bigEndian: address.sin_port)
}

extension SNMPCredential {
    static let `public` = SNMPCredential(version: .v2c, community: Secret("public"))

    static func user(
        _ name: String, _ auth: AuthProtocol?, _ priv: PrivProtocol?, authSecret: String = "authpass123",
        privSecret: String = "privpass123"
    ) -> SNMPCredential {
        SNMPCredential(
            user: name, auth: auth, authSecret: auth.map { _ in Secret(authSecret) }, priv: priv,
            privSecret: priv.map { _ in Secret(privSecret) })
    }
}

extension TableRequest {
    /// sysDescr, sysUpTime, sysLocation.
    static let system = TableRequest(
        name: "system", kind: .scalars(["1.3.6.1.2.1.1.1.0", "1.3.6.1.2.1.1.3.0", "1.3.6.1.2.1.1.6.0"]))

    static let interfaces = TableRequest(
        name: "ifTable",
        kind: .columns(["1.3.6.1.2.1.2.2.1.1", "1.3.6.1.2.1.2.2.1.2", "1.3.6.1.2.1.2.2.1.10", "1.3.6.1.2.1.31.1.1.1.6"]))
}

extension SNMPSettings {
    /// Short waits for agents on the loopback that are not going to answer.
    static var impatient: SNMPSettings {
        var settings = SNMPSettings()
        settings.timeout = .milliseconds(60)
        settings.minimumTimeout = .milliseconds(60)
        settings.maximumTimeout = .milliseconds(120)
        return settings
    }
}
