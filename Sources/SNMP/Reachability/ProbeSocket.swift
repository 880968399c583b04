import Campus
import Glibc

/// A non-blocking socket of one TCP probe, or of all echoes of a family; closed once, by its end.
struct ProbeSocket: ~Copyable {
    let descriptor: Int32

    /// nil when the kernel refuses: `errno` says why.
    init?(family: Int32, kind: __socket_type, protocol number: Int) {
        let flags = Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        descriptor = socket(family, Int32(kind.rawValue) | flags, Int32(number))
        if descriptor < 0 { return nil }
    }

    /// Leaves `errno` alone where there is nothing to close.
    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Keeps a raw ICMP socket from queueing what is no echo reply: requests, and the errors of all other traffic.
    ///
    /// ICMP_FILTER (raw(7)) and ICMP6_FILTER (RFC 3542 §3.2) both have a set bit for a type that is blocked.
    func admitEchoReplies(isIPv4: Bool) {
        var blocked = isIPv4 ? [~UInt32(1)] : [UInt32](repeating: .max, count: 8)
        if !isIPv4 { blocked[Int(EchoMessage.replyV6) / 32] &= ~(1 << (UInt32(EchoMessage.replyV6) % 32)) }
        let level = isIPv4 ? Self.rawLevel : Int32(IPPROTO_ICMPV6)
        _ = unsafe setsockopt(descriptor, level, Self.filterOption, &blocked, socklen_t(blocked.count * 4))
    }

    private static let rawLevel: Int32 = 255
    private static let filterOption: Int32 = 1

    /// Starts a TCP handshake; 0, EINPROGRESS, or the errno that ended it at once.
    func connect(to address: IPAddress, port: UInt16) -> Int32 {
        let result = unsafe withSocketAddress(address, port: port) { unsafe Glibc.connect(descriptor, $0, $1) }
        return result == 0 ? 0 : errno
    }

    /// How a handshake that was under way has ended: 0 or its errno (SO_ERROR).
    func connectResult() -> Int32 {
        var error: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        let result = unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size)
        return result == 0 ? error : errno
    }

    /// 0, or the errno that kept the bytes from going out.
    func send(_ bytes: [UInt8], to address: IPAddress) -> Int32 {
        let sent = unsafe withSocketAddress(address, port: 0) { unsafe sendto(descriptor, bytes, bytes.count, 0, $0, $1) }
        return sent < 0 ? errno : 0
    }

    /// The next datagram, cut to the buffer's size, and who sent it; nil when none waits.
    func receive(into buffer: inout [UInt8]) -> (count: Int, from: IPAddress)? {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let count = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe recvfrom(descriptor, &buffer, buffer.count, 0, address, &size)
            }
        }
        guard count >= 0, let from = address(in: &storage) else { return nil }
        return (count, from)
    }
}

/// Lends the C form of an address and port.
func withSocketAddress<Result>(
    _ address: IPAddress, port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
) -> Result {
    if address.isIPv4 {
        var socketAddress = sockaddr_in()
        socketAddress.sin_family = sa_family_t(AF_INET)
        socketAddress.sin_port = port.bigEndian
        socketAddress.sin_addr.s_addr = UInt32(truncatingIfNeeded: address.low).bigEndian
        return unsafe withUnsafePointer(to: &socketAddress) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
    var socketAddress = sockaddr_in6()
    socketAddress.sin6_family = sa_family_t(AF_INET6)
    socketAddress.sin6_port = port.bigEndian
    unsafe withUnsafeMutableBytes(of: &socketAddress.sin6_addr) { buffer in
        unsafe buffer.storeBytes(of: address.high.bigEndian, toByteOffset: 0, as: UInt64.self)
        unsafe buffer.storeBytes(of: address.low.bigEndian, toByteOffset: 8, as: UInt64.self)
    }
    return unsafe withUnsafePointer(to: &socketAddress) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            unsafe body($0, socklen_t(MemoryLayout<sockaddr_in6>.size))
        }
    }
}

func address(in storage: inout sockaddr_storage) -> IPAddress? {
    unsafe withUnsafeMutableBytes(of: &storage) { buffer in
        switch Int32(unsafe storageFamily(buffer)) {
        case AF_INET:
            return IPAddress(v4: UInt32(bigEndian: unsafe buffer.loadUnaligned(fromByteOffset: 4, as: UInt32.self)))
        case AF_INET6:
            let high = UInt64(bigEndian: unsafe buffer.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            let low = UInt64(bigEndian: unsafe buffer.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
            return IPAddress(v6High: high, low: low)
        default:
            return nil
        }
    }
}

private func storageFamily(_ buffer: UnsafeMutableRawBufferPointer) -> sa_family_t {
    unsafe buffer.loadUnaligned(as: sa_family_t.self)
}
