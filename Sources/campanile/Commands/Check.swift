import Agent
import ArgumentParser
import Compliance
import Definitions
import Indicators
import Judging
import Rules

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check configuration, probes and rules, and tell every mistake as file:line:column.",
        discussion: "Exits 0 when all is well and 1 when something must be corrected.")

    @OptionGroup var options: ConfigurationOptions

    func run() throws {
        let (settings, found) = AgentSettings.load(path: options.path, secrets: .checked)
        let problems = Problems()
        for problem in found { problems.add(problem) }
        let definitions = AgentDefinitions.load(settings, problems: problems)
        do {
            try definitions.check(problems: problems, logger: Log.quiet)
        } catch {
            throw CommandFailure.cannotRun("\(error)")
        }
        for problem in problems.all { Terminal.write("\(problem)\n") }
        guard problems.isEmpty else {
            throw CommandFailure.no("\(options.path): \(problems.all.count) mistakes: correct them and check again")
        }
        let judging = definitions.judging
        Terminal.write(
            "ok: \(settings.devices.count) devices, \(settings.captures.count) captures, \(judging.rules.rules.count) rules, "
                + "\(judging.items.items.count) 等保 items, \(judging.indicators.indicators.count) indicators\n")
        for warning in settings.warnings { Terminal.complain(warning) }
    }
}
