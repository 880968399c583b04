import Dispatch

/// Runs what reads the store for a while, one after the other, on a thread of its own: the cooperative pool has as many threads
/// as the machine has cores, and two readers of a large page would hold up every poll.
struct ReadingQueue: Sendable {
    private let queue = DispatchQueue(label: "campanile.console")

    func run<Answer: Sendable>(_ body: @escaping @Sendable () -> Answer) async -> Answer {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: body()) }
        }
    }
}
