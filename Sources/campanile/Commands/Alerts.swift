import Agent
import ArgumentParser
import Campus
import Evidence
import Foundation
import Notify
import Reporting

struct Alerts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read alerts and prove their log.", subcommands: [List.self, Show.self, Follow.self, Verify.self],
        defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List alerts, open ones unless --all.")

        @OptionGroup var options: ConfigurationOptions
        @Flag(help: "Also those that are over.") var all = false
        @Option(help: "table, json or csv.") var format = TableReport.Format.table

        func run() throws {
            let settings = try options.settings(.ignored)
            let column = settings.site.language == .zh ? "message_zh" : "message_en"
            let open = all ? "" : "WHERE state IN ('pending', 'firing', 'acknowledged')"
            let table = try options.store(settings).select(
                "SELECT id, severity, state, started_at, rule, subject, \(column) AS message FROM alert \(open) ORDER BY started_at DESC LIMIT 1000"
            )
            guard format == .table else {
                return Terminal.write(TableReport.written(table, as: format))
            }
            var text = TextTable(columns: ["id", "severity", "state", "since", "rule", "message"])
            text.rows = table.rows.indices.map { row in
                let since = table[row, "started_at"].int64.map { settings.localTime.text(Timestamp(milliseconds: $0)) } ?? ""
                return ["id", "severity", "state"].map { table[row, $0].string ?? "" } + [since]
                    + ["rule", "message"].map { table[row, $0].string ?? "" }
            }
            Terminal.write(text.rows.isEmpty ? "no open alert\n" : text.text)
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show one alert with every step of its life.")

        @OptionGroup var options: ConfigurationOptions
        @Argument(help: "The alert's id, or a beginning of it that no other shares.") var id: String

        func run() throws {
            let settings = try options.settings(.ignored)
            let store = try options.store(settings)
            let found = try store.select(
                "SELECT * FROM alert WHERE substr(id, 1, length(:id)) = :id LIMIT 2", parameters: ["id": .text(id)])
            guard found.rows.count == 1 else {
                throw CommandFailure.no(
                    "\(id): \(found.rows.isEmpty ? "no such alert" : "several alerts begin so"): see campanile alerts list --all")
            }
            let time = settings.localTime
            for column in found.columns where !found[0, column].isNull {
                let value = found[0, column]
                let text = column.hasSuffix("_at") ? value.int64.map { time.text(Timestamp(milliseconds: $0)) } : nil
                Terminal.write(
                    "\(column.padded(to: 18)) \((text ?? value.string ?? value.double.map(Figures.shortest) ?? "").printable)\n")
            }
            let steps = try store.select(
                "SELECT sequence, at, action, actor, cause FROM alert_event WHERE alert = :id ORDER BY sequence",
                parameters: ["id": found[0, "id"]])
            for row in steps.rows.indices {
                let at = steps[row, "at"].int64.map { time.text(Timestamp(milliseconds: $0)) } ?? ""
                let words = ["action", "actor", "cause"].map { (steps[row, $0].string ?? "").printable }
                Terminal.write("  \(at)  \(words.joined(separator: "  "))\n")
            }
        }
    }

    struct Follow: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print each step of each alert as it happens, until interrupted.")

        @OptionGroup var options: ConfigurationOptions
        @Flag(help: "One JSON object a step instead of a text for people.") var json = false

        func run() async throws {
            let settings = try options.settings(.ignored)
            let store = try options.store(settings)
            var last = try store.lastAlertSequence()
            while !Task.isCancelled {
                for event in try store.alertEvents(after: last, limit: 500) {
                    last = event.sequence
                    Terminal.write(line(event, settings) + "\n")
                }
                try await Task.sleep(for: .milliseconds(500))
            }
        }

        private func line(_ event: AlertEvent, _ settings: AgentSettings) -> String {
            if json {
                return JSONValue.members([
                    "@timestamp": .text(settings.localTime.rfc3339(event.at)), "sequence": .integer(event.sequence),
                    "action": .text(event.action.rawValue), "rule": .text(event.alert.rule),
                    "subject": .text(event.alert.subject),
                    "severity": .text(event.alert.severity.rawValue),
                    "message": .text(event.alert.message.text(settings.site.language)),
                ]).serialised()
            }
            let colour: Terminal.Colour =
                event.action == .firing
                ? (event.alert.severity >= .high ? .red : .yellow) : event.action == .resolved ? .green : .grey
            let message = event.alert.message.text(settings.site.language).printable
            return "\(settings.localTime.text(event.at))  \(Terminal.coloured(event.action.rawValue.padded(to: 12), colour))  "
                + "\(event.alert.severity.rawValue.padded(to: 8))  \(event.alert.rule)  \(message)"
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prove that no line of the alert log was changed or removed.",
            discussion: "Checks the hash chain line by line and every line against the store. Exits 1 when something is wrong.")

        @OptionGroup var options: ConfigurationOptions
        @Argument(help: "The log; else the one that the configuration names.") var log: String?

        func run() throws {
            let settings = try options.settings(.ignored)
            let path = log ?? settings.alertLogPath
            guard FileManager.default.fileExists(atPath: path) else {
                throw CommandFailure.cannotRun("\(path): there is no alert log: start the daemon, or set alerts.log")
            }
            let report = try AlertLog.verify(path: path, store: options.store(settings))
            Terminal.write(report.text(settings.site.language) + "\n")
            if !report.isIntact { throw ExitCode(1) }
        }
    }
}
