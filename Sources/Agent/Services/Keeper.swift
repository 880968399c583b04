import Campus
import Capture
import Evidence
import Glibc
import Logging
import Notify
import ServiceLifecycle
import Synchronization

/// Keeps the store: the agent's heart beat, closing of finished hours, and the alert log's repair after a full disk.
///
/// It is the first to start and the last to stop, so that whatever others store on their way out is still flushed.
final class Keeper: Service {
    private let store: EvidenceStore
    private let alertLog: AlertLog
    private let interval: Duration
    private let logger: Logger
    private let isStopping = Atomic(false)
    private let state = Mutex(State())

    struct State {
        var lastBeat: Timestamp?
        /// The newest trouble with the store; nil when the last beat was stored.
        var problem: String?
    }

    init(store: EvidenceStore, alertLog: AlertLog, interval: Duration, logger: Logger) {
        self.store = store
        self.alertLog = alertLog
        self.interval = interval
        self.logger = logger
    }

    /// How the store is, as of the last beat.
    var health: State { state.withLock { $0 } }

    func run() async throws {
        await withTaskCancellationOrGracefulShutdownHandler {
            do throws(CaptureError) {
                try await OwnThread.run(named: "keeper") { self.keep() }
            } catch {
                logger.error("store is not kept", metadata: ["error": "\(error)"])
            }
        } onCancelOrGracefulShutdown: {
            self.isStopping.store(true, ordering: .releasing)
        }
        do {
            try store.flush()
        } catch {
            logger.error("cannot flush the store", metadata: ["error": "\(error)"])
        }
    }

    private func keep() {
        var nextBeat = ContinuousClock.now
        var hasMore = false
        while !isStopping.load(ordering: .acquiring) {
            if ContinuousClock.now >= nextBeat {
                nextBeat = ContinuousClock.now + interval
                beat()
                hasMore = true
            }
            if hasMore { hasMore = maintain() }
            usleep(hasMore ? 20_000 : 200_000)
        }
    }

    private func beat() {
        let now = WallClock.now
        do {
            try store.beat(at: now)
            tell(nil)
            state.withLock { $0.lastBeat = now }
            alertLog.project()
        } catch {
            tell("\(error)")
        }
    }

    /// Whether more waits.
    private func maintain() -> Bool {
        do {
            return try store.maintain(now: WallClock.now)
        } catch {
            tell("\(error)")
            return false
        }
    }

    /// Says a trouble once when it comes and once when it goes, not at every beat.
    private func tell(_ problem: String?) {
        let before = state.withLock { state in
            defer { state.problem = problem }
            return state.problem
        }
        guard before != problem else { return }
        if let problem {
            logger.error("store does not take evidence", metadata: ["error": "\(problem)"])
        } else {
            logger.notice("store takes evidence again")
        }
    }
}
