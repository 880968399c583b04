import Wire

/// What both directions of an HTTP conversation need to know of each other.
struct HTTPExchange: Sendable {
    /// Bit n: the n-th request that waits for its answer was HEAD.
    private var heads: UInt64 = 0
    private var connects: UInt64 = 0
    private var waiting = 0
    /// Another protocol speaks after a successful CONNECT or an upgrade.
    private(set) var isTunnel = false

    mutating func requested(_ method: String) {
        guard waiting < 64 else { return }
        if method == "HEAD" { heads |= 1 << UInt64(waiting) }
        if method == "CONNECT" { connects |= 1 << UInt64(waiting) }
        waiting &+= 1
    }

    /// Notes a final answer; returns whether it has no body whatever its fields say (RFC 9112 §6.3).
    mutating func answered(_ status: UInt16) -> Bool {
        if status == 101 { isTunnel = true }
        guard status >= 200 else { return true }
        defer {
            heads >>= 1
            connects >>= 1
            waiting = max(0, waiting &- 1)
        }
        if connects & 1 == 1, status < 300 {
            isTunnel = true
            return true
        }
        return heads & 1 == 1 || status == 204 || status == 304
    }
}

/// One direction of an HTTP/1.x conversation: heads are read, bodies passed over and counted (RFC 9112).
struct HTTPStream: Sendable {
    private enum Expectation {
        case head(searched: Int)
        case body(UInt64)
        case chunkSize
        case chunk(UInt64)
        case trailer
        /// Until the connection closes; a new head is noticed at a segment's beginning.
        case rest
    }

    /// A response whose body is passing by.
    private struct Response {
        var status: UInt16
        var server: String
        var bodyLength: UInt64 = 0
    }

    private var expectation: Expectation = .head(searched: 0)
    private var response: Response?
    /// Bytes were lost: of the message that is passing, or so that where the next begins is a guess.
    private var isGuess = false

    var isBetweenMessages: Bool { if case .head(0) = expectation { true } else { false } }

    mutating func parse(
        _ bytes: Span<UInt8>, exchange: inout HTTPExchange, context: borrowing MessageContext, output: inout [Fact]
    ) -> Int {
        var offset = 0
        while offset < bytes.count {
            let rest = bytes.extracting(offset..<bytes.count)
            switch expectation {
            case .head(let searched):
                guard let length = head(rest, searched: searched, exchange: &exchange, context: context, output: &output) else {
                    return offset
                }
                offset &+= length
            case .body(let remaining), .chunk(let remaining):
                let length = Int(min(remaining, UInt64(rest.count)))
                _ = pass(length)
                offset &+= length
            case .chunkSize, .trailer:
                guard let length = line(rest) else { return offset }
                offset &+= length
            case .rest:
                guard HTTPHead.canStart(rest) else {
                    _ = pass(rest.count)
                    return bytes.count
                }
                tellResponse(whole: false, context, &output)
                expectation = .head(searched: 0)
            }
            if isBetweenMessages {
                tellResponse(whole: true, context, &output)
                if exchange.isTunnel { return offset }
            }
        }
        return offset
    }

    /// Passes over lost bytes of a body; false where they are not all within one.
    mutating func skip(_ count: Int) -> Bool {
        guard pass(count) else { return false }
        isGuess = true
        return true
    }

    /// Bytes of a head or of a body's framing were lost.
    mutating func resynchronise(_ context: borrowing MessageContext, _ output: inout [Fact]) {
        isGuess = true
        tellResponse(whole: false, context, &output)
        expectation = .rest
    }

    /// The sender closed its side; `orderly` with all bytes before it seen. A body without a length is whole then.
    mutating func close(orderly: Bool, _ context: borrowing MessageContext, _ output: inout [Fact]) {
        if case .rest = expectation {
            tellResponse(whole: orderly, context, &output)
        } else {
            tellResponse(whole: false, context, &output)
        }
    }

    /// Counts bytes of a body; false where they are not all within one.
    private mutating func pass(_ count: Int) -> Bool {
        let count = UInt64(truncatingIfNeeded: count)
        switch expectation {
        case .body(let remaining) where remaining >= count:
            expectation = remaining == count ? .head(searched: 0) : .body(remaining &- count)
        case .chunk(let remaining) where remaining >= count:
            expectation = remaining == count ? .chunkSize : .chunk(remaining &- count)
        case .rest: break
        default: return false
        }
        response?.bodyLength &+= count
        return true
    }

    private mutating func tellResponse(whole: Bool, _ context: borrowing MessageContext, _ output: inout [Fact]) {
        guard let told = response else { return }
        response = nil
        let message = HTTPFact.Message.response(status: told.status, server: told.server, bodyLength: told.bodyLength)
        output.append(
            .http(
                HTTPFact(
                    at: context.at, endpoints: context.endpoints, message: message, isAmbiguous: isGuess || !whole,
                    isTunnelled: context.isTunnelled)))
    }

    /// Reads a head and returns its length; nil when it is not complete.
    private mutating func head(
        _ bytes: Span<UInt8>, searched: Int, exchange: inout HTTPExchange, context: borrowing MessageContext, output: inout [Fact]
    ) -> Int? {
        let blank = leadingLineEnds(bytes)
        if blank > 0 { return blank }
        guard let end = HTTPHead.end(in: bytes, searched: searched) else {
            if bytes.count >= 16, !HTTPHead.canStart(bytes) {
                expectation = .rest
                return bytes.count
            }
            expectation = .head(searched: max(0, bytes.count &- 3))
            return nil
        }
        guard let head = try? HTTPHead(parsing: bytes.extracting(0..<end)) else {
            expectation = .rest
            return end
        }
        tell(head, exchange: &exchange, context: context, output: &output)
        return end
    }

    /// Reads a head whose end the capture cut off, for what is there of it.
    mutating func cutHead(
        _ bytes: Span<UInt8>, exchange: inout HTTPExchange, context: borrowing MessageContext, output: inout [Fact]
    ) {
        guard case .head = expectation, HTTPHead.canStart(bytes), let head = try? HTTPHead(parsing: bytes) else { return }
        isGuess = true
        tell(head, exchange: &exchange, context: context, output: &output)
    }

    private mutating func tell(
        _ head: HTTPHead, exchange: inout HTTPExchange, context: borrowing MessageContext, output: inout [Fact]
    ) {
        expectation = .head(searched: 0)
        switch head.start {
        case .request(let method, let target):
            exchange.requested(method)
            let message = HTTPFact.Message.request(
                method: method, target: target, host: head.host, userAgent: head.userAgent,
                hasCredentials: head.hasBasicCredentials)
            output.append(
                .http(
                    HTTPFact(
                        at: context.at, endpoints: context.endpoints, message: message, isAmbiguous: isGuess,
                        isTunnelled: context.isTunnelled)))
            expect(head.framing, otherwise: .head(searched: 0))
        case .response(let status):
            response = Response(status: status, server: head.server)
            if !exchange.answered(status) { expect(head.framing, otherwise: .rest) }
        }
    }

    /// Line ends before a start line are passed over (RFC 9112 §2.2).
    private func leadingLineEnds(_ bytes: Span<UInt8>) -> Int {
        var count = 0
        while count < bytes.count, bytes[count] == 13 || bytes[count] == 10 { count &+= 1 }
        return count
    }

    /// What follows a head (RFC 9112 §6.3).
    private mutating func expect(_ framing: HTTPHead.Framing, otherwise: Expectation) {
        expectation =
            switch framing {
            case .length(0): .head(searched: 0)
            case .length(let length): .body(length)
            case .chunked: .chunkSize
            case .none: otherwise
            }
    }

    /// Reads a chunk's size line or a trailer's line and returns its length; nil when it is not complete (RFC 9112 §7.1).
    private mutating func line(_ bytes: Span<UInt8>) -> Int? {
        var end = 0
        while end < bytes.count, bytes[end] != 10 { end &+= 1 }
        guard end < bytes.count else {
            guard end > 1024 else { return nil }
            expectation = .rest
            return end
        }
        let isEmpty = end == 0 || end == 1 && bytes[0] == 13
        if case .trailer = expectation {
            if isEmpty { expectation = .head(searched: 0) }
        } else if !isEmpty {
            expectation =
                switch Self.hexadecimal(bytes, end) {
                case .some(0): .trailer
                case .some(let size): .chunk(size)
                case nil: .rest
                }
        }
        return end &+ 1
    }

    /// The number at the front of a chunk's size line; nil when there is none or it is too big.
    private static func hexadecimal(_ bytes: Span<UInt8>, _ end: Int) -> UInt64? {
        var number: UInt64 = 0
        var digits = 0
        for index in 0..<end {
            let digit: UInt8
            switch bytes[index] {
            case 48...57: digit = bytes[index] &- 48
            case 65...70: digit = bytes[index] &- 55
            case 97...102: digit = bytes[index] &- 87
            default: return digits > 0 ? number : nil
            }
            digits &+= 1
            guard digits <= 15 else { return nil }
            number = number << 4 | UInt64(digit)
        }
        return digits > 0 ? number : nil
    }
}
