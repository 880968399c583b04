package import Campus
import Evidence
package import Logging

/// The store of a sweep that a person began, beside a daemon or without one.
package enum DiscoveryStore {
    package static func record(_ discovery: Discovery, _ settings: AgentSettings, at: Timestamp, logger: Logger) throws {
        try AgentParts.makeFolder(settings.storeDirectory)
        let store = try EvidenceStore(path: settings.databasePath, settings: settings.evidence, logger: logger)
        try discovery.record(store, settings, at: at)
        try store.close()
    }
}
