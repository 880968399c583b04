import Agent
import ArgumentParser
import Campus
import Capture
import Definitions
import Evidence
import Foundation
import Logging
import Probes
import Reporting
import SNMP

struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look at this host and the configuration, and say what would not work and what to do.",
        discussion: "Exits 1 when something would not work.")

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        var findings = host()
        let (settings, problems) = AgentSettings.load(path: options.path, secrets: .checked)
        findings.append(
            Finding(
                "configuration \(options.path)",
                problems.first.map { "\(Figures.several(problems.count, "mistake")), the first: \($0)" },
                "campanile check"))
        if problems.isEmpty {
            findings += folders(settings) + captures(settings)
            findings += await devices(settings)
        }
        for finding in findings {
            let word = finding.problem == nil ? Terminal.coloured("ok  ", .green) : Terminal.coloured("fail", .red)
            Terminal.write(
                "\(word)  \(finding.what)\(finding.problem.map { finding.remedy.isEmpty ? ": \($0)" : ": \($0): \(finding.remedy)" } ?? "")\n"
            )
        }
        if findings.contains(where: { $0.problem != nil }) { throw ExitCode(1) }
    }

    struct Finding {
        let what: String
        /// nil when all is well.
        let problem: String?
        let remedy: String

        init(_ what: String, _ problem: String?, _ remedy: String) {
            self.what = what
            self.problem = problem
            self.remedy = remedy
        }
    }

    private func host() -> [Finding] {
        let share = DefinitionPaths.share(
            configured: nil, environment: ProcessInfo.processInfo.environment, executable: DefinitionPaths.executable)
        let hasShare =
            FileManager.default.fileExists(atPath: share + "/Probes") && FileManager.default.fileExists(atPath: share + "/Rules")
        let hasRawSockets = geteuid() == 0 || Doctor.effectiveCapabilities & (1 << 13) != 0
        let reachability = Reachability()
        defer { reachability.shutdown() }
        return [
            Finding("probes and rules in \(share)", hasShare ? nil : "not found", "install them there, or set $CAMPANILE_SHARE"),
            Finding(
                "CAP_NET_RAW", hasRawSockets ? nil : "missing, so nothing can be captured",
                "run under the systemd unit, as root, or setcap cap_net_raw+ep"),
            Finding("ICMP", reachability.pingProblem, ""),
        ]
    }

    /// CapEff of /proc/self/status (capabilities(7)).
    private static var effectiveCapabilities: UInt64 {
        let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("CapEff:") }
        return line?.split(whereSeparator: \.isWhitespace).last.flatMap { UInt64($0, radix: 16) } ?? 0
    }

    private func folders(_ settings: AgentSettings) -> [Finding] {
        [settings.storeDirectory, URL(fileURLWithPath: settings.alertLogPath).deletingLastPathComponent().path].map { path in
            var folder = URL(fileURLWithPath: path)
            while folder.path != "/", !FileManager.default.fileExists(atPath: folder.path) { folder.deleteLastPathComponent() }
            let isWritable = FileManager.default.isWritableFile(atPath: folder.path)
            return Finding(
                "folder \(path)", isWritable ? nil : "cannot be written by this user", "let the daemon's user write there")
        }
    }

    private func captures(_ settings: AgentSettings) -> [Finding] {
        let existing = CaptureHandle.interfaces()
        return settings.captures.map { capture in
            Finding(
                "interface \(capture.interface)", existing.contains(capture.interface) ? nil : "no such interface",
                "choose one of \(existing.joined(separator: ", "))")
        }
    }

    /// Asks at most a hundred devices who they are, all at once.
    private func devices(_ settings: AgentSettings) async -> [Finding] {
        let library = ProbeLibrary.load(directories: settings.probeDirectories, problems: Problems())
        let engine = SNMPEngine(logger: Log.quiet)
        defer { engine.shutdown() }
        return await withTaskGroup(of: (Int, Finding).self) { group in
            for (position, device) in settings.devices.prefix(100).enumerated() {
                guard let name = device.credential, let credential = settings.credentials[name], credential.problem == nil else {
                    continue
                }
                let target = SNMPTarget(address: device.address, port: device.port, credential: credential)
                group.addTask {
                    let answer = await engine.poll(target, [library.identityRequest])
                    let problem = answer.outcome == .answered ? nil : answer.reason
                    return (
                        position,
                        Finding("device \(device.name) at \(target)", problem, "check the device and credential `\(name)`")
                    )
                }
            }
            var findings: [(Int, Finding)] = []
            for await finding in group { findings.append(finding) }
            return findings.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}
