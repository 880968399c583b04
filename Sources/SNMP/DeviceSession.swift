import Campus

/// One poll on its way: who asked for what, and what has been spent on it.
struct PendingPoll: Sendable {
    let id: UInt64
    let target: SNMPTarget
    let requests: [TableRequest]
    let continuation: CheckedContinuation<SNMPAnswer, Never>
}

/// What the engine knows of one agent between polls, and the poll that it is in.
///
/// Lives on the engine's thread alone.
final class DeviceSession {
    /// Where a poll stands.
    enum Phase {
        case idle
        /// In line for a free place.
        case queued
        /// v3: the engine id is being asked for.
        case discovering
        case asking
        /// v3: nothing was answered; one request without privacy tells a wrong privacy key from silence.
        case diagnosing
    }

    let target: SNMPTarget
    var exchange = Exchange()
    var session: AgentSession?
    var phase = Phase.idle
    var poll: PendingPoll?
    /// Polls of the same agent that came meanwhile: one walk in flight for each device.
    var waiting: [PendingPoll] = []
    var roundTrip = RoundTrip()
    var capacity: CapacityMemory

    // The poll in flight.
    var startedAt: UInt64 = 0
    var sentAt: UInt64 = 0
    /// When the open request counts as lost.
    var deadline: UInt64 = 0
    /// Whether the heap of deadlines holds this device.
    var isTimed = false
    var holdsPlace = false
    var hasAnswered = false
    /// v3: whether the open question was sent again for the engine's clock.
    var hasSetClock = false
    var rediscoveries = 0
    var pduCount = 0
    var retries = 0
    var malformed = 0
    var foreign = 0
    var lastUsed: UInt64 = 0
    /// How many ended requests the witness knows.
    var told = 0

    init(target: SNMPTarget, settings: SNMPSettings) {
        self.target = target
        capacity = CapacityMemory(first: settings.bindingsPerReply, most: settings.maximumBindingsPerReply)
    }

    /// Prepares the next poll.
    func begin(_ poll: PendingPoll, now: UInt64) {
        self.poll = poll
        startedAt = now
        hasAnswered = false
        hasSetClock = false
        rediscoveries = 0
        pduCount = 0
        retries = 0
        malformed = 0
        foreign = 0
        told = 0
        exchange.resynchronised = 0
        exchange.attempt = 0
        exchange.run = RequestRun(
            poll.requests, usesBulk: target.credential.version != .v1,
            size: ReplySize(capacity: capacity.now, fitting: capacity.fitting))
    }

    /// What is to be told of the poll that ends.
    func answer(_ outcome: SNMPOutcome, now: UInt64) -> SNMPAnswer {
        var answer = SNMPAnswer(requestCount: 0, outcome: outcome)
        answer.tables = exchange.run?.tables ?? []
        answer.tableErrors = exchange.run?.errors ?? []
        answer.pduCount = pduCount + exchange.resynchronised
        answer.retries = retries
        answer.malformed = malformed
        answer.foreign = foreign
        answer.duration = .nanoseconds(Int64(clamping: now &- startedAt))
        answer.roundTrip = roundTrip.smoothed
        answer.engineID = session?.engineID
        return answer
    }
}

/// How many bindings a device answers in one go: taken back when it fails, tried again after polls without trouble.
struct CapacityMemory {
    private let most: Int
    private(set) var now: Int
    /// What the agent put into one reply last; doubled as long as nothing is cut.
    private(set) var fitting: Int
    private var cleanPolls = 0
    private var patience = 8

    init(first: Int, most: Int) {
        self.most = most
        now = most
        fitting = min(first, most)
    }

    mutating func pollEnded(_ size: ReplySize) {
        fitting = size.fitting
        if size.capacity < now {
            now = size.capacity
            cleanPolls = 0
            patience = min(512, patience * 2)
        } else if now < most {
            cleanPolls += 1
            if cleanPolls >= patience {
                now = min(most, now * 2)
                cleanPolls = 0
            }
        }
    }
}
