import Campus
import Foundation
import Logging

/// Ends the process when an orderly stop takes too long: a query over weeks, a disk that does not answer.
///
/// SIGTERM promises an end within five seconds. What is committed is on the disk by then, and what is not would be lost to
/// systemd's SIGKILL as well.
struct LastResort: Sendable {
    let logger: Logger
    var patience: Duration = .milliseconds(4300)

    func arm() {
        Thread.detachNewThread {
            Thread.sleep(forTimeInterval: patience.inSeconds)
            logger.warning("stopping took too long: the agent ends now")
            _exit(0)
        }
    }
}
