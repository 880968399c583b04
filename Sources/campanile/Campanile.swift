import ArgumentParser
import Foundation

/// The command line: each command reads its arguments, calls the module that does the work, and prints what it says.
@main
struct Campanile: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "campanile",
        abstract: "The bell tower of a campus network: it sees far, keeps time, and rings when something is wrong.",
        version: "0.1.0",
        subcommands: [
            Run.self, Check.self, Probe.self, Poll.self, Discover.self, Find.self, TopologyCommand.self, Analyse.self, Query.self,
            Alerts.self, Assess.self,
            IndicatorsCommand.self,
            RulesCommand.self, Doctor.self,
        ])

    /// Leaves the main actor at once: functions that C calls back must not find themselves bound to it.
    @concurrent static func main() async {
        do {
            var command = try Campanile.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            end(with: error)
        }
    }

    /// 0 done; 1 the answer is no; 2 wrong usage, which the parser calls 64; 3 could not run.
    static func status(of error: any Error) -> Int32 {
        if let failure = error as? CommandFailure { return failure.status }
        let code = exitCode(for: error)
        if code.isSuccess { return 0 }
        if code == .validationFailure { return 2 }
        return error is ExitCode ? code.rawValue : 3
    }

    private static func end(with error: any Error) -> Never {
        let status = status(of: error)
        if error is ExitCode { Foundation.exit(status) }
        if status == 0 {
            Terminal.write(fullMessage(for: error) + "\n")
        } else if status == 2, !(error is CommandFailure) {
            Terminal.complain("\(message(for: error)): see campanile --help")
        } else {
            Terminal.complain("\(error)")
        }
        Foundation.exit(status)
    }
}
