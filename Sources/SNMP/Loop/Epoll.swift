import CNetSNMP
import Glibc

/// A Linux epoll instance with an eventfd in it that other threads ring.
@safe struct Epoll: ~Copyable {
    private let descriptor: Int32
    private var events: [epoll_event]

    /// How many descriptors one `wait` reports at most.
    private static let batch = 256

    init(bell: borrowing Bell) {
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        unsafe events = Array(repeating: epoll_event(), count: Self.batch)
        watch(bell.descriptor, .read)
    }

    deinit { close(descriptor) }

    enum Readiness {
        case read, write
    }

    /// Reports `target` from now on until it is closed, which takes it out by itself.
    func watch(_ target: Int32, _ readiness: Readiness) {
        let interest = readiness == .read ? EPOLLIN : EPOLLOUT
        var event = unsafe epoll_event(events: interest.rawValue, data: epoll_data_t(fd: target))
        _ = unsafe epoll_ctl(descriptor, EPOLL_CTL_ADD, target, &event)
    }

    /// Waits until something happens or `milliseconds` have passed (-1: for ever), then hands each ready descriptor over.
    mutating func wait(milliseconds: Int32, _ body: (_ descriptor: Int32) -> Void) {
        let count = unsafe epoll_wait(descriptor, &events, Int32(Self.batch), milliseconds)
        guard count > 0 else { return }
        for index in 0..<Int(count) { unsafe body(events[index].data.fd) }
    }
}

/// An eventfd: rung from any thread, answered by the one that polls it.
struct Bell: ~Copyable, Sendable {
    let descriptor: Int32

    init() { descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK)) }

    deinit { close(descriptor) }

    func ring() {
        var one: UInt64 = 1
        _ = unsafe write(descriptor, &one, 8)
    }

    func answer() {
        var count: UInt64 = 0
        _ = unsafe read(descriptor, &count, 8)
    }
}
