import Wire

/// One direction of a TCP conversation: puts segments in order and feeds a parser, keeping only what is not yet whole.
struct HalfStream: Sendable {
    private struct EarlySegment: Sendable {
        var sequence: UInt32
        var bytes: [UInt8]
        /// Bytes that the sender's headers claim and the capture cut off.
        var missing: Int
    }

    var parser: StreamParser = .undecided
    /// The next sequence number that is not yet consumed.
    private var next: UInt32
    /// `next` is known; otherwise the first segment says it.
    private var isSynchronised: Bool
    /// In order, not yet parsed.
    private var buffer: [UInt8] = []
    /// Ahead of a hole, sorted by sequence number.
    private var early: [EarlySegment] = []
    private var earlyBytes = 0
    /// Segments kept ahead of a hole; more says that the hole will not be filled.
    private static let maximumEarly = 64

    init(next: UInt32?) {
        self.next = next ?? 0
        isSynchronised = next != nil
    }

    var heldBytes: Int { buffer.count &+ earlyBytes }
    /// Nothing was recognised and nothing is kept.
    var isIdle: Bool { parser.isUndecided && buffer.isEmpty && early.isEmpty }
    var isWaiting: Bool { !early.isEmpty }

    /// Takes a segment; `claimed` is its length on the wire, which a snap length may have cut.
    mutating func segment(
        _ bytes: Span<UInt8>, at sequence: UInt32, claimed: Int, limit: Int, exchange: inout HTTPExchange,
        context: borrowing MessageContext,
        output: inout [Fact]
    ) {
        if !isSynchronised {
            isSynchronised = true
            next = sequence
        }
        let ahead = Int(Int32(bitPattern: sequence &- next))
        if ahead > 0, !canSkip(ahead) {
            keep(bytes, at: sequence, missing: claimed &- bytes.count, limit: limit)
            if early.count >= Self.maximumEarly {
                closeHole(limit: limit, exchange: &exchange, context: context, output: &output)
            }
            return
        }
        take(bytes, at: sequence, claimed: claimed, limit: limit, exchange: &exchange, context: context, output: &output)
        drain(limit: limit, exchange: &exchange, context: context, output: &output)
    }

    /// The other side has acknowledged up to `sequence`: what is missing before it was lost by the capture, not by the network.
    mutating func acknowledged(
        _ sequence: UInt32, limit: Int, exchange: inout HTTPExchange, context: borrowing MessageContext, output: inout [Fact]
    ) {
        guard let first = early.first, Int32(bitPattern: sequence &- first.sequence) > 0 else { return }
        closeHole(limit: limit, exchange: &exchange, context: context, output: &output)
    }

    /// The sender's FIN stands at `sequence`.
    mutating func finish(at sequence: UInt32, context: borrowing MessageContext, output: inout [Fact]) {
        guard next == sequence, early.isEmpty else { return }
        parser.close(orderly: buffer.isEmpty, context, &output)
    }

    /// Gives up waiting for what is missing and goes on behind the hole.
    private mutating func closeHole(
        limit: Int, exchange: inout HTTPExchange, context: borrowing MessageContext, output: inout [Fact]
    ) {
        guard let first = early.first else { return }
        jump(to: first.sequence, context, &output)
        drain(limit: limit, exchange: &exchange, context: context, output: &output)
    }

    private mutating func jump(to sequence: UInt32, _ context: borrowing MessageContext, _ output: inout [Fact]) {
        let distance = Int(Int32(bitPattern: sequence &- next))
        if distance > 0, !canSkip(distance) { parser.resynchronise(context, &output) }
        if distance > 0 { buffer.removeAll(keepingCapacity: false) }
        next = sequence
    }

    /// Passes over missing bytes where nothing needs them; then none of what was before may be waiting for them.
    private mutating func canSkip(_ count: Int) -> Bool { buffer.isEmpty && parser.skip(count) }

    private mutating func keep(_ bytes: Span<UInt8>, at sequence: UInt32, missing: Int, limit: Int) {
        guard earlyBytes &+ bytes.count <= limit, !early.contains(where: { $0.sequence == sequence }) else { return }
        let place = early.firstIndex { Int32(bitPattern: $0.sequence &- sequence) > 0 } ?? early.count
        early.insert(EarlySegment(sequence: sequence, bytes: bytes.copy(0..<bytes.count), missing: missing), at: place)
        earlyBytes &+= bytes.count
    }

    private mutating func drain(
        limit: Int, exchange: inout HTTPExchange, context: borrowing MessageContext, output: inout [Fact]
    ) {
        while let first = early.first, Int32(bitPattern: first.sequence &- next) <= 0 {
            early.removeFirst()
            earlyBytes &-= first.bytes.count
            take(
                first.bytes.span, at: first.sequence, claimed: first.bytes.count &+ first.missing, limit: limit,
                exchange: &exchange,
                context: context, output: &output)
        }
    }

    /// Consumes a segment that begins at or before `next`.
    private mutating func take(
        _ bytes: Span<UInt8>, at sequence: UInt32, claimed: Int, limit: Int, exchange: inout HTTPExchange,
        context: borrowing MessageContext,
        output: inout [Fact]
    ) {
        let known = Int(Int32(bitPattern: next &- sequence))
        guard known < claimed else { return }
        if known <= 0 { next = sequence }
        let start = max(0, known)
        if start < bytes.count {
            deliver(bytes.extracting(start..<bytes.count), limit: limit, exchange: &exchange, context: context, output: &output)
        }
        next = sequence &+ UInt32(truncatingIfNeeded: max(claimed, bytes.count))
        let missing = claimed &- max(bytes.count, start)
        if missing > 0 {
            let waiting = buffer
            if !waiting.isEmpty { parser.cut(waiting.span, exchange: &exchange, context: context, output: &output) }
            if !canSkip(missing) { parser.resynchronise(context, &output) }
            buffer.removeAll(keepingCapacity: false)
        }
    }

    private mutating func deliver(
        _ bytes: Span<UInt8>, limit: Int, exchange: inout HTTPExchange, context: borrowing MessageContext, output: inout [Fact]
    ) {
        if buffer.isEmpty {
            let used = parser.parse(bytes, exchange: &exchange, context: context, output: &output)
            if used < bytes.count { buffer = bytes.copy(used..<bytes.count) }
        } else {
            var whole: [UInt8] = []
            swap(&whole, &buffer)
            whole.append(bytes)
            let used = parser.parse(whole.span, exchange: &exchange, context: context, output: &output)
            if parser.isUndecided, used == whole.count {
                // What waited was no beginning; this segment may be one.
                return deliver(bytes, limit: limit, exchange: &exchange, context: context, output: &output)
            }
            guard used < whole.count else { return }
            whole.removeFirst(used)
            swap(&whole, &buffer)
        }
        if buffer.count > limit {
            buffer.removeAll(keepingCapacity: false)
            parser.resynchronise(context, &output)
        }
    }
}
