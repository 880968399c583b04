package import Evidence
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// Serves the console until it is asked to stop.
package final class ConsoleService: Service {
    private let settings: ConsoleSettings
    private let responder: ConsoleResponder
    private let logger: Logger
    private let port = Mutex<Int?>(nil)

    package init(settings: ConsoleSettings, store: EvidenceStore, titles: ConsoleTitles, sources: ConsoleSources, logger: Logger)
    {
        self.settings = settings
        self.logger = logger
        responder = ConsoleResponder(settings: settings, store: store, titles: titles, sources: sources)
    }

    /// The port that is listened on; nil before that.
    package var listeningPort: Int? { port.withLock { $0 } }

    /// A port that is taken is no reason to stop polling: it is said, and tried again until it is free.
    package func run() async throws {
        var isReported = false
        while !Task.isCancelled {
            do {
                return try await serve()
            } catch {
                if !isReported {
                    logger.error(
                        "console cannot listen",
                        metadata: [
                            "address": "\(settings.host):\(settings.port)", "reason": "\(error)",
                            "remedy": "free the port or set listen.console",
                        ])
                }
                isReported = true
                try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(5)) }
                if Task.isShuttingDownGracefully { return }
            }
        }
    }

    private func serve() async throws {
        // The server's own steps are for whoever debugs it.
        var serverLogger = logger
        if logger.logLevel > .debug { serverLogger.logLevel = .warning }
        let application = Application(
            responder: responder,
            server: .http1(
                configuration: .init(
                    idleTimeout: .seconds(settings.idleTimeout.components.seconds),
                    httpDecoderConfiguration: .init(maxHeaderFieldSize: 8192, maxHeaderListSize: 16_384, maxHeaderFieldCount: 64))
            ),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: Int(settings.port)), serverName: "campanile", backlog: 64,
                availableConnectionsDelegate: MaximumAvailableConnections(settings.maximumConnections, logger: logger)),
            onServerRunning: { [self] channel in
                let bound = channel.localAddress?.port ?? Int(settings.port)
                port.withLock { $0 = bound }
                logger.info("console listens", metadata: ["address": "\(settings.host):\(bound)"])
            },
            logger: serverLogger)
        try await application.run()
    }
}
