import Agent
import ArgumentParser
import Campus
import Polling
import Reporting

struct Poll: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Poll every configured device once, store what it says, and print a summary.",
        discussion: "Exits 1 when a device did not answer. While a daemon uses the same store, both write: prefer the daemon.")

    @OptionGroup var options: ConfigurationOptions
    @Flag(help: "One JSON object instead of a text.") var json = false

    func run() async throws {
        let (settings, definitions) = try options.everything(.required)
        let summary: PollSummary
        do {
            summary = try await PollRound.run(settings, definitions, logger: Log.quiet)
        } catch {
            throw CommandFailure.cannotRun("\(error)")
        }
        Terminal.write(json ? Poll.json(summary).serialised() + "\n" : Poll.text(summary))
        if summary.answered < summary.devices { throw ExitCode(1) }
    }

    private static func text(_ summary: PollSummary) -> String {
        let failed = summary.devices - summary.answered
        var text = """
            devices      \(summary.devices)
            answered     \(summary.answered)
            failed       \(failed)
            late         \(summary.late)
            interfaces   \(summary.interfaces)
            PDUs         \(summary.pdus), \(summary.retries) of them again
            time         \(Figures.rounded(summary.wall.inSeconds, decimals: 2)) s
            CPU          \(Figures.rounded(summary.cpuSeconds, decimals: 3)) s, \(Figures.rounded(summary.cpuMillisecondsPerDevice, decimals: 2)) ms a device

            """
        for (reason, count) in summary.failed.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            text += "  \(count) × \(reason.printable)\n"
        }
        return text
    }

    private static func json(_ summary: PollSummary) -> JSONValue {
        .members([
            "status": .text(summary.answered == summary.devices ? "ok" : "failed"), "devices": .integer(Int64(summary.devices)),
            "answered": .integer(Int64(summary.answered)), "failed": .integer(Int64(summary.devices - summary.answered)),
            "late": .integer(Int64(summary.late)), "interfaces": .integer(Int64(summary.interfaces)),
            "pdus": .integer(Int64(summary.pdus)),
            "retries": .integer(Int64(summary.retries)), "seconds": .number(summary.wall.inSeconds),
            "cpu_seconds": .number(summary.cpuSeconds),
            "cpu_ms_per_device": .number(summary.cpuMillisecondsPerDevice),
            "reasons": .object(
                summary.failed.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, .integer(Int64($0.value))) }),
        ])
    }
}
