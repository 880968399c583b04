import Agent
import ArgumentParser
import Compliance
import Definitions
import Indicators
import Judging
import Reporting
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
            throw CommandFailure.no("\(options.path): \(Figures.several(problems.all.count, "mistake")): correct and check again")
        }
        let judging = definitions.judging
        Terminal.write(
            "ok: \(Figures.several(settings.devices.count, "device")), \(Figures.several(settings.captures.count, "capture")), "
                + "\(Figures.several(judging.rules.rules.count, "rule")), "
                + "\(Figures.several(judging.items.items.count, "等保 item")), "
                + "\(Figures.several(judging.indicators.indicators.count, "indicator"))\n")
        for warning in settings.warnings { Terminal.complain(warning) }
    }
}
