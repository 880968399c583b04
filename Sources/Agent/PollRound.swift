import Campus
import Evidence
package import Logging
package import Polling

/// Rounds over every device without a daemon: declare, poll, store, draw the map.
package enum PollRound {
    /// Polls with one poller, `rounds` times and without a pause: the first round in full, from then on what changes.
    ///
    /// `tell` hears of each round, counted from 1, as it ends.
    package static func run(
        _ settings: AgentSettings, _ definitions: AgentDefinitions, rounds: Int, logger: Logger,
        tell: (Int, PollSummary) -> Void
    ) async throws {
        try AgentParts.makeFolder(settings.storeDirectory)
        let store = try EvidenceStore(path: settings.databasePath, settings: settings.evidence, logger: logger)
        let declaration = try Declaration(settings, store: store)
        let poller = Poller(
            settings: settings.pollingSettings, devices: declaration.polled(settings), library: definitions.probes, store: store,
            logger: logger)
        for round in 1...max(1, rounds) { tell(round, await poller.pollOnce()) }
        try Cartographer(store: store, settings: settings.survey, logger: logger, viewpoint: { Surroundings.viewpoint() }).draw()
        try store.close()
    }
}
