package import Campus
package import Logging

/// Asks whether an address answers at all: ICMP echo over one socket a family, and TCP connects with a bound.
package final class Reachability: Sendable {
    package init(logger: Logger) {}

    /// The round trip of one echo request (RFC 792, RFC 4443); nil when no reply came in time or ICMP may not be used.
    package func ping(_ address: IPAddress, timeout: Duration = .seconds(1)) async -> Duration? { nil }

    /// Whether a TCP handshake or a reset came back from the port in time: either proves a host.
    package func connect(_ address: IPAddress, port: UInt16, timeout: Duration = .seconds(1)) async -> TCPAnswer { .silent }

    /// Why ICMP cannot be used, naming the remedy; nil when it can.
    package var pingProblem: String? { nil }

    package func shutdown() {}
}

/// What a TCP connect met.
package enum TCPAnswer: Hashable, Sendable {
    /// The handshake took this long.
    case open(Duration)
    /// A reset: the host is there, the port is not.
    case refused(Duration)
    case silent
}
