import Campus

/// One conversation's counters, as a plain value of the flow table.
struct Flow: Sendable {
    /// What was already done for this flow, so that it is done once.
    struct Marks: OptionSet, Sendable {
        let rawValue: UInt8
        static let initiatorIsB = Marks(rawValue: 1)
        static let ambiguous = Marks(rawValue: 2)
        static let management = Marks(rawValue: 4)
        static let knowsNextOfA = Marks(rawValue: 8)
        static let knowsNextOfB = Marks(rawValue: 16)
        /// Nothing more is to be read in its bytes.
        static let settled = Marks(rawValue: 32)
        static let dataFromA = Marks(rawValue: 64)
        static let dataFromB = Marks(rawValue: 128)
    }

    /// Neither a stream nor a free place.
    static let none: Int32 = -1

    var key: FlowKey
    var packetsOfA: UInt64 = 0
    var packetsOfB: UInt64 = 0
    var bytesOfA: UInt64 = 0
    var bytesOfB: UInt64 = 0
    var lastAt: Int64
    var firstAt: Int64
    /// The next sequence number expected of each side, where known.
    var nextOfA: UInt32 = 0
    var nextOfB: UInt32 = 0
    /// Its place in the stream table.
    var stream: Int32 = Self.none
    var marks: Marks
    var flagsOfA: UInt8 = 0
    var flagsOfB: UInt8 = 0
    var state: TCPState = .none
    var isOpen = true

    init(key: FlowKey, at: Int64, fromA: Bool) {
        self.key = key
        firstAt = at
        lastAt = at
        marks = fromA ? [] : .initiatorIsB
    }

    var initiatorIsA: Bool { !marks.contains(.initiatorIsB) }

    mutating func count(wireLength: Int, at: Int64, fromA: Bool) {
        let length = UInt64(truncatingIfNeeded: wireLength)
        if fromA {
            packetsOfA &+= 1
            bytesOfA &+= length
        } else {
            packetsOfB &+= 1
            bytesOfB &+= length
        }
        lastAt = max(lastAt, at)
    }

    /// Begins a new record of a conversation that goes on.
    mutating func restart(at microseconds: Int64) {
        (packetsOfA, packetsOfB, bytesOfA, bytesOfB) = (0, 0, 0, 0)
        firstAt = microseconds
    }

    func next(fromA: Bool) -> UInt32? {
        guard marks.contains(fromA ? .knowsNextOfA : .knowsNextOfB) else { return nil }
        return fromA ? nextOfA : nextOfB
    }

    mutating func setNext(_ sequence: UInt32, fromA: Bool) {
        if fromA {
            nextOfA = sequence
            marks.insert(.knowsNextOfA)
        } else {
            nextOfB = sequence
            marks.insert(.knowsNextOfB)
        }
    }

    /// Notes a segment with data: what comes next of its sender.
    mutating func noteData(_ sequence: UInt32, _ length: Int, fromA: Bool) {
        marks.insert(fromA ? .dataFromA : .dataFromB)
        let end = sequence &+ UInt32(truncatingIfNeeded: length)
        if let next = next(fromA: fromA), Int32(bitPattern: end &- next) <= 0 { return }
        setNext(end, fromA: fromA)
    }

    /// Follows the connection's life (RFC 9293 §3.3.2) as a bystander who may have missed any packet.
    mutating func noteFlags(_ flags: UInt8, fromA: Bool) {
        if fromA { flagsOfA |= flags } else { flagsOfB |= flags }
        let (finish, synchronise, reset, acknowledge) = (flags & 1 != 0, flags & 2 != 0, flags & 4 != 0, flags & 16 != 0)
        if reset {
            state = .reset
        } else if synchronise {
            if state.rawValue < TCPState.established.rawValue { state = acknowledge ? .synReceived : max(state, .synSent) }
        } else if finish {
            state = flagsOfA & flagsOfB & 1 != 0 ? .closed : .closing
        } else if state == .none || state == .synReceived && fromA == initiatorIsA {
            state = .established
        }
    }

    /// From a to b.
    var endpoints: Endpoints {
        let a = key.isIPv4 ? IPAddress(v4: UInt32(truncatingIfNeeded: key.aLow)) : IPAddress(v6High: key.aHigh, low: key.aLow)
        let b = key.isIPv4 ? IPAddress(v4: UInt32(truncatingIfNeeded: key.bLow)) : IPAddress(v6High: key.bHigh, low: key.bLow)
        return Endpoints(
            protocolNumber: key.protocolNumber, source: a, sourcePort: key.aPort, destination: b, destinationPort: key.bPort)
    }

    /// The flow's record, told from its initiator.
    func record(_ reason: FlowRecord.Reason) -> FlowRecord {
        let forward = initiatorIsA
        return FlowRecord(
            endpoints: forward ? endpoints : endpoints.reversed, firstAt: firstAt, lastAt: lastAt,
            packetsFromInitiator: forward ? packetsOfA : packetsOfB, packetsFromResponder: forward ? packetsOfB : packetsOfA,
            bytesFromInitiator: forward ? bytesOfA : bytesOfB, bytesFromResponder: forward ? bytesOfB : bytesOfA, tcpState: state,
            initiatorFlags: forward ? flagsOfA : flagsOfB, responderFlags: forward ? flagsOfB : flagsOfA,
            isAmbiguous: marks.contains(.ambiguous), reason: reason)
    }
}

extension TCPState: Comparable {
    package static func < (left: TCPState, right: TCPState) -> Bool { left.rawValue < right.rawValue }
}
