import Campus
import Evidence
package import Logging
package import Polling

/// One round over every device without a daemon: declare, poll, store.
package enum PollRound {
    package static func run(_ settings: AgentSettings, _ definitions: AgentDefinitions, logger: Logger) async throws
        -> PollSummary
    {
        try AgentParts.makeFolder(settings.storeDirectory)
        let store = try EvidenceStore(path: settings.databasePath, settings: settings.evidence, logger: logger)
        let declaration = try Declaration(settings, store: store)
        let poller = Poller(
            settings: settings.pollingSettings, devices: declaration.polled(settings), library: definitions.probes, store: store,
            logger: logger)
        let summary = await poller.pollOnce()
        try store.close()
        return summary
    }
}
