import Foundation
import Glibc
import TestSupport

/// Two hosts made of network namespaces and one cable between them: `a` runs the agent, `b` is the rest of the campus.
final class Lab {
    static let binary = Lab.findBinary()
    static let top = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .path()

    /// Root, namespaces and the built program are what it takes; elsewhere the suite is skipped visibly.
    static let isPossible: Bool = {
        guard geteuid() == 0, binary != nil, FileManager.default.isExecutableFile(atPath: "/usr/sbin/snmpd") else { return false }
        let probe = "campanile-probe-\(getpid())"
        guard Lab.run(["ip", "netns", "add", probe]).status == 0 else { return false }
        _ = Lab.run(["ip", "netns", "del", probe])
        return true
    }()

    let folder: String
    let a = "campanile-a-\(getpid())"
    let b = "campanile-b-\(getpid())"
    private var children: [ChildProcess] = []

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "campanile-lab-\(getpid())").path()
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for namespace in [a, b] {
            try Lab.must(["ip", "netns", "add", namespace])
            try Lab.must(["ip", "-n", namespace, "link", "set", "lo", "up"])
        }
        try Lab.must(["ip", "-n", a, "link", "add", "cable-a", "type", "veth", "peer", "name", "cable-b", "netns", b])
        for (namespace, cable, address) in [(a, "cable-a", "10.99.0.1/24"), (b, "cable-b", "10.99.0.2/24")] {
            try Lab.must(["ip", "-n", namespace, "address", "add", address, "dev", cable])
            try Lab.must(["ip", "-n", namespace, "link", "set", cable, "up"])
        }
        try Lab.must(["ip", "-n", a, "route", "add", "default", "via", "10.99.0.2"])
        // Forty more hosts behind the same cable, so that a sweep has somebody to ask.
        for host in 100..<140 { try Lab.must(["ip", "-n", b, "address", "add", "10.99.0.\(host)/24", "dev", "cable-b"]) }
    }

    /// Ends every process and removes both hosts and the folder.
    func tearDown() {
        for child in children { child.stop() }
        for namespace in [a, b] {
            let pids = Lab.run(["ip", "netns", "pids", namespace]).output
            for pid in pids.split(separator: "\n").compactMap({ Int32($0) }) { kill(pid, SIGKILL) }
            _ = Lab.run(["ip", "netns", "del", namespace])
        }
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Runs `command` on a host to its end.
    func on(_ namespace: String, _ command: [String]) -> (status: Int32, output: String) {
        Lab.run(["ip", "netns", "exec", namespace] + command)
    }

    /// Starts `command` on a host; its output goes to `folder`/`log`.
    func spawn(_ namespace: String, _ command: [String], environment: [String] = [], log: String) throws -> ChildProcess {
        let words = ["ip", "netns", "exec", namespace] + command
        guard let child = ChildProcess("ip", Array(words.dropFirst()), environment: environment, output: folder + "/" + log)
        else {
            throw LabError(command: words, output: "cannot be started")
        }
        children.append(child)
        return child
    }

    /// `campanile ARGUMENTS` on the agent's host.
    func campanile(_ arguments: [String]) -> (status: Int32, output: String) {
        on(a, [Lab.binary ?? ""] + arguments)
    }

    func text(_ name: String) -> String {
        (try? String(contentsOfFile: folder + "/" + name, encoding: .utf8)) ?? ""
    }

    /// Asks again and again until `condition` holds; false when `patience` is over. Returns the time it took beside.
    func eventually(within patience: Duration = .seconds(60), _ condition: () throws -> Bool) rethrows -> Duration? {
        let clock = ContinuousClock()
        let start = clock.now
        while clock.now - start < patience {
            if try condition() { return clock.now - start }
            usleep(200_000)
        }
        return nil
    }

    private static func must(_ command: [String]) throws {
        let result = run(command)
        if result.status != 0 { throw LabError(command: command, output: result.output) }
    }

    static func run(_ command: [String]) -> (status: Int32, output: String) { ChildProcess.run(command) }

    private static func findBinary() -> String? {
        let candidates =
            [ProcessInfo.processInfo.environment["CAMPANILE_BINARY"]]
            + [".build/release/campanile", ".build/debug/campanile"].map { top + "/" + $0 }
        return candidates.compactMap { $0 }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}

struct LabError: Error, CustomStringConvertible {
    let command: [String]
    let output: String
    var description: String { "\(command.joined(separator: " ")): \(output)" }
}
