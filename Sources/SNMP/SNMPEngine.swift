package import Campus
package import Logging
import Synchronization

/// Polls many SNMP agents from one thread; reads only, never sets.
package final class SNMPEngine: Sendable {
    private let thread: EventThread<EngineCore>
    private let nextID = Atomic<UInt64>(0)

    package init(settings: SNMPSettings = SNMPSettings(), logger: Logger) {
        thread = EventThread { EngineCore(settings: settings, logger: logger) }
    }

    /// Asks `target` for all `requests` in order, one datagram in flight, and answers when all came or the agent is given up.
    ///
    /// Polls of the same target wait for each other; polls of different targets never do.
    package func poll(_ target: SNMPTarget, _ requests: [TableRequest]) async -> SNMPAnswer {
        let id = nextID.add(1, ordering: .relaxed).newValue
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let poll = PendingPoll(id: id, target: target, requests: requests, continuation: continuation)
                if Task.isCancelled || !thread.post(.poll(poll)) {
                    continuation.resume(returning: .empty(poll, .cancelled))
                }
            }
        } onCancel: {
            _ = thread.post(.cancel(id, target))
        }
    }

    /// Ends every poll as `cancelled` and closes every socket; returns when the thread has gone.
    package func shutdown() { thread.stop() }
}
