import Campus
import Capture
import Console
import Definitions
import Evidence
import Foundation
import Judging
package import Logging
import Notify
import Polling
import Sampling
import ServiceLifecycle
import UnixSignals

/// The daemon: every part built by hand, in one service group.
package final class Agent: Sendable {
    private let parts: AgentParts
    private let logger: Logger
    private let notifier: SystemdNotifier?
    private let say: @Sendable (String) -> Void

    /// Builds the agent, opens its store and repairs its alert log; says what stands in the way.
    ///
    /// `say` is given one line a minute.
    package init(
        settings: AgentSettings, definitions: AgentDefinitions, logger: Logger,
        environment: [String: String] = ProcessInfo.processInfo.environment, say: @escaping @Sendable (String) -> Void
    ) throws {
        self.logger = logger
        self.say = say
        notifier = SystemdNotifier(environment: environment)
        parts = try AgentParts(
            settings: settings, definitions: definitions, sockets: ActivatedSockets(environment: environment), logger: logger)
    }

    /// The port of the console once it listens.
    package var consolePort: Int? { parts.console?.listeningPort }

    /// Runs until SIGTERM or SIGINT (or, in a test, until cancelled), then stores what is left and returns.
    package func run() async throws {
        let reloading = Reloading(parts: parts, notifier: notifier, logger: logger)
        let herald = Herald(
            notifier: notifier, vitals: parts.vitals, lastResort: LastResort(logger: logger), logger: logger, say: say)
        // In the order they start; they stop in the reverse one, so that the store is there for everybody's last words.
        let services: [any Service] =
            [
                parts.keeper, parts.judge, parts.poller, parts.cartographer, parts.rediscovery, parts.captures,
                VitalsService(vitals: parts.vitals),
            ]
            + (parts.traps.map { [$0] } ?? []) + (parts.console.map { [$0] } ?? []) + [
                Reloader { await reloading.reload() }, herald,
            ]
        var configuration = ServiceGroupConfiguration(
            services: services.map {
                .init(service: $0, successTerminationBehavior: .ignore, failureTerminationBehavior: .gracefullyShutdownGroup)
            },
            gracefulShutdownSignals: [.sigterm, .sigint], logger: Agent.quiet(logger))
        configuration.maximumGracefulShutdownDuration = .seconds(3)
        try await ServiceGroup(configuration: configuration).run()
        try parts.store.close()
        logger.notice("agent stopped")
    }

    /// The group's own steps are for whoever debugs it.
    private static func quiet(_ logger: Logger) -> Logger {
        var logger = logger
        if logger.logLevel > .debug { logger.logLevel = .warning }
        return logger
    }
}
