import Campus
import Console
import Evidence
import Foundation
import Logging
import ServiceLifecycle
import Testing

/// A console over an empty store on a port that the system chose.
private final class RunningConsole: Sendable {
    let folder: String
    let service: ConsoleService
    private let group: ServiceGroup

    init(health: [HealthCheck] = [HealthCheck(name: "store")]) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "campanile-console-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let store = try EvidenceStore(path: folder + "/campanile.db", settings: EvidenceSettings(), logger: logger)
        var settings = ConsoleSettings()
        settings.port = 0
        settings.siteName = "示范<职业>学院"
        let metric = Metric("campanile_test", .gauge, help: "A test.", samples: [.init(1)])
        service = ConsoleService(
            settings: settings, store: store, titles: ConsoleTitles(),
            sources: ConsoleSources(health: { health }, metrics: { [metric] }), logger: logger)
        group = ServiceGroup(services: [service], logger: logger)
    }

    /// Runs `body` with the console's address, then stops it.
    func serve(_ body: @escaping @Sendable (Int) throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await self.group.run() }
            while service.listeningPort == nil { await Task.yield() }
            let port = service.listeningPort ?? 0
            // Waiting for curl on a thread of the pool would keep the server from answering it.
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                Thread.detachNewThread { continuation.resume(with: Result { try body(port) }) }
            }
            await group.triggerGracefulShutdown()
            try await tasks.next()
        }
        try FileManager.default.removeItem(atPath: folder)
    }
}

/// What curl says: the status in front of the answer's head and body.
private func curl(_ port: Int, _ path: String, _ options: [String] = []) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/curl")
    process.arguments = ["-s", "-i", "--max-time", "20"] + options + ["http://127.0.0.1:\(port)\(path)"]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
}

@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/curl"), "needs curl"))
struct ServiceTests {
    @Test func `the console answers over HTTP, reads only, and only by its own name`() async throws {
        try await RunningConsole().serve { port in
            let page = try curl(port, "/")
            #expect(page.hasPrefix("HTTP/1.1 200"))
            #expect(page.contains("Content-Security-Policy: default-src 'none'"))
            #expect(page.contains("X-Frame-Options: DENY"))
            #expect(page.contains("示范&lt;职业&gt;学院"))
            let english = try curl(port, "/?lang=en")
            #expect(english.contains("<html lang=\"en\">"))
            #expect(english.contains("Set-Cookie: lang=en;"))
            #expect(try curl(port, "/", ["-H", "Cookie: a=b; lang=en"]).contains("<html lang=\"en\">"))
            #expect(try curl(port, "/live").contains("<main>"))
            #expect(try curl(port, "/metrics").contains("campanile_test 1\n"))
            #expect(try curl(port, "/healthz").contains("\"status\": \"ok\""))
            #expect(try curl(port, "/api/devices").hasSuffix("\r\n\r\n[]\n"))
            #expect(try curl(port, "/", ["-I"]).hasPrefix("HTTP/1.1 200"))
            #expect(try curl(port, "/", ["-X", "POST"]).hasPrefix("HTTP/1.1 405"))
            #expect(try curl(port, "/", ["-H", "Host: rebound.example"]).hasPrefix("HTTP/1.1 421"))
            #expect(try curl(port, "/nothing").hasPrefix("HTTP/1.1 404"))
            #expect(try curl(port, "/api/secrets").hasPrefix("HTTP/1.1 404"))
            #expect(try curl(port, "/" + String(repeating: "a", count: 3000)).hasPrefix("HTTP/1.1 414"))
        }
    }

    @Test func `health that fails is told by status and in words`() async throws {
        try await RunningConsole(health: [HealthCheck(name: "store", problem: "disk full"), HealthCheck(name: "judging")]).serve {
            port in
            let answer = try curl(port, "/healthz")
            #expect(answer.hasPrefix("HTTP/1.1 503"))
            #expect(answer.contains("\"problem\": \"disk full\""))
        }
    }
}

struct HostGuardTests {
    private let guarding = HostGuard(listening: "127.0.0.1", ownName: "tower.campus.example")

    @Test(arguments: [
        "localhost", "LOCALHOST:8642", "127.0.0.1:8642", "10.1.1.2", "[::1]:8642", "tower", "tower.campus.example:80",
    ])
    func `addresses and names of this host are accepted`(host: String) {
        #expect(guarding.accepts(host))
    }

    @Test(arguments: [nil, "", "evil.example", "127.0.0.1.evil.example", "[::1", "[evil]", "localhost.evil.example:8642"])
    func `any other name is refused`(host: String?) {
        #expect(!guarding.accepts(host))
    }
}
