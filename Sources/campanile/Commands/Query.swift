import Agent
import ArgumentParser
import Campus
import Evidence
import Reporting

extension TableReport.Format: ExpressibleByArgument {}

struct Query: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ask the evidence in SQL; it can only be read.",
        discussion: "Tables and columns: Documentation/reference/evidence.md. `:now` is the present in UTC milliseconds.")

    @OptionGroup var options: ConfigurationOptions
    @Option(help: "How to write the answer: table, json or csv.") var format = TableReport.Format.table
    @Option(help: "The most seconds the query may take.") var seconds = 30
    @Option(help: "The most rows it may return.") var rows = 100_000
    @Argument(help: "One SELECT statement.") var sql: String

    func validate() throws {
        guard (1...3600).contains(seconds), (1...10_000_000).contains(rows) else {
            throw ValidationError("--seconds is from 1 to 3600, --rows from 1 to 10000000")
        }
    }

    func run() throws {
        let store = try options.store(options.settings(.ignored))
        let usesNow = sql.contains(":now")
        do {
            let table = try store.select(
                sql, parameters: usesNow ? ["now": .integer(Clock.now.milliseconds)] : [:],
                limits: QueryLimits(time: .seconds(seconds), rows: rows))
            Terminal.write(TableReport.written(table, as: format))
        } catch {
            throw CommandFailure.cannotRun("\(error)")
        }
    }
}
