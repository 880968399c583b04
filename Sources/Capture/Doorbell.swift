private import Glibc

/// Wakes one sleeping thread from another: a pipe, for threads that also sleep on a socket.
package struct Doorbell: ~Copyable, Sendable {
    private let readEnd: Int32
    private let writeEnd: Int32

    package init() throws(CaptureError) {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else {
            throw .failed(source: "pipe", reason: "error \(errno), too many open files")
        }
        readEnd = ends[0]
        writeEnd = ends[1]
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    /// Wakes who sleeps now, or else who sleeps next. A full pipe means that it has been rung already.
    package func ring() {
        var one: UInt8 = 1
        _ = unsafe write(writeEnd, &one, 1)
    }

    /// Sleeps until the bell rings or `milliseconds` have passed.
    package func wait(milliseconds: Int32) { wait(orDescriptor: -1, milliseconds: milliseconds) }

    /// Sleeps until the bell rings, `other` can be read, or `milliseconds` have passed. A negative `other` is left out.
    func wait(orDescriptor other: Int32, milliseconds: Int32) {
        var watched = [
            pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0), pollfd(fd: other, events: Int16(POLLIN), revents: 0),
        ]
        _ = unsafe poll(&watched, 2, milliseconds)
        if watched[0].revents != 0 { clear() }
    }

    private func clear() {
        var bytes = [UInt8](repeating: 0, count: 64)
        while unsafe read(readEnd, &bytes, bytes.count) == bytes.count {}
    }
}
