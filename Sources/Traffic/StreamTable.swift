import Wire

/// The TCP conversations that are followed because something in them is readable. Bounded in number and in bytes kept.
struct StreamTable: ~Copyable {
    fileprivate struct Conversation {
        var a: HalfStream
        var b: HalfStream
        var exchange = HTTPExchange()
        /// The flow's place; nil when this place is free.
        var flow: Int?
    }

    private var conversations: [Conversation] = []
    private var free: [Int32] = []
    private var hand = 0
    private let capacity: Int
    private let streamLimit: Int
    private let totalLimit: Int
    private(set) var heldBytes = 0
    private(set) var refused: UInt64 = 0

    init(settings: AnalyserSettings) {
        capacity = max(1, settings.maximumStreams)
        streamLimit = settings.maximumStreamBytes
        totalLimit = settings.maximumReassemblyBytes
    }

    /// What became of a conversation after a segment.
    enum Outcome {
        case goesOn
        /// Everything readable was read.
        case settled
        /// Nothing readable was found and nothing waits.
        case plain
    }

    /// Begins to follow a flow; returns its place and, where it had to make room, the flow that is followed no more.
    mutating func open(flow: Int, nextOfA: UInt32, nextOfB: UInt32) -> (place: Int32, evicted: Int?) {
        var conversation = Conversation(a: HalfStream(next: nextOfA), b: HalfStream(next: nextOfB))
        conversation.flow = flow
        if let place = free.popLast() {
            conversations[Int(place)] = conversation
            return (place, nil)
        }
        guard conversations.count >= capacity else {
            conversations.append(conversation)
            return (Int32(truncatingIfNeeded: conversations.count &- 1), nil)
        }
        hand = hand &+ 1 < conversations.count ? hand &+ 1 : 0
        let evicted = conversations[hand].flow
        heldBytes &-= conversations[hand].a.heldBytes &+ conversations[hand].b.heldBytes
        refused &+= 1
        conversations[hand] = conversation
        return (Int32(truncatingIfNeeded: hand), evicted)
    }

    /// Says what one direction is read as, where that is known from the start.
    mutating func setParser(_ parser: StreamParser, place: Int32, fromA: Bool) {
        if fromA { conversations[Int(place)].a.parser = parser } else { conversations[Int(place)].b.parser = parser }
    }

    mutating func close(_ place: Int32) {
        let index = Int(place)
        guard conversations.indices.contains(index), conversations[index].flow != nil else { return }
        heldBytes &-= conversations[index].a.heldBytes &+ conversations[index].b.heldBytes
        conversations[index] = Conversation(a: HalfStream(next: 0), b: HalfStream(next: 0))
        free.append(place)
    }

    /// Feeds a segment. `claimed` is its length on the wire; `acknowledgement` is nil without ACK.
    mutating func segment(
        _ bytes: Span<UInt8>, place: Int32, fromA: Bool, sequence: UInt32, claimed: Int, acknowledgement: UInt32?,
        context: borrowing MessageContext, output: inout [Fact]
    ) -> Outcome {
        let index = Int(place)
        let before = conversations[index].a.heldBytes &+ conversations[index].b.heldBytes
        conversations[index].segment(
            bytes, fromA: fromA, sequence: sequence, claimed: claimed, acknowledgement: acknowledgement, limit: streamLimit,
            context: context, output: &output)
        heldBytes &+= conversations[index].a.heldBytes &+ conversations[index].b.heldBytes &- before
        if heldBytes > totalLimit {
            refused &+= 1
            return .settled
        }
        return conversations[index].outcome
    }
}

extension StreamTable.Conversation {
    fileprivate mutating func segment(
        _ bytes: Span<UInt8>, fromA: Bool, sequence: UInt32, claimed: Int, acknowledgement: UInt32?, limit: Int,
        context: borrowing MessageContext, output: inout [Fact]
    ) {
        if fromA {
            if let acknowledgement, b.isWaiting {
                b.acknowledged(acknowledgement, limit: limit, exchange: &exchange, context: context.reversed, output: &output)
            }
            guard claimed > 0 else { return }
            a.segment(bytes, at: sequence, claimed: claimed, limit: limit, exchange: &exchange, context: context, output: &output)
        } else {
            if let acknowledgement, a.isWaiting {
                a.acknowledged(acknowledgement, limit: limit, exchange: &exchange, context: context.reversed, output: &output)
            }
            guard claimed > 0 else { return }
            b.segment(bytes, at: sequence, claimed: claimed, limit: limit, exchange: &exchange, context: context, output: &output)
        }
    }

    fileprivate var outcome: StreamTable.Outcome {
        if a.parser.isFinished, b.parser.isFinished { return .settled }
        return a.isIdle && b.isIdle ? .plain : .goesOn
    }
}
