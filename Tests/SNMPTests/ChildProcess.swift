import Glibc

/// A program that runs beside the test and is killed with it.
///
/// By posix_spawn: Foundation's Process waits for ever when several children run at one time, as each inherits the descriptor by
/// which it would notice the end of another.
final class ChildProcess {
    private var identifier: pid_t = 0

    /// Starts with standard streams on /dev/null; false when the program cannot be started.
    init?(_ path: String, _ arguments: [String], environment: [String] = []) {
        let words = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
        let settings = unsafe environment.map { unsafe strdup($0) } + [nil]
        defer { unsafe (words + settings).forEach { unsafe free($0) } }
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        for stream in 0...2 as ClosedRange<Int32> {
            unsafe posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_RDWR, 0)
        }
        guard unsafe posix_spawn(&identifier, path, &actions, nil, words, settings) == 0 else { return nil }
    }

    /// Waits for its own end and says whether it was a good one.
    func finish() -> Bool {
        var status: Int32 = 0
        let isDone = unsafe waitpid(identifier, &status, 0) == identifier
        identifier = 0
        return isDone && status == 0
    }

    func stop() {
        guard identifier != 0 else { return }
        kill(identifier, SIGKILL)
        _ = finish()
    }

    deinit { stop() }
}
