import Agent
import ArgumentParser
import Campus
import Polling
import Reporting

struct Poll: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Poll every configured device, store what it says, and print a summary.",
        discussion: """
            The first round asks for everything; each further one, right behind it, for what changes. Exits 1 when a device did not \
            answer in one of them. While a daemon uses the same store, both write: prefer the daemon.
            """)

    @OptionGroup var options: ConfigurationOptions
    @Option(help: ArgumentHelp("How many rounds.", valueName: "n")) var rounds = 1
    @Flag(help: "One JSON object a round instead of a text.") var json = false

    func validate() throws {
        guard (1...Poll.mostRounds).contains(rounds) else {
            throw ValidationError("--rounds \(rounds): not a number of rounds: give one from 1 to \(Poll.mostRounds)")
        }
    }

    func run() async throws {
        let (settings, definitions) = try options.everything(.required)
        var isComplete = true
        do {
            try await PollRound.run(settings, definitions, rounds: rounds, logger: Log.quiet) { round, summary in
                Terminal.write(json ? Poll.json(summary, round).serialised() + "\n" : Poll.text(summary, round))
                if summary.answered < summary.devices { isComplete = false }
            }
        } catch {
            throw CommandFailure.cannotRun("\(error)")
        }
        if !isComplete { throw ExitCode(1) }
    }

    /// A day of rounds a minute; who wants more wants the daemon.
    private static let mostRounds = 1440

    private static func text(_ summary: PollSummary, _ round: Int) -> String {
        let failed = summary.devices - summary.answered
        var text = """
            round \(round)
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

    private static func json(_ summary: PollSummary, _ round: Int) -> JSONValue {
        .members([
            "status": .text(summary.answered == summary.devices ? "ok" : "failed"), "round": .integer(Int64(round)),
            "devices": .integer(Int64(summary.devices)),
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
