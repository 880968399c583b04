import Campus
import Evidence
import Judging
import Logging
import ServiceLifecycle

extension AgentParts {
    static func pollers(
        _ settings: AgentSettings, _ declaration: Declaration, _ definitions: AgentDefinitions, _ store: EvidenceStore, _ logger: Logger
    ) -> [any Service] {
        []
    }

    /// Goes on with other devices, rules and captures.
    func take(_ settings: AgentSettings, _ declaration: Declaration, _ definitions: AgentDefinitions) async {
        await judge.reload(definitions.judging)
        captures.change(to: settings.sampling(definitions))
    }
}
