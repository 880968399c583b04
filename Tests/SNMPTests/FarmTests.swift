import Campus
import Foundation
import Glibc
import Logging
import SNMP
import TestSupport
import Testing

/// Against hundreds of synthetic switches, where the farm's source is at hand.
@Suite(.enabled(if: AgentFarm.isAvailable, "no agentfarm: set CAMPANILE_SHARED"), .serialized)
struct FarmTests {
    private let columns: [ObjectIdentifier] =
        [7, 8, 13, 14, 19, 20].map { ObjectIdentifier([1, 3, 6, 1, 2, 1, 2, 2, 1, $0]) }
        + [6, 7, 8, 9, 10, 11, 12, 13].map { ObjectIdentifier([1, 3, 6, 1, 2, 1, 31, 1, 1, 1, $0]) }

    private func answers(
        _ farm: AgentFarm, count: Int, version: SNMPCredential.Version = .v2c, settings: SNMPSettings = .impatient
    ) async -> [SNMPAnswer] {
        let engine = SNMPEngine(settings: settings, logger: Logger(label: "test"))
        defer { engine.shutdown() }
        await farm.waitUntilReady(engine)
        return await withTaskGroup(of: SNMPAnswer.self) { group in
            for index in 0..<count {
                let target = farm.target(index, version)
                group.addTask {
                    await engine.poll(target, [TableRequest(name: "interfaces", kind: .columns(columns), expectedRows: 52)])
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test(arguments: [SNMPCredential.Version.v1, .v2c])
    func `every value of fourteen columns of fifty-two ports arrives once`(version: SNMPCredential.Version) async throws {
        let farm = try AgentFarm(devices: 20, options: [])
        for answer in await answers(farm, count: 20, version: version) {
            #expect(answer.outcome == .answered)
            #expect(answer.tableErrors == [nil])
            // Counter64 does not exist in v1 (RFC 2576 §4.1.2.1), but the farm does not hide it.
            #expect(answer.tables[0].count == 14 * 52)
        }
    }

    @Test func `silent devices delay nobody`() async throws {
        let farm = try AgentFarm(devices: 200, options: ["-x", "10"])
        // Given up only after a time in which all others must have answered.
        var settings = SNMPSettings()
        settings.retries = 0
        settings.timeout = .seconds(3)
        let inOrder = await answers(farm, count: 200, settings: settings)
        #expect(inOrder.count { $0.outcome == .answered } == 180)
        #expect(inOrder.prefix(180).allSatisfy { $0.outcome == .answered })
        #expect(inOrder.suffix(20).allSatisfy { $0.outcome == .silent })
    }

    @Test func `lost datagrams cost retries, not values`() async throws {
        let farm = try AgentFarm(devices: 50, options: ["-l", "5"])
        let answered = await answers(farm, count: 50).filter { $0.outcome == .answered && $0.tableErrors == [nil] }
        #expect(answered.count >= 48)
        #expect(answered.allSatisfy { $0.tables[0].count == 14 * 52 })
        #expect(answered.contains { $0.retries > 0 })
    }
}

/// The synthetic switches of the shared test bed, built on first use.
final class AgentFarm {
    let port: UInt16
    private let process: ChildProcess?

    private static var source: String? {
        let shared =
            ProcessInfo.processInfo.environment["CAMPANILE_SHARED"]
            ?? URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../shared").standardizedFileURL.path
        let source = shared + "/snmp/agentfarm/agentfarm.c"
        return FileManager.default.fileExists(atPath: source) ? source : nil
    }

    static var isAvailable: Bool { source != nil && FileManager.default.isExecutableFile(atPath: "/usr/bin/cc") }

    init(devices: Int, options: [String]) throws {
        port = try freePort()
        process = ChildProcess(try Self.executable(), ["-n", "\(devices)", "-p", "\(port)"] + options)
    }

    func target(_ index: Int, _ version: SNMPCredential.Version) -> SNMPTarget {
        SNMPTarget(
            address: IPAddress(v4: 0x7f01_0001 + UInt32(index)), port: port,
            credential: SNMPCredential(version: version, community: Secret("public")))
    }

    func waitUntilReady(_ engine: SNMPEngine) async {
        let uptime = TableRequest(name: "uptime", kind: .scalars(["1.3.6.1.2.1.1.3.0"]))
        for _ in 0..<30 where await engine.poll(target(0, .v2c), [uptime]).outcome == .answered { return }
    }

    private static func executable() throws -> String {
        let path = FileManager.default.temporaryDirectory.appending(path: "campanile-agentfarm-\(getpid())").path
        if FileManager.default.isExecutableFile(atPath: path) { return path }
        let compiler = ChildProcess(
            "/usr/bin/cc", ["-O2", "-w", "-o", path, source ?? "", "-lpthread"], environment: ["PATH=/usr/bin:/bin"])
        guard compiler?.wait() == 0 else { throw CocoaError(.executableLoad) }
        return path
    }
}
