import ServiceLifecycle
import UnixSignals

/// Hears SIGHUP and has the configuration read anew.
struct Reloader: Service {
    let reload: @Sendable () async -> Void

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        for await _ in signals.cancelOnGracefulShutdown() { await reload() }
    }
}
