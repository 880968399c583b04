package import Campus
import Glibc

/// Where notifications are listened for.
package enum NotificationAddress: Hashable, Sendable {
    case bind(IPAddress, port: UInt16)
    /// A bound UDP socket that systemd opened for us (sd_listen_fds(3)).
    case inherited(Int32)
}

package struct NotificationListenerError: Error, CustomStringConvertible {
    package var description: String
}

/// Hears SNMP traps and informs on one UDP socket, answers informs, and passes on what it believes.
package final class NotificationListener: Sendable {
    /// Notifications that wait to be read; more are counted as limited.
    package static let maximumWaiting = 4096

    private let thread: EventThread<NotificationCore>
    private let counts: CountsBox
    /// What was believed, in the order in which it came; ends with `stop`.
    package let notifications: AsyncStream<SNMPNotification>
    /// The port that is listened on, of use when 0 was asked for.
    package let port: UInt16

    /// `name` tells this agent from others, for the engine id that informs are addressed to.
    package init(_ address: NotificationAddress, credentials: [SNMPCredential], name: String) throws(NotificationListenerError) {
        let socket = try NotificationSocket(address)
        port = socket.port
        let (stream, continuation) = AsyncStream.makeStream(
            of: SNMPNotification.self, bufferingPolicy: .bufferingOldest(Self.maximumWaiting))
        notifications = stream
        let counts = CountsBox()
        self.counts = counts
        let descriptor = socket.release()
        thread = EventThread {
            let reader = NotificationReader(
                credentials: credentials, engine: LocalEngine(name: name, now: monotonicNanoseconds()))
            return NotificationCore(descriptor: descriptor, reader: reader, counts: counts, output: continuation)
        }
    }

    /// Since the start.
    package var counted: NotificationCounts { counts.now }

    /// Believes these from now on and no others.
    package func change(to credentials: [SNMPCredential]) { _ = thread.post(credentials) }

    package func stop() { thread.stop() }
}

/// The listener's thread.
final class NotificationCore: EventCore {
    /// The credentials to believe from now on.
    typealias Command = [SNMPCredential]

    private let socket: NotificationSocket
    private var reader: NotificationReader
    private let counts: CountsBox
    private let output: AsyncStream<SNMPNotification>.Continuation
    private var limit = SourceLimit(burst: 100, perSecond: 20)
    private var buffer = [UInt8](repeating: 0, count: 65_536)
    private var isWatched = false
    /// Datagrams read before others have their turn.
    private static let batch = 64

    init(
        descriptor: Int32, reader: NotificationReader, counts: CountsBox, output: AsyncStream<SNMPNotification>.Continuation
    ) {
        socket = NotificationSocket(owning: descriptor)
        self.reader = reader
        self.counts = counts
        self.output = output
    }

    func receive(_ credentials: [SNMPCredential]) { reader.believe(credentials) }

    func takeInterests() -> [Interest] {
        defer { isWatched = true }
        return isWatched ? [] : [Interest(descriptor: socket.descriptor, readiness: .read)]
    }

    func advance(now: UInt64) -> UInt64? { nil }

    func stop() { output.finish() }

    func ready(_ descriptor: Int32) {
        let now = monotonicNanoseconds()
        for _ in 0..<Self.batch {
            guard let datagram = socket.receive(into: &buffer) else { return }
            guard limit.admits(datagram.source, now: now) else {
                counts.change { $0.limited += 1 }
                continue
            }
            switch reader.read(buffer.span.extracting(0..<datagram.count), from: datagram.source, now: now) {
            case .malformed: counts.change { $0.malformed += 1 }
            case .refused: counts.change { $0.refused += 1 }
            case .answered(let answer): socket.answer(answer, to: datagram)
            case .accepted(let notification, let answer):
                if let answer { socket.answer(answer, to: datagram) }
                if case .dropped = output.yield(notification) {
                    counts.change { $0.limited += 1 }
                } else {
                    counts.change { $0.accepted += 1 }
                }
            }
        }
    }
}
