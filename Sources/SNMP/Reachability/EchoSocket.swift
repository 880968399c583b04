import Campus
import Glibc

/// The socket that all echoes of one family go through.
///
/// A datagram ping socket where `net.ipv4.ping_group_range` allows it, else a raw one, which needs CAP_NET_RAW.
struct EchoSocket: ~Copyable {
    private let socket: ProbeSocket
    private let isRaw: Bool
    private let isIPv4: Bool

    /// What the loop is to watch: a method, since an optional chain lends a noncopyable value to methods alone.
    func descriptors() -> [Int32] { [socket.descriptor] }

    init?(isIPv4: Bool) {
        let family = isIPv4 ? AF_INET : AF_INET6
        let number = isIPv4 ? Int(IPPROTO_ICMP) : Int(IPPROTO_ICMPV6)
        self.isIPv4 = isIPv4
        if let datagram = ProbeSocket(family: family, kind: SOCK_DGRAM, protocol: number) {
            socket = datagram
            isRaw = false
        } else if let raw = ProbeSocket(family: family, kind: SOCK_RAW, protocol: number) {
            raw.admitEchoReplies(isIPv4: isIPv4)
            socket = raw
            isRaw = true
        } else {
            return nil
        }
    }

    /// Whether the request went out.
    func send(_ message: EchoMessage, to address: IPAddress) -> Bool {
        socket.send(message.request(isIPv4: isIPv4), to: address) == 0
    }

    /// The next datagram: its sender, and the reply in it; nil when none waits. A raw socket sees the replies to everybody.
    func receive(_ buffer: inout [UInt8], identifier: UInt16) -> (message: EchoMessage?, from: IPAddress)? {
        guard let (count, from) = socket.receive(into: &buffer) else { return nil }
        let message = EchoMessage(reply: buffer.span.extracting(first: count), isIPv4: isIPv4, hasHeader: isIPv4 && isRaw)
        return isRaw && message?.identifier != identifier ? (nil, from) : (message, from)
    }
}

/// Both families' echo sockets, as far as this process may have them.
final class EchoSockets: Sendable {
    private let v4: EchoSocket?
    private let v6: EchoSocket?
    /// Ours among all that ping from this host; the kernel chooses another for datagram sockets.
    let identifier = UInt16.random(in: 1...UInt16.max)
    let descriptors: [Int32]
    /// Why IPv4 echoes cannot be sent.
    let problem: String?

    init() {
        v4 = EchoSocket(isIPv4: true)
        problem = v4 == nil ? Self.refusal(errno) : nil
        v6 = EchoSocket(isIPv4: false)
        descriptors = (v4?.descriptors() ?? []) + (v6?.descriptors() ?? [])
    }

    private static func refusal(_ error: Int32) -> String {
        "icmp echo cannot be sent: \(unsafe String(cString: strerror(error))): give the process CAP_NET_RAW, "
            + "or its group a place in net.ipv4.ping_group_range"
    }

    /// Whether the request went out.
    func send(_ message: EchoMessage, to address: IPAddress) -> Bool {
        (address.isIPv4 ? v4?.send(message, to: address) : v6?.send(message, to: address)) ?? false
    }

    /// The next datagram of a socket of `descriptors`.
    func receive(_ descriptor: Int32, _ buffer: inout [UInt8]) -> (message: EchoMessage?, from: IPAddress)? {
        if descriptor == descriptors.first, v4 != nil { return v4?.receive(&buffer, identifier: identifier) }
        return v6?.receive(&buffer, identifier: identifier)
    }
}
