import Agent
import ArgumentParser
import Campus
import Definitions
import Evidence
import Indicators
import Judging
import Reporting

struct IndicatorsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "indicators", abstract: "Figures for the benchmark-school metrics, each with what it is made of.",
        subcommands: [List.self, Export.self, Explain.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the indicators that can be computed.")

        @OptionGroup var options: ConfigurationOptions

        func run() throws {
            let (settings, definitions) = try options.everything(.ignored)
            let language = settings.site.language
            let rows = definitions.judging.indicators.indicators.map { indicator in
                [
                    indicator.id, indicator.name.text(language), indicator.unit,
                    indicator.periods.map(\.rawValue).joined(separator: " "),
                ]
            }
            Terminal.write(TextTable(columns: ["indicator", "name", "unit", "periods"], rows: rows).text)
        }
    }

    struct Export: AsyncParsableCommand {
        enum Format: String, CaseIterable, ExpressibleByArgument { case csv, json, table }

        static let configuration = CommandConfiguration(
            abstract: "Compute every indicator of a period from the evidence and write its value records.",
            discussion: "Exits 1 when no figure may be reported: coverage below 0.80, or nothing to compute it from.")

        @OptionGroup var options: ConfigurationOptions
        @Option(help: "2026-11-21, 2026-W47, 2026-11, 2026, a semester's label, or window:NAME; else this month.") var period:
            String?
        @Option(help: "One indicator; else all that have such a period.") var indicator: String?
        @Option(help: "csv, json or table.") var format = Format.csv

        func run() async throws {
            let (settings, definitions) = try options.everything(.ignored)
            let period = try IndicatorsCommand.period(self.period, settings)
            if let indicator { _ = try IndicatorsCommand.indicator(indicator, definitions) }
            let assessor = Assessor(
                store: try options.store(settings), definitions: definitions.judging, settings: settings.judging,
                logger: Log.quiet)
            let values = try await assessor.values(of: period, indicator: indicator, at: Clock.now)
            let table = IndicatorReport.table(values)
            switch format {
            case .csv: Terminal.write(IndicatorReport.csv(table, time: settings.localTime))
            case .json: Terminal.write(IndicatorReport.json(table, time: settings.localTime).serialised(pretty: true) + "\n")
            case .table: Terminal.write(TableReport.text(IndicatorReport.readable(table, time: settings.localTime)))
            }
            if !values.contains(where: { $0.status == .ok || $0.status == .partial }) { throw ExitCode(1) }
        }
    }

    struct Explain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what a figure is made of: definition, query, rows, coverage.")

        @OptionGroup var options: ConfigurationOptions
        @Option(help: "As for export.") var period: String?
        @Argument(help: "The indicator's id.") var id: String

        func run() async throws {
            let (settings, definitions) = try options.everything(.ignored)
            let period = try IndicatorsCommand.period(self.period, settings)
            _ = try IndicatorsCommand.indicator(id, definitions)
            let assessor = Assessor(
                store: try options.store(settings), definitions: definitions.judging, settings: settings.judging,
                logger: Log.quiet)
            guard let explanation = try await assessor.explain(id, period: period, at: Clock.now) else { return }
            Terminal.write(explanation.text(settings.site.language) + "\n")
        }
    }

    private static func period(_ label: String?, _ settings: AgentSettings) throws -> Period {
        let calendar = settings.profile.calendar
        guard let label else {
            guard let month = Period(.month, containing: Clock.now, calendar: calendar) else {
                throw CommandFailure.cannotRun("the present: lies in no month: set the clock")
            }
            return month
        }
        guard let period = Period(label: label, calendar: calendar) else {
            let known = calendar.semesters.keys.sorted() + calendar.windows.keys.sorted().map { "window:\($0)" }
            throw CommandFailure.usage(
                "\(label): no such period: write e.g. 2026-11-21, 2026-W47, 2026-11, 2026\(known.isEmpty ? "" : ", " + known.joined(separator: ", "))"
            )
        }
        guard period.start <= Clock.now else { throw CommandFailure.usage("\(label): has not begun: name a period that has") }
        return period
    }

    private static func indicator(_ id: String, _ definitions: AgentDefinitions) throws -> Indicator {
        if let indicator = definitions.judging.indicators.indicator(id) { return indicator }
        let ids = definitions.judging.indicators.indicators.map(\.id)
        throw CommandFailure.usage("\(id): no such indicator: \(suggestion(id, among: ids))")
    }
}
