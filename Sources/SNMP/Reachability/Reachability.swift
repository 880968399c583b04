package import Campus

/// Asks whether an address answers at all: ICMP echo over one socket a family, and TCP connects with a bound.
package final class Reachability: Sendable {
    private let thread: EventThread<ReachabilityCore>

    /// Why ICMP cannot be used, naming the remedy; nil when it can.
    package let pingProblem: String?

    package init() {
        let sockets = EchoSockets()
        pingProblem = sockets.problem
        thread = EventThread { ReachabilityCore(sockets: sockets) }
    }

    /// The round trip of one echo request (RFC 792, RFC 4443); nil when no reply came in time or ICMP may not be used.
    package func ping(_ address: IPAddress, timeout: Duration = .seconds(1)) async -> Duration? {
        await withCheckedContinuation { continuation in
            if !thread.post(.ping(address, timeout: timeout, continuation)) { continuation.resume(returning: nil) }
        }
    }

    /// What a TCP handshake met: an open port or a reset both prove a host.
    package func connect(_ address: IPAddress, port: UInt16, timeout: Duration = .seconds(1)) async -> TCPAnswer {
        await withCheckedContinuation { continuation in
            let command = ReachabilityCommand.connect(address, port: port, timeout: timeout, continuation)
            if !thread.post(command) { continuation.resume(returning: .silent) }
        }
    }

    /// Answers all who wait and closes every socket; returns when the thread has gone.
    package func shutdown() { thread.stop() }
}

/// What a TCP connect met.
package enum TCPAnswer: Hashable, Sendable {
    /// The handshake took this long.
    case open(Duration)
    /// A reset: the host is there, the port is not.
    case refused(Duration)
    case silent
}
