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
    mutating func open(flow: Int, nextOfA: UInt32?, nextOfB: UInt32?) -> (place: Int32, evicted: Int?) {
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

    /// Reads both directions as DNS, whose port says it and whose bytes do not.
    mutating func readAsDNS(_ place: Int32) {
        conversations[Int(place)].a.parser = .dns
        conversations[Int(place)].b.parser = .dns
    }

    /// Forgets a conversation; what is passing by in it is told as cut off, with `context` of the last packet from a.
    mutating func close(_ place: Int32, context: borrowing MessageContext, output: inout [Fact]) {
        let index = Int(place)
        guard conversations.indices.contains(index), conversations[index].flow != nil else { return }
        conversations[index].a.parser.close(orderly: false, context, &output)
        conversations[index].b.parser.close(orderly: false, context.reversed, &output)
        heldBytes &-= conversations[index].a.heldBytes &+ conversations[index].b.heldBytes
        conversations[index] = Conversation(a: HalfStream(next: nil), b: HalfStream(next: nil))
        free.append(place)
    }

    /// Feeds a segment. `claimed` is its length on the wire, `sequence` that of its first byte.
    mutating func segment(
        _ bytes: Span<UInt8>, place: Int32, fromA: Bool, tcp: borrowing TCPHeader, claimed: Int,
        context: borrowing MessageContext, output: inout [Fact]
    ) -> Outcome {
        let index = Int(place)
        let before = conversations[index].a.heldBytes &+ conversations[index].b.heldBytes
        conversations[index].segment(
            bytes, fromA: fromA, tcp: tcp, claimed: claimed, limit: streamLimit, context: context, output: &output)
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
        _ bytes: Span<UInt8>, fromA: Bool, tcp: borrowing TCPHeader, claimed: Int, limit: Int, context: borrowing MessageContext,
        output: inout [Fact]
    ) {
        if fromA {
            Self.segment(
                bytes, from: &a, to: &b, &exchange, tcp, claimed: claimed, limit: limit, context: context, output: &output)
        } else {
            Self.segment(
                bytes, from: &b, to: &a, &exchange, tcp, claimed: claimed, limit: limit, context: context, output: &output)
        }
    }

    private static func segment(
        _ bytes: Span<UInt8>, from sender: inout HalfStream, to receiver: inout HalfStream, _ exchange: inout HTTPExchange,
        _ tcp: borrowing TCPHeader, claimed: Int, limit: Int, context: borrowing MessageContext, output: inout [Fact]
    ) {
        if tcp.isAcknowledge, receiver.isWaiting {
            receiver.acknowledged(
                tcp.acknowledgement, limit: limit, exchange: &exchange, context: context.reversed, output: &output)
        }
        if claimed > 0 {
            sender.segment(
                bytes, at: tcp.firstByte, claimed: claimed, limit: limit, exchange: &exchange, context: context, output: &output)
        }
        if tcp.isFinish {
            sender.finish(at: tcp.firstByte &+ UInt32(truncatingIfNeeded: claimed), context: context, output: &output)
        }
    }

    /// Whether following it is still worth while.
    fileprivate var outcome: StreamTable.Outcome {
        if a.parser.isFinished, b.parser.isFinished { return .settled }
        return a.isIdle && b.isIdle ? .plain : .goesOn
    }
}
