import Campus
import Console
import Definitions
import Evidence
import Judging
import Logging
import Rules

/// Takes over a changed configuration, or keeps the old one and says what is wrong with the new.
struct Reloading: Sendable {
    let parts: AgentParts
    let notifier: SystemdNotifier?
    let logger: Logger

    func reload() async {
        notifier?.tellReloading()
        defer { notifier?.tell("READY=1") }
        let (settings, found) = AgentSettings.load(path: parts.settings.file)
        let problems = Problems()
        for problem in found { problems.add(problem) }
        let definitions = AgentDefinitions.load(settings, problems: problems)
        definitions.judging.check(against: parts.store, problems: problems)
        guard problems.isEmpty else {
            for problem in problems.all { logger.error("configuration: \(problem)") }
            logger.error(
                "configuration not taken over: the agent goes on with the old one",
                metadata: ["problems": "\(problems.all.count)"])
            return
        }
        do {
            let declaration = try Declaration(settings, store: parts.store)
            await parts.take(settings, declaration, definitions)
            tellWhatNeedsRestart(settings)
            logger.notice(
                "configuration taken over",
                metadata: ["devices": "\(settings.devices.count)", "rules": "\(definitions.judging.rules.rules.count)"])
        } catch {
            logger.error("configuration not taken over", metadata: ["error": "\(error)"])
        }
    }

    /// Some settings belong to what is open since the start.
    private func tellWhatNeedsRestart(_ settings: AgentSettings) {
        let old = parts.settings
        let pairs: [(String, Bool)] = [
            ("store", settings.storeDirectory != old.storeDirectory || settings.evidence != old.evidence),
            (
                "listen",
                settings.console?.host != old.console?.host || settings.console?.port != old.console?.port
                    || settings.traps != old.traps
            ),
            ("alerts.log", settings.alertLogPath != old.alertLogPath), ("site", settings.site != old.site),
            ("polling", settings.polling != old.polling), ("log.level", settings.logLevel != old.logLevel),
        ]
        for (key, isChanged) in pairs where isChanged {
            logger.warning("a change waits for a restart", metadata: ["key": "\(key)"])
        }
    }
}
