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

/// One direction of an HTTP/1.x conversation: heads are read, bodies passed over (RFC 9112).
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

    private var expectation: Expectation = .head(searched: 0)
    /// Bytes were lost before: where messages begin is a guess.
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
                if exchange.isTunnel, isBetweenMessages { return offset }
            case .body(let remaining), .chunk(let remaining):
                let length = Int(min(remaining, UInt64(rest.count)))
                _ = skip(length)
                offset &+= length
            case .chunkSize, .trailer:
                guard let length = line(rest) else { return offset }
                offset &+= length
            case .rest:
                guard HTTPHead.canStart(rest) else { return bytes.count }
                expectation = .head(searched: 0)
            }
        }
        return offset
    }

    /// Passes over bytes of a body; false where they are not all within one.
    mutating func skip(_ count: Int) -> Bool {
        let count = UInt64(truncatingIfNeeded: count)
        switch expectation {
        case .body(let remaining) where remaining >= count:
            expectation = remaining == count ? .head(searched: 0) : .body(remaining &- count)
        case .chunk(let remaining) where remaining >= count:
            expectation = remaining == count ? .chunkSize : .chunk(remaining &- count)
        case .rest: break
        default: return false
        }
        return true
    }

    mutating func resynchronise() {
        expectation = .rest
        isGuess = true
    }

    /// Bytes of a body were lost; the next head is where the body's length says.
    mutating func noteLoss() { isGuess = true }

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
        report(head, context: context, output: &output)
        expect(head, exchange: &exchange)
        return end
    }

    /// Line ends before a start line are passed over (RFC 9112 §2.2).
    private func leadingLineEnds(_ bytes: Span<UInt8>) -> Int {
        var count = 0
        while count < bytes.count, bytes[count] == 13 || bytes[count] == 10 { count &+= 1 }
        return count
    }

    private func report(_ head: HTTPHead, context: borrowing MessageContext, output: inout [Fact]) {
        let message: HTTPFact.Message =
            switch head.start {
            case .request(let method, let target):
                .request(
                    method: method, target: target, host: head.host, userAgent: head.userAgent, hasCredentials: head.hasBasicCredentials)
            case .response(let status): .response(status: status, server: head.server)
            }
        output.append(
            .http(HTTPFact(at: context.at, endpoints: context.endpoints, message: message, isAmbiguous: isGuess, isTunnelled: context.isTunnelled)))
    }

    /// What follows the head (RFC 9112 §6.3).
    private mutating func expect(_ head: HTTPHead, exchange: inout HTTPExchange) {
        expectation = .head(searched: 0)
        var endsWithConnection = false
        switch head.start {
        case .request(let method, _): exchange.requested(method)
        case .response(let status):
            if exchange.answered(status) { return }
            endsWithConnection = true
        }
        switch head.framing {
        case .length(0): break
        case .length(let length): expectation = .body(length)
        case .chunked: expectation = .chunkSize
        case .none: if endsWithConnection { expectation = .rest }
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
