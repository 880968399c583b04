package import Campus
package import Logging

/// Polls many SNMP agents from one thread; reads only, never sets.
package final class SNMPEngine: Sendable {
    private let settings: SNMPSettings
    private let logger: Logger

    package init(settings: SNMPSettings = SNMPSettings(), logger: Logger) {
        self.settings = settings
        self.logger = logger
    }

    /// Asks `target` for all `requests` in order, one datagram in flight, and answers when all came or the agent is given up.
    package func poll(_ target: SNMPTarget, _ requests: [TableRequest]) async -> SNMPAnswer {
        SNMPAnswer(requestCount: requests.count, outcome: .cancelled)
    }

    /// Ends every poll as `cancelled` and closes every socket; returns when the thread has gone.
    package func shutdown() {}
}
