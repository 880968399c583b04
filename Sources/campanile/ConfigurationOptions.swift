import Agent
import ArgumentParser
import Definitions
import Evidence
import Foundation
import Logging
import Reporting

/// `--config FILE`, and what commands make of it.
struct ConfigurationOptions: ParsableArguments {
    @Option(name: .long, help: "The configuration; else $CAMPANILE_CONFIG, else \(AgentSettings.standardPath).")
    var config: String?

    var path: String {
        config ?? ProcessInfo.processInfo.environment["CAMPANILE_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
            ?? AgentSettings.standardPath
    }

    /// The settings, or every mistake on standard error and an end with status 3.
    func settings(_ secrets: AgentSettings.Secrets) throws -> AgentSettings {
        let (settings, problems) = AgentSettings.load(path: path, secrets: secrets)
        guard problems.isEmpty else {
            for problem in problems { Terminal.complain("\(problem)") }
            throw CommandFailure.cannotRun(
                "\(path): \(Figures.several(problems.count, "mistake")) in the configuration: correct and try again")
        }
        return settings
    }

    /// The settings with all probes and rules.
    func everything(_ secrets: AgentSettings.Secrets) throws -> (settings: AgentSettings, definitions: AgentDefinitions) {
        let settings = try settings(secrets)
        let problems = Problems()
        let definitions = AgentDefinitions.load(settings, problems: problems)
        guard problems.isEmpty else {
            for problem in problems.all { Terminal.complain("\(problem)") }
            throw CommandFailure.cannotRun("definitions: \(Figures.several(problems.all.count, "mistake")): run campanile check")
        }
        return (settings, definitions)
    }

    /// The store, for reading beside a daemon that runs.
    func store(_ settings: AgentSettings) throws -> EvidenceStore {
        let folder = settings.storeDirectory
        if FileManager.default.fileExists(atPath: folder), !FileManager.default.isExecutableFile(atPath: folder) {
            throw CommandFailure.cannotRun("\(folder): this user may not enter the folder: run as the daemon's user or root")
        }
        guard FileManager.default.fileExists(atPath: settings.databasePath) else {
            throw CommandFailure.cannotRun(
                "\(settings.databasePath): there is no evidence yet: start the daemon, or set store.path")
        }
        return try EvidenceStore.openReadOnly(path: settings.databasePath, logger: Log.quiet)
    }
}

/// Loggers of commands: what a command has to say it prints itself.
enum Log {
    static let quiet = Logger(label: "campanile", factory: { _ in SwiftLogNoOpLogHandler() })

    /// The daemon's log on standard error.
    static func daemon(_ level: Logger.Level) -> Logger {
        let isJournal = ProcessInfo.processInfo.environment["JOURNAL_STREAM"] != nil
        var logger = Logger(label: "campanile", factory: { LineLog(label: $0, isJournal: isJournal) })
        logger.logLevel = level
        return logger
    }
}
