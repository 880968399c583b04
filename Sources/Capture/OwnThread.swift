private import Glibc

/// Runs blocking work on a thread of its own, never on the cooperative pool's.
package enum OwnThread {
    /// Returns when `body` has returned. Cancellation does not reach `body`: tell it to stop in its own way.
    package static func run(named name: String, _ body: @escaping @Sendable () -> Void) async throws(CaptureError) {
        let code = await withCheckedContinuation { (continuation: CheckedContinuation<Int32, Never>) in
            let code = start(name) {
                body()
                continuation.resume(returning: 0)
            }
            if code != 0 { continuation.resume(returning: code) }
        }
        if code != 0 { throw .failed(source: "thread \(name)", reason: "pthread_create failed with error \(code)") }
    }

    private static func start(_ name: String, _ body: @escaping @Sendable () -> Void) -> Int32 {
        let start = UnsafeMutablePointer<ThreadStart>.allocate(capacity: 1)
        unsafe start.initialize(to: ThreadStart(name: name, body: body))
        var thread = pthread_t()
        let code = unsafe pthread_create(&thread, nil, threadMain, start)
        if code != 0 {
            unsafe start.deinitialize(count: 1)
            unsafe start.deallocate()
        } else {
            pthread_detach(thread)
        }
        return code
    }
}

private struct ThreadStart {
    let name: String
    let body: @Sendable () -> Void
}

@c private func threadMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let pointer = unsafe argument?.assumingMemoryBound(to: ThreadStart.self) else { return nil }
    let start = unsafe pointer.move()
    unsafe pointer.deallocate()
    nameThisThread(start.name)
    start.body()
    return nil
}

/// What `top -H` shows; the kernel keeps 15 bytes.
private func nameThisThread(_ name: String) {
    let file = unsafe open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    let bytes = Array(name.utf8.prefix(15))
    _ = unsafe write(file, bytes, bytes.count)
    close(file)
}
