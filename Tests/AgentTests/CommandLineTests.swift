import Foundation
import Testing

/// The built program, for its exit statuses and its one-line complaints.
@Suite(.enabled(if: Program.path != nil, "needs the built program"))
struct CommandLineTests {
    private func run(_ arguments: [String]) throws -> (status: Int32, output: String, complaint: String) {
        let process = Process()
        process.executableURL = URL(filePath: Program.path ?? "")
        process.arguments = arguments
        let output = Pipe()
        let complaint = Pipe()
        process.standardOutput = output
        process.standardError = complaint
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let texts = [output, complaint].map { String(decoding: $0.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self) }
        process.waitUntilExit()
        return (process.terminationStatus, texts[0], texts[1])
    }

    /// Arguments and the status they end with.
    private static let cases: [(arguments: [String], status: Int32)] = [
        (["--version"], 0), (["--help"], 0), (["nonsense"], 2), (["query"], 2), (["assess", "--level", "4"], 2),
        (["probe", "10.0.0.1:x", "-c", "public"], 2), (["probe", "10.0.0.1", "-u", "x", "-a", "ROT13", "-A", "12345678"], 2),
        (["probe", "10.0.0.1"], 2), (["query", "--config", "/nonexistent.yaml", "SELECT 1"], 3),
        (["analyse", "/nonexistent.pcap"], 3),
        (["check", "--config", "/nonexistent.yaml"], 1), (["run", "--config", "/nonexistent.yaml"], 3),
    ]

    @Test(arguments: cases) func `exit statuses are 0 done, 1 no, 2 asked wrongly, 3 could not run`(
        arguments: [String], status: Int32
    ) throws {
        let answer = try run(arguments)
        #expect(answer.status == status, "\(answer)")
        if status > 1 { #expect(answer.complaint.hasPrefix("campanile: ")) }
        if status == 2 { #expect(answer.complaint.filter(\.isNewline).count == 1) }
    }

    @Test func `check tells every mistake on a line of its own and ends with 1`() throws {
        let folder = try ConfigurationFolder()
        try folder.write("campanile.yaml", "site: {nam: a}\nshare: \(Checkout.path)\n")
        let answer = try run(["check", "--config", folder.path + "/campanile.yaml"])
        #expect(answer.status == 1)
        #expect(
            answer.output.replacing(folder.path + "/", with: "") == """
                campanile.yaml:1:7: `name` is missing: add `name: …`
                campanile.yaml:1:8: unknown key `nam`: did you mean `name`?

                """)
    }

    @Test func `check finds a rule whose query the evidence cannot answer`() throws {
        let folder = try ConfigurationFolder()
        try FileManager.default.createDirectory(atPath: folder.path + "/rules.d", withIntermediateDirectories: true)
        try folder.write("campanile.yaml", "site: {name: a}\nshare: \(Checkout.path)\n")
        try folder.write(
            "rules.d/mine.yaml",
            """
            id: mine.rule
            title: {zh: 我的, en: Mine}
            severity: low
            every: 60s
            select: SELECT subject, 'held' AS outcome FROM no_such_table
            message: {zh: "{subject}", en: "{subject}"}
            """)
        let answer = try run(["check", "--config", folder.path + "/campanile.yaml"])
        #expect(answer.status == 1)
        #expect(answer.output.contains("mine.yaml:"))
        #expect(answer.output.contains("no_such_table"))
    }
}

/// The program beside the tests, or the one that the environment names.
enum Program {
    static let path: String? = {
        let beside = ["release", "debug"].map { "\(Checkout.path)/.build/\($0)/campanile" }
        let named = ProcessInfo.processInfo.environment["CAMPANILE_BINARY"].map { [$0] } ?? []
        return (named + beside).first { FileManager.default.isExecutableFile(atPath: $0) }
    }()
}
