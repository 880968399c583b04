import Agent
import ArgumentParser
import Campus
import Judging
import Reporting
import Rules

struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "Read the rules that judge.", subcommands: [List.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List every rule: severity, how often, for how long, 等保 items.")

        @OptionGroup var options: ConfigurationOptions

        func run() throws {
            let (settings, definitions) = try options.everything(.ignored)
            let now = Clock.now
            let rows = definitions.judging.rules.rules.map { rule in
                [
                    rule.id, rule.title.text(settings.site.language), rule.severity.rawValue, seconds(rule.every),
                    seconds(rule.holdFor),
                    rule.dengbao.joined(separator: " "),
                    rule.isDisabled(at: now) ? "disabled: \(rule.disabled?.reason ?? "")" : "",
                ]
            }
            Terminal.write(TextTable(columns: ["rule", "title", "severity", "every", "for", "等保", ""], rows: rows).text)
        }

        private func seconds(_ span: Duration) -> String { Figures.span(span.inSeconds, language: .en) }
    }
}
