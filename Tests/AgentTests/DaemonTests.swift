import Agent
import Campus
import Console
import Definitions
import Foundation
import Logging
import Testing

struct DaemonTests {
    @Test func `an agent starts with an example's worth of configuration, answers, and stops when cancelled`() async throws {
        let folder = try ConfigurationFolder()
        try folder.write(
            "campanile.yaml",
            "site: {name: 钟}\nstore: {path: data}\nalerts: {log: alerts.jsonl}\nlisten: {console: \"127.0.0.1:0\"}\nshare: \(Checkout.path)\n"
        )
        let (settings, told) = folder.load()
        #expect(told == [])
        let problems = Problems()
        let definitions = AgentDefinitions.load(settings, problems: problems)
        #expect(problems.all.map(\.description) == [])
        let lines = Lines()
        let logger = Logger(label: "test") { LineLog(label: $0, isJournal: true, write: { lines.append($0) }) }
        let agent = try Agent(settings: settings, definitions: definitions, logger: logger, environment: [:], say: { _ in })
        let running = Task { try await agent.run() }
        while agent.consolePort == nil { await Task.yield() }
        #expect(throws: AgentError.self, "a second daemon with the same store") {
            try Agent(settings: settings, definitions: definitions, logger: logger, environment: [:], say: { _ in })
        }
        running.cancel()
        _ = await running.result
        #expect(FileManager.default.fileExists(atPath: folder.path + "/data/campanile.db"))
        #expect(FileManager.default.fileExists(atPath: folder.path + "/alerts.jsonl"))
        #expect(lines.all.contains { $0.hasPrefix("<5>test: agent runs") })
    }

    @Test func `rounds are polled one after the other and told as they end`() async throws {
        let folder = try ConfigurationFolder()
        try folder.write("campanile.yaml", "site: {name: 钟}\nstore: {path: data}\nshare: \(Checkout.path)\n")
        let settings = folder.load().settings
        let definitions = AgentDefinitions.load(settings, problems: Problems())
        var told: [Int] = []
        try await PollRound.run(
            settings, definitions, rounds: 3, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { round, _ in told.append(round) }
        #expect(told == [1, 2, 3])
    }

    @Test func `a folder that cannot be made is told with a remedy`() throws {
        let folder = try ConfigurationFolder()
        try folder.write("file", "")
        try folder.write("campanile.yaml", "site: {name: 钟}\nstore: {path: file/data}\nshare: \(Checkout.path)\n")
        let settings = folder.load().settings
        let definitions = AgentDefinitions.load(settings, problems: Problems())
        #expect(throws: AgentError.self) {
            try Agent(
                settings: settings, definitions: definitions, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                environment: [:], say: { _ in })
        }
    }

    @Test func `systemd is told by datagrams, to a path or an abstract name`() throws {
        let folder = try ConfigurationFolder()
        let script = """
            import os, socket, sys
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            s.bind(sys.argv[1].replace('@', '\\0', 1)); s.settimeout(20)
            os.write(1, b'bound')
            os.write(1, s.recv(100) + b' ' + s.recv(100).split(b'=')[0])
            """
        for name in [folder.path + "/notify", "@campanile-test-\(getpid())"] {
            let listener = Process()
            listener.executableURL = URL(filePath: "/usr/bin/python3")
            listener.arguments = ["-c", script, name]
            let pipe = Pipe()
            listener.standardOutput = pipe
            try listener.run()
            #expect(String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self) == "bound")
            let notifier = try #require(SystemdNotifier(environment: ["NOTIFY_SOCKET": name, "WATCHDOG_USEC": "30000000"]))
            #expect(notifier.watchdogInterval == .seconds(30))
            notifier.tell("READY=1")
            notifier.tellReloading()
            #expect(String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self) == "READY=1 RELOADING")
        }
        #expect(SystemdNotifier(environment: [:]) == nil)
        #expect(SystemdNotifier(environment: ["NOTIFY_SOCKET": "relative"]) == nil)
        #expect(SystemdNotifier(environment: ["NOTIFY_SOCKET": "/" + String(repeating: "a", count: 200)]) == nil)
    }

    @Test func `a log line is one line, whatever a device is called`() {
        let lines = Lines()
        var logger = Logger(label: "polling") { LineLog(label: $0, isJournal: true, write: { lines.append($0) }) }
        logger.logLevel = .debug
        logger.warning(
            "device down", metadata: ["device": "core\n<0>forged \u{1b}[2J", "secret": "\(Secret("hidden"))", "empty": ""])
        #expect(lines.all == ["<4>polling: device down device=\"core·<0>forged ·[2J\" secret=<secret>\n"])
    }
}

/// Lines as they are written, from any thread.
private final class Lines: @unchecked Sendable {
    private let lock = NSLock()
    private var lines: [String] = []

    func append(_ line: String) { lock.withLock { lines.append(line) } }
    var all: [String] { lock.withLock { lines } }
}

/// The checkout that the tests were built from.
enum Checkout {
    static let path = String(
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path()
            .dropLast())
}
