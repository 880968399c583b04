import Foundation
import Glibc

/// A program that runs beside the test and is killed with it.
///
/// By posix_spawn: Foundation's Process waits for ever when several children run at one time, as each inherits the descriptor by
/// which it would notice the end of another, and hands its signal mask on, so that SIGTERM does not end them.
package final class ChildProcess {
    private var identifier: pid_t = 0
    /// The exit status, or 128 and the signal that ended it; nil while it runs.
    package private(set) var status: Int32?

    /// Starts with standard input on /dev/null and what it prints in `output`; nil when the program cannot be started.
    ///
    /// - Parameter environment: `NAME=value`, beside what this process has.
    package init?(_ path: String, _ arguments: [String], environment: [String] = [], output: String = "/dev/null") {
        let inherited = ProcessInfo.processInfo.environment.map { "\($0)=\($1)" }
        let words = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
        // The first of two equal names counts.
        let settings = unsafe (environment + inherited).map { unsafe strdup($0) } + [nil]
        defer { unsafe (words + settings).forEach { unsafe free($0) } }
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        unsafe sigemptyset(&none)
        var all = sigset_t()
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        guard unsafe posix_spawnp(&identifier, path, &actions, &attributes, words, settings) == 0 else { return nil }
    }

    /// Waits for its own end.
    @discardableResult
    package func wait() -> Int32 {
        if let status { return status }
        var raw: Int32 = 0
        while unsafe waitpid(identifier, &raw, 0) < 0, errno == EINTR {}
        let signal = raw & 0x7f
        let result = signal == 0 ? raw >> 8 & 0xff : 128 + signal
        status = result
        return result
    }

    package func send(_ signal: Int32) {
        if status == nil { kill(identifier, signal) }
    }

    /// Ends it at once.
    package func stop() {
        send(SIGKILL)
        wait()
    }

    deinit { stop() }

    /// Runs `command` to its end; what it printed, and its status (127 when it cannot be started).
    package static func run(_ command: [String], environment: [String] = []) -> (status: Int32, output: String) {
        let file = FileManager.default.temporaryDirectory.appending(path: "campanile-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        guard let program = command.first,
            let child = ChildProcess(program, Array(command.dropFirst()), environment: environment, output: file)
        else { return (127, "cannot be started") }
        let status = child.wait()
        return (status, String(decoding: FileManager.default.contents(atPath: file) ?? Data(), as: UTF8.self))
    }
}
