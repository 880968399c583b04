import Campus
import Glibc
import Synchronization

/// The UDP socket of the trap port; closed once, by its end.
struct NotificationSocket: ~Copyable {
    /// A datagram's size and where its answer goes.
    struct Datagram {
        var count: Int
        var source: IPAddress
        var port: UInt16
        /// As the kernel has it.
        fileprivate var address: sockaddr_storage
        fileprivate var addressSize: socklen_t
    }

    let descriptor: Int32

    init(owning descriptor: Int32) { self.descriptor = descriptor }

    init(_ address: NotificationAddress) throws(NotificationListenerError) {
        switch address {
        case .inherited(let descriptor):
            self.descriptor = descriptor
            _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        case .bind(let address, let port):
            let kind = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
            descriptor = socket(address.isIPv4 ? AF_INET : AF_INET6, kind, 0)
            guard descriptor >= 0 else { throw Self.failure("no socket for traps", errno, "") }
            var size: Int32 = 1 << 20
            _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
            guard unsafe withSocketAddress(address, port: port, { unsafe bind(descriptor, $0, $1) }) == 0 else {
                let error = errno
                let remedy =
                    switch error {
                    case EACCES: ": open it by systemd (campanile-traps.socket), or choose a port above 1023"
                    case EADDRINUSE: ": stop snmptrapd or whatever holds it, or choose another in listen.traps"
                    default: ": correct listen.traps"
                    }
                throw Self.failure("cannot listen for traps on \(address) port \(port)", error, remedy)
            }
        }
    }

    private static func failure(_ what: String, _ number: Int32, _ remedy: String) -> NotificationListenerError {
        NotificationListenerError(description: "\(what): \(unsafe String(cString: strerror(number)))\(remedy)")
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Gives the descriptor away; whoever takes it closes it.
    consuming func release() -> Int32 {
        let descriptor = descriptor
        discard self
        return descriptor
    }

    /// The port that it is bound to; 0 when the kernel does not say.
    var port: UInt16 {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe getsockname(descriptor, $0, &size) }
        }
        return result == 0 ? Self.port(in: &storage) : 0
    }

    func receive(into buffer: inout [UInt8]) -> Datagram? {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let count = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe recvfrom(descriptor, &buffer, buffer.count, 0, address, &size)
            }
        }
        guard count >= 0, let source = address(in: &storage) else { return nil }
        return Datagram(count: count, source: source.unmapped, port: Self.port(in: &storage), address: storage, addressSize: size)
    }

    func answer(_ bytes: [UInt8], to datagram: Datagram) {
        var storage = datagram.address
        _ = unsafe withUnsafePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe sendto(descriptor, bytes, bytes.count, 0, address, datagram.addressSize)
            }
        }
    }

    /// sockaddr_in and sockaddr_in6 both have it behind the family.
    private static func port(in storage: inout sockaddr_storage) -> UInt16 {
        unsafe withUnsafeBytes(of: &storage) { UInt16(bigEndian: unsafe $0.loadUnaligned(fromByteOffset: 2, as: UInt16.self)) }
    }
}

extension IPAddress {
    /// An IPv4 address that a socket for both families shows as ::ffff:a.b.c.d.
    fileprivate var unmapped: IPAddress {
        !isIPv4 && high == 0 && low >> 32 == 0xffff ? IPAddress(v4: UInt32(truncatingIfNeeded: low)) : self
    }
}

/// Counts that the listener's thread adds to and anybody reads.
final class CountsBox: Sendable {
    private let counts = Mutex(NotificationCounts())

    var now: NotificationCounts { counts.withLock { $0 } }

    func change(_ body: (inout NotificationCounts) -> Void) { counts.withLock { body(&$0) } }
}
