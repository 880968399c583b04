import Foundation
import Testing

/// The shipped unit, looked at by systemd's own tools.
struct UnitFileTests {
    static let hasAnalyzer = FileManager.default.isExecutableFile(atPath: "/usr/bin/systemd-analyze")

    /// The unit beside a program that exists, as `systemd-analyze` wants it.
    private func analyze(_ arguments: [String]) throws -> (status: Int32, output: String) {
        let folder = try ConfigurationFolder()
        try folder.write("program", "#!/bin/sh\n", mode: 0o755)
        let unit = try String(contentsOfFile: Checkout.path + "/systemd/campanile.service", encoding: .utf8)
        try folder.write("campanile.service", unit.replacing("/usr/bin/campanile", with: folder.path + "/program"), mode: 0o644)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/systemd-analyze")
        process.arguments = arguments + [folder.path + "/campanile.service"]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, output)
    }

    @Test(.enabled(if: hasAnalyzer, "needs systemd-analyze")) func `systemd understands every line of the unit`() throws {
        let answer = try analyze(["verify"])
        #expect(answer.status == 0)
        #expect(!answer.output.contains("campanile.service:"), "\(answer.output)")
    }

    @Test(.enabled(if: hasAnalyzer, "needs systemd-analyze")) func `the unit's exposure is at most 2`() throws {
        let answer = try analyze(["security", "--offline=true", "--no-pager", "--threshold=20"])
        #expect(answer.status == 0, "\(answer.output.suffix(200))")
    }

    @Test func `the unit holds what the daemon needs and no more`() throws {
        let unit = try String(contentsOfFile: Checkout.path + "/systemd/campanile.service", encoding: .utf8)
        for line in [
            "Type=notify", "ExecReload=/bin/kill -HUP $MAINPID", "AmbientCapabilities=CAP_NET_RAW",
            "CapabilityBoundingSet=CAP_NET_RAW",
            "LimitNOFILE=65536", "StateDirectory=campanile", "LogsDirectory=campanile", "User=campanile",
        ] {
            #expect(unit.contains("\n\(line)\n"), "\(line)")
        }
        #expect(unit.contains("WatchdogSec="))
    }
}
