import Foundation
import Glibc

/// Keeps a second daemon from the store for as long as this process lives (flock(2)); a kill frees it.
final class StoreLock: Sendable {
    private let descriptor: Int32

    /// Fails when another daemon has the folder, or when nothing can be written there.
    init(folder: String) throws {
        let path = folder + "/campanile.lock"
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else {
            throw AgentError(
                thing: path, reason: "cannot be written: \(unsafe String(cString: strerror(errno)))",
                remedy: "let the daemon's user write there")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw AgentError(
                thing: folder, reason: "another daemon watches with this store",
                remedy: "stop it first, or set another store.path")
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }
}
