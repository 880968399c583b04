import Campus
package import Evidence
package import Logging
import ServiceLifecycle
package import Topology

/// Draws the map of the campus from stored reports, anew when new ones came, and stores it.
package struct Cartographer: Service {
    private let store: EvidenceStore
    private let settings: SurveySettings
    private let viewpoint: @Sendable () -> Viewpoint
    private let logger: Logger
    private let clock: PollingClock

    /// How often it looks for new reports.
    private static let tick = Duration.seconds(5)
    /// Drawing takes a hundredth of the time at the most.
    private static let pause = 100

    package init(
        store: EvidenceStore, settings: SurveySettings, logger: Logger, clock: PollingClock = .system(),
        viewpoint: @escaping @Sendable () -> Viewpoint
    ) {
        self.store = store
        self.settings = settings
        self.logger = logger
        self.clock = clock
        self.viewpoint = viewpoint
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown { await watch() }
    }

    @concurrent private func watch() async {
        var drawn: Timestamp?
        var seen: Timestamp?
        var notBefore: Duration = .zero
        while !Task.isCancelled {
            try? await clock.sleep(Self.tick)
            guard !Task.isCancelled, let newest = try? store.newestReport(), newest != drawn else { continue }
            // A round of full polls is let come to its end, unless that takes long.
            defer { seen = newest }
            guard clock.elapsed() >= notBefore, seen == newest || clock.elapsed() >= notBefore + Self.tick * 12 else { continue }
            let start = clock.elapsed()
            do {
                try draw()
                drawn = newest
            } catch {
                logger.error("map not drawn", metadata: ["error": "\(error)"])
            }
            notBefore = clock.elapsed() + (clock.elapsed() - start) * Self.pause
        }
    }

    /// Draws once, from what is stored now.
    package func draw() throws {
        let devices = try store.topologyReports().map {
            SurveyedDevice(id: $0.id, name: $0.name, address: $0.address, report: $0.report, at: $0.at)
        }
        guard !devices.isEmpty else { return }
        let map = CampusMap(devices, from: viewpoint(), settings: settings)
        try store.record(map, at: clock.now())
        logger.debug(
            "map drawn",
            metadata: ["devices": "\(devices.count)", "links": "\(map.links.count)", "addresses": "\(map.hosts.count)"])
    }
}
