import Dispatch

/// Runs an actor whose work blocks (queries) on a serial queue of its own, so that it never holds a thread of the
/// cooperative pool, which has as many threads as the machine has cores.
final class BlockingQueue: SerialExecutor {
    private let queue: DispatchQueue

    init(_ label: String) { queue = DispatchQueue(label: label) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
