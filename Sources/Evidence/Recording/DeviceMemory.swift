import Campus

/// What the writer knows of a device between two polls: the last row of `device_poll` and the names behind its numbers.
struct DeviceMemory: Sendable {
    let number: Int64
    let id: DeviceID
    var firstSeen: Int64?
    /// Nil until the first poll.
    var last: LastPoll?
    /// Interfaces of the last rates, in their order.
    var interfaces: [InterfaceMemory] = []
    var readings: [ReadingKey: ReadingMemory] = [:]
    var nextReading: UInt32 = 1
    /// Times of the newest rows of each packed table.
    var ratesRow: Int64?
    var readingsRow: Int64?
    var availability = HourAvailability()

    init(number: Int64, id: DeviceID, firstSeen: Int64?) {
        self.number = number
        self.id = id
        self.firstSeen = firstSeen
    }
}

struct LastPoll: Sendable {
    var state: DeviceState
    var since: Int64
    var at: Int64
    var seenAt: Int64?
    var interval: Int64
    var uptime: Double?
}

struct InterfaceMemory: Sendable {
    var index: UInt32
    var oper: UInt8
    var speed: UInt64
}

/// What makes a sensor or gauge the same one at the next poll.
enum ReadingKey: Hashable, Sendable {
    case sensor(SensorClass, ObjectIdentifier)
    case gauge(Gauge.Kind, ObjectIdentifier)
}

struct ReadingMemory: Sendable {
    var number: UInt32
    var state: UInt8 = 0
    var since: Int64?
}

/// How the running hour of a device went so far, in milliseconds.
///
/// The time between two polls belongs to the state that the first one found, for at most two intervals (G-HOLD); what is
/// beyond was not observed.
struct HourAvailability: Sendable, Equatable {
    /// Hours since 1970.
    var hour: Int64 = 0
    var up: Int64 = 0
    var down: Int64 = 0
    var silent: Int64 = 0
    var unauthorised: Int64 = 0
    var observed: Int64 = 0
    var polls: Int64 = 0

    static let milliseconds: Int64 = 3_600_000

    /// Takes in a poll at `t`; hours that ended on the way are handed to `closed` in order.
    mutating func observe(_ t: Int64, after last: LastPoll?, closed: (HourAvailability) throws -> Void) rethrows {
        if let last, t > last.at {
            var from = max(last.at, hour * HourAvailability.milliseconds)
            let end = min(t, last.at &+ 2 &* last.interval)
            while from < end {
                let hourEnd = (hour + 1) * HourAvailability.milliseconds
                if from >= hourEnd {
                    try roll(to: from / HourAvailability.milliseconds, closed)
                    continue
                }
                let until = min(end, hourEnd)
                add(until - from, last.state)
                from = until
            }
        }
        let current = t / HourAvailability.milliseconds
        if current > hour { try roll(to: current, closed) }
        polls += 1
    }

    private mutating func roll(to next: Int64, _ closed: (HourAvailability) throws -> Void) rethrows {
        if observed > 0 || polls > 0 { try closed(self) }
        self = HourAvailability(hour: next)
    }

    private mutating func add(_ span: Int64, _ state: DeviceState) {
        switch state {
        case .up: up += span
        case .down: down += span
        case .snmpSilent: silent += span
        case .unauthorised: unauthorised += span
        case .unknown: return
        }
        observed += span
    }
}

/// How many samples a stretch of time should have had.
enum Expected {
    /// From `start` to `end`, without what lies before `firstSeen`, at one sample an `interval`; all in milliseconds.
    static func samples(from start: Int64, to end: Int64, interval: Int64, firstSeen: Int64?) -> Int {
        let begin = max(start, firstSeen ?? start)
        guard end > begin, interval > 0 else { return 0 }
        return Int(clamping: end / interval - begin / interval)
    }
}
