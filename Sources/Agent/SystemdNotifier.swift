import Capture
import Foundation

/// Tells systemd how the daemon is (sd_notify(3)): a datagram to `$NOTIFY_SOCKET`, which may fail without harm.
package final class SystemdNotifier: Sendable {
    private let socket: Int32
    /// A path, or with a leading `@` a name in the abstract namespace (unix(7)).
    private let address: [UInt8]
    /// How often systemd wants a sign of life (`$WATCHDOG_USEC`); nil when it does not.
    package let watchdogInterval: Duration?

    /// nil where systemd did not start us.
    package init?(environment: [String: String]) {
        guard let path = environment["NOTIFY_SOCKET"], path.hasPrefix("/") || path.hasPrefix("@"),
            (2...107).contains(path.utf8.count)
        else {
            return nil
        }
        var bytes = Array(path.utf8)
        if bytes[0] == UInt8(ascii: "@") { bytes[0] = 0 }
        address = bytes
        socket = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { return nil }
        let isOurs = environment["WATCHDOG_PID"].map { $0 == String(getpid()) } ?? true
        let microseconds = environment["WATCHDOG_USEC"].flatMap { Int64($0) } ?? 0
        watchdogInterval = isOurs && microseconds > 0 ? .microseconds(microseconds) : nil
    }

    deinit { close(socket) }

    /// `READY=1`, `WATCHDOG=1`, `STATUS=…`, `STOPPING=1`; several are joined by newlines.
    package func tell(_ state: String) {
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        let length = socklen_t(MemoryLayout<sa_family_t>.size + address.count)
        unsafe withUnsafeMutableBytes(of: &name.sun_path) { unsafe $0.copyBytes(from: address) }
        let message = Array(state.utf8)
        unsafe withUnsafePointer(to: &name) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { plain in
                _ = unsafe sendto(socket, message, message.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT), plain, length)
            }
        }
    }

    /// A reload starts; systemd wants the monotonic time with it (sd_notify(3), MONOTONIC_USEC).
    package func tellReloading() {
        tell("RELOADING=1\nMONOTONIC_USEC=\(SteadyClock.microseconds)")
    }
}
