import Campus
import Capture
import Evidence
import Logging
import Polling
import Probes
import ServiceLifecycle
import Synchronization

/// Sweeps the ranges of `discovery` once a day and writes down what is new, gone or moved.
final class Rediscovery: Service {
    private let store: EvidenceStore
    private let logger: Logger
    private let current: Mutex<(settings: AgentSettings, library: ProbeLibrary)>

    /// Devices are polled first; a sweep can wait.
    private static let delay = Duration.seconds(60)

    init(settings: AgentSettings, library: ProbeLibrary, store: EvidenceStore, logger: Logger) {
        self.store = store
        self.logger = logger
        current = Mutex((settings, library))
    }

    /// Goes on with other ranges and definitions.
    func change(to settings: AgentSettings, library: ProbeLibrary) { current.withLock { $0 = (settings, library) } }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var wait = Self.delay
            while !Task.isCancelled {
                try? await Task.sleep(for: wait)
                guard !Task.isCancelled else { return }
                let (settings, library) = self.current.withLock { $0 }
                await self.sweepWhenDue(settings, library)
                wait = min(Self.delay, settings.discovery.every)
            }
        }
    }

    @concurrent private func sweepWhenDue(_ settings: AgentSettings, _ library: ProbeLibrary) async {
        let now = WallClock.now
        guard !settings.discovery.ranges.isEmpty else { return }
        do {
            // A clock that stepped back is no reason to wait.
            if let last = try store.lastDiscovery(of: settings.discovery.ranges.map(\.description)), now >= last,
                now.since(last) < settings.discovery.every
            {
                return
            }
            let discovery = await Discovery.run(settings, library: library, known: try store.knownDevices())
            guard !Task.isCancelled else { return }
            try discovery.record(store, settings, at: now)
            logger.notice(
                "ranges swept",
                metadata: [
                    "addresses": "\(discovery.result.progress.asked)", "devices": "\(discovery.devices.count)",
                    "new": "\(discovery.additions.count)", "silent": "\(discovery.unanswered.count)",
                ])
            for note in discovery.notes.prefix(20) { logger.warning("sweep", metadata: ["note": "\(note)"]) }
        } catch {
            logger.error("ranges not swept", metadata: ["error": "\(error)"])
        }
    }
}
