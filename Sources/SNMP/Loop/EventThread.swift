import Glibc
import Synchronization

/// What runs on an `EventThread`; made there, used there, freed there, so that it needs no lock.
protocol EventCore: AnyObject, SendableMetatype {
    associatedtype Command: Sendable

    /// A value that another thread posted.
    func receive(_ command: Command)
    /// A descriptor of `interests` is ready.
    func ready(_ descriptor: Int32)
    /// Does what is due and says when something is due next, in nanoseconds of the monotonic clock.
    func advance(now: UInt64) -> UInt64?
    /// Descriptors to watch that were opened since the last call.
    func takeInterests() -> [Interest]
    /// The last call: answers whatever still waits.
    func stop()
}

/// A descriptor that a core wants to be told of, until it closes it.
struct Interest {
    var descriptor: Int32
    var readiness: Epoll.Readiness
}

/// A thread of its own around one epoll loop, so that blocking C and busy sockets never hold a thread of Swift's pool.
final class EventThread<Core: EventCore>: Sendable {
    private let mailbox: Mailbox<Core.Command>

    init(_ makeCore: @escaping @Sendable () -> Core) {
        let mailbox = Mailbox<Core.Command>()
        self.mailbox = mailbox
        startThread {
            run(makeCore(), mailbox)
        }
    }

    deinit { stop() }

    /// Hands a command over; false when the thread has stopped and nobody will read it.
    func post(_ command: Core.Command) -> Bool { mailbox.post(command) }

    /// Ends the loop and returns when it has ended.
    func stop() { mailbox.stop() }
}

/// The commands on their way to the loop.
private final class Mailbox<Command: Sendable>: Sendable {
    private struct State {
        var commands: [Command] = []
        var isStopping = false
    }

    private let state = Mutex(State())
    private let hasEnded = Mutex(false)
    let bell = Bell()

    func post(_ command: Command) -> Bool {
        let (accepted, wasEmpty) = state.withLock { state in
            guard !state.isStopping else { return (false, false) }
            state.commands.append(command)
            return (true, state.commands.count == 1)
        }
        if wasEmpty { bell.ring() }
        return accepted
    }

    func take() -> (commands: [Command], isStopping: Bool) {
        state.withLock { state in
            defer { state.commands = [] }
            return (state.commands, state.isStopping)
        }
    }

    func end() { hasEnded.withLock { $0 = true } }

    func stop() {
        state.withLock { $0.isStopping = true }
        bell.ring()
        while !hasEnded.withLock({ $0 }) { usleep(500) }
    }
}

private func run<Core: EventCore>(_ core: Core, _ mailbox: Mailbox<Core.Command>) {
    var epoll = Epoll(bell: mailbox.bell)
    while true {
        let now = monotonicNanoseconds()
        let due = core.advance(now: now)
        for interest in core.takeInterests() {
            epoll.watch(interest.descriptor, interest.readiness)
        }
        epoll.wait(milliseconds: wait(until: due, now: now)) { descriptor in
            if descriptor == mailbox.bell.descriptor {
                mailbox.bell.answer()
            } else {
                core.ready(descriptor)
            }
        }
        let (commands, isStopping) = mailbox.take()
        for command in commands { core.receive(command) }
        if isStopping {
            core.stop()
            mailbox.end()
            return
        }
    }
}

/// Milliseconds to wait, rounded up so that nothing is found not yet due; -1 when nothing is due ever.
private func wait(until due: UInt64?, now: UInt64) -> Int32 {
    guard let due else { return -1 }
    guard due > now else { return 0 }
    return Int32(clamping: (due - now + 999_999) / 1_000_000)
}

/// CLOCK_MONOTONIC in nanoseconds.
func monotonicNanoseconds() -> UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
}

private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void

    init(run: @escaping @Sendable () -> Void) { self.run = run }
}

private func startThread(_ run: @escaping @Sendable () -> Void) {
    let body = unsafe Unmanaged.passRetained(ThreadBody(run: run))
    var thread = pthread_t()
    let failure = unsafe pthread_create(&thread, nil, enterThread, body.toOpaque())
    guard failure == 0 else {
        unsafe body.release()
        preconditionFailure("no thread could be started (error \(failure)): raise the limit on tasks (systemd: TasksMax)")
    }
    pthread_detach(thread)
}

@c private func enterThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument = unsafe argument else { return nil }
    let body = unsafe Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue()
    body.run()
    return nil
}
