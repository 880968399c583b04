import Campus
import Glibc

/// One question about an address on its way to the thread.
enum ReachabilityCommand: Sendable {
    case ping(IPAddress, timeout: Duration, CheckedContinuation<Duration?, Never>)
    case connect(IPAddress, port: UInt16, timeout: Duration, CheckedContinuation<TCPAnswer, Never>)
}

/// The thread of echoes and TCP probes. Everything it waits for has a deadline, and handshakes a bound.
final class ReachabilityCore: EventCore {
    /// Handshakes under way at one time; more wait in line.
    private static let maximumHandshakes = 256
    /// Echoes sent before replies are read.
    private static let burst = 32

    private struct Echo {
        var address: IPAddress
        var sentAt: UInt64
        var continuation: CheckedContinuation<Duration?, Never>
    }

    private final class Handshake {
        /// nil once it has ended; the heap still holds the handshake until its deadline.
        var socket: ProbeSocket?
        let descriptor: Int32
        let startedAt: UInt64
        let continuation: CheckedContinuation<TCPAnswer, Never>

        init(socket: consuming ProbeSocket, startedAt: UInt64, continuation: CheckedContinuation<TCPAnswer, Never>) {
            descriptor = socket.descriptor
            self.socket = consume socket
            self.startedAt = startedAt
            self.continuation = continuation
        }
    }

    private enum Waiting {
        case echo(UInt64)
        case handshake(Handshake)
    }

    private let sockets: EchoSockets
    private var echoes: [UInt64: Echo] = [:]
    private var handshakes: [Int32: Handshake] = [:]
    private var inLine: [ReachabilityCommand] = []
    private var deadlines = DeadlineHeap<Waiting>()
    private var interests: [Interest]
    private var nextToken = UInt64.random(in: 0...UInt64.max)
    private var sentInARow = 0
    private var buffer = [UInt8](repeating: 0, count: 256)

    init(sockets: EchoSockets) {
        self.sockets = sockets
        interests = sockets.descriptors.map { Interest(descriptor: $0, readiness: .read) }
    }

    func receive(_ command: ReachabilityCommand) {
        switch command {
        case .ping(let address, let timeout, let continuation): ping(address, timeout, continuation)
        case .connect(let address, let port, let timeout, let continuation):
            if handshakes.count >= Self.maximumHandshakes {
                inLine.append(command)
            } else {
                connect(address, port, timeout, continuation)
            }
        }
    }

    func ready(_ descriptor: Int32) {
        if let handshake = handshakes[descriptor] {
            finish(handshake)
        } else {
            readEchoes(descriptor)
        }
    }

    func advance(now: UInt64) -> UInt64? {
        while let waiting = deadlines.popDue(now) {
            switch waiting {
            case .echo(let token):
                echoes.removeValue(forKey: token)?.continuation.resume(returning: nil)
            case .handshake(let handshake):
                guard handshakes[handshake.descriptor] === handshake else { continue }
                handshakes[handshake.descriptor] = nil
                handshake.socket = nil
                handshake.continuation.resume(returning: .silent)
            }
        }
        while handshakes.count < Self.maximumHandshakes, !inLine.isEmpty { receive(inLine.removeFirst()) }
        return deadlines.earliest
    }

    func takeInterests() -> [Interest] {
        defer { interests.removeAll(keepingCapacity: true) }
        return interests
    }

    func stop() {
        for echo in echoes.values { echo.continuation.resume(returning: nil) }
        for handshake in handshakes.values { handshake.continuation.resume(returning: .silent) }
        for case .connect(_, _, _, let continuation) in inLine { continuation.resume(returning: .silent) }
        echoes = [:]
        handshakes = [:]
        inLine = []
    }

    // MARK: ICMP

    private func ping(_ address: IPAddress, _ timeout: Duration, _ continuation: CheckedContinuation<Duration?, Never>) {
        nextToken &+= 1
        guard sockets.send(EchoMessage(identifier: sockets.identifier, token: nextToken), to: address) else {
            return continuation.resume(returning: nil)
        }
        let now = monotonicNanoseconds()
        echoes[nextToken] = Echo(address: address, sentAt: now, continuation: continuation)
        deadlines.push(now &+ nanoseconds(timeout), .echo(nextToken))
        // A burst of requests must not overflow the one socket that all replies come to.
        sentInARow += 1
        if sentInARow >= Self.burst {
            for descriptor in sockets.descriptors { readEchoes(descriptor) }
        }
    }

    private func readEchoes(_ descriptor: Int32) {
        // Bounded, so that a flood of replies does not keep handshakes and deadlines waiting.
        sentInARow = 0
        for _ in 0..<256 {
            guard let (message, from) = sockets.receive(descriptor, &buffer) else { return }
            guard let message, let echo = echoes[message.token], echo.address == from else { continue }
            echoes[message.token] = nil
            echo.continuation.resume(returning: elapsed(echo.sentAt))
        }
    }

    // MARK: TCP

    private func connect(
        _ address: IPAddress, _ port: UInt16, _ timeout: Duration, _ continuation: CheckedContinuation<TCPAnswer, Never>
    ) {
        let family = address.isIPv4 ? AF_INET : AF_INET6
        guard let socket = ProbeSocket(family: family, kind: SOCK_STREAM, protocol: 0) else {
            return continuation.resume(returning: .silent)
        }
        let startedAt = monotonicNanoseconds()
        switch socket.connect(to: address, port: port) {
        case EINPROGRESS:
            let handshake = Handshake(socket: socket, startedAt: startedAt, continuation: continuation)
            handshakes[handshake.descriptor] = handshake
            interests.append(Interest(descriptor: handshake.descriptor, readiness: .write))
            deadlines.push(startedAt &+ nanoseconds(timeout), .handshake(handshake))
        case let error:
            continuation.resume(returning: TCPAnswer(error: error, after: elapsed(startedAt)))
        }
    }

    private func finish(_ handshake: Handshake) {
        handshakes[handshake.descriptor] = nil
        let error = handshake.socket?.connectResult() ?? EBADF
        handshake.socket = nil
        handshake.continuation.resume(returning: TCPAnswer(error: error, after: elapsed(handshake.startedAt)))
    }

    private func elapsed(_ start: UInt64) -> Duration { .nanoseconds(Int64(clamping: monotonicNanoseconds() &- start)) }

    private func nanoseconds(_ timeout: Duration) -> UInt64 { UInt64(clamping: timeout.milliseconds) &* 1_000_000 }
}

extension TCPAnswer {
    init(error: Int32, after time: Duration) {
        switch error {
        case 0: self = .open(time)
        case ECONNREFUSED: self = .refused(time)
        default: self = .silent
        }
    }
}
