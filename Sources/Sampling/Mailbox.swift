import Campus
import Capture
import Synchronization

/// What the analyser thread hands to the writer thread.
enum SamplingEvent: Sendable {
    case observations([Observation])
    case minute(TrafficMinute)
    case accounting(CaptureReport)
    /// Nothing was captured between the two instants.
    case gap(start: Timestamp, end: Timestamp, reason: String)
}

/// A bounded queue from the analyser to the writer: the analyser never waits for the disk. What finds no room is counted.
final class Mailbox: Sendable {
    private struct Contents {
        var events: [SamplingEvent] = []
        var refused: UInt64 = 0
        var isClosed = false
    }

    private let contents = Mutex(Contents())
    private let bell: Doorbell
    static let capacity = 4096

    init() throws(CaptureError) { bell = try Doorbell() }

    func post(_ event: SamplingEvent) {
        contents.withLock { contents in
            if contents.events.count < Mailbox.capacity { contents.events.append(event) } else { contents.refused &+= 1 }
        }
        bell.ring()
    }

    /// No more will be posted.
    func close() {
        contents.withLock { $0.isClosed = true }
        bell.ring()
    }

    var isClosed: Bool { contents.withLock { $0.isClosed } }

    var refusedCount: UInt64 { contents.withLock { $0.refused } }

    /// Sleeps until something is posted, the box is closed, or `milliseconds` have passed.
    func wait(milliseconds: Int32) { bell.wait(milliseconds: milliseconds) }

    /// Takes all that waits; nil when there is nothing and never will be.
    func take() -> [SamplingEvent]? {
        contents.withLock { contents in
            if contents.events.isEmpty { return contents.isClosed ? nil : [] }
            defer { contents.events = [] }
            return contents.events
        }
    }
}
