import Campus
import Capture
import Evidence
import Logging
import Sampling
import ServiceLifecycle
import Synchronization
import Traffic

/// The captures that the configuration names, each its own service; a reload stops and starts only those that changed.
final class Captures: Service {
    private struct Running {
        let settings: SamplingSettings
        let service: CaptureService
        let task: Task<Void, Never>
    }

    private let store: EvidenceStore
    private let logger: Logger
    private let onObservations: @Sendable ([Observation]) -> Void
    private let running = Mutex<[String: Running]>([:])
    /// What could not even start, by interface: it is part of the agent's health.
    private let refused = Mutex<[String: String]>([:])
    private let wishes: AsyncStream<[SamplingSettings]>
    private let wish: AsyncStream<[SamplingSettings]>.Continuation

    init(store: EvidenceStore, logger: Logger, onObservations: @escaping @Sendable ([Observation]) -> Void) {
        self.store = store
        self.logger = logger
        self.onObservations = onObservations
        (wishes, wish) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Captures these from now on and nothing else.
    func change(to settings: [SamplingSettings]) { wish.yield(settings) }

    /// How each capture stands, by interface.
    var reports: [(interface: String, report: CaptureReport)] {
        running.withLock { $0.map { ($0.key, $0.value.service.report) } }.sorted { $0.0 < $1.0 }
    }

    /// Why a capture could not start, by interface.
    var refusals: [(interface: String, reason: String)] {
        refused.withLock { $0.map { ($0.key, $0.value) } }.sorted { $0.0 < $1.0 }
    }

    func run() async throws {
        for await settings in wishes.cancelOnGracefulShutdown() {
            await stop(unless: { running in settings.contains(running) })
            for one in settings where running.withLock({ $0[one.interface] == nil }) { start(one) }
        }
        await stop(unless: { _ in false })
    }

    private func start(_ settings: SamplingSettings) {
        do {
            let service = try CaptureService(settings: settings, store: store, logger: logger, onObservations: onObservations)
            refused.withLock { $0[settings.interface] = nil }
            let task = Task { [logger] in
                do {
                    try await service.run()
                } catch {
                    logger.error("capture ended", metadata: ["interface": "\(settings.interface)", "error": "\(error)"])
                }
            }
            running.withLock { $0[settings.interface] = Running(settings: settings, service: service, task: task) }
        } catch {
            refused.withLock { $0[settings.interface] = "\(error)" }
            logger.error("capture cannot start", metadata: ["interface": "\(settings.interface)", "error": "\(error)"])
        }
    }

    /// Stops all at once, then waits for each to have stored what it holds.
    private func stop(unless stays: (SamplingSettings) -> Bool) async {
        let leaving = running.withLock { running in
            let leaving = running.filter { !stays($0.value.settings) }
            for name in leaving.keys { running[name] = nil }
            return leaving
        }
        for one in leaving.values { one.task.cancel() }
        for one in leaving.values { await one.task.value }
    }
}
