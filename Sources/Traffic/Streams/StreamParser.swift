import Wire

/// What one direction of a conversation is read as.
enum StreamParser: Sendable {
    /// Nothing was recognised so far: each segment's beginning is looked at.
    case undecided
    case http(HTTPStream)
    case tls(TLSStream)
    case dns
    case ssh
    /// Nothing (more) to be read.
    case finished

    /// A line that a load balancer puts before everything else (HAProxy's PROXY protocol, version 1) is not longer.
    private static let maximumProxyLine = 108

    /// Whether nothing has been read yet.
    var isUndecided: Bool { if case .undecided = self { true } else { false } }
    /// Whether nothing will be read any more.
    var isFinished: Bool { if case .finished = self { true } else { false } }

    /// Whether a conversation is worth following from a segment with these bytes on; `isFirst` of its sender.
    @inline(__always)
    static func isWorthFollowing(_ bytes: Span<UInt8>, isFirst: Bool) -> Bool {
        guard bytes.count > 0 else { return false }
        let first = bytes[0]
        guard first == 21 || first == 22 || first >= 65 && first <= 90 else { return false }
        return recognise(bytes) != nil || bytes.hasPrefix("PROXY ") || isFirst && mayBegin(bytes)
    }

    /// What `bytes` begin; nil when nothing that is read.
    static func recognise(_ bytes: Span<UInt8>) -> StreamParser? {
        guard bytes.count > 0 else { return nil }
        let first = bytes[0]
        if first == 22 { return TLSRecord.startsHello(bytes) ? .tls(TLSStream()) : nil }
        // A server may warn before it greets (RFC 6066 §3: unrecognized_name).
        if first == 21, bytes.count > 12, bytes[1] == 3, bytes[3] == 0, bytes[4] == 2 {
            return TLSRecord.startsHello(bytes.extracting(7..<bytes.count)) ? .tls(TLSStream()) : nil
        }
        guard first >= 65, first <= 90 else { return nil }
        if HTTPHead.canStart(bytes) { return .http(HTTPStream()) }
        return bytes.hasPrefix("SSH-") ? .ssh : nil
    }

    /// Whether bytes that are too few to tell may be the beginning of something that is read.
    static func mayBegin(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count > 0 else { return false }
        if bytes[0] == 22 { return bytes.count < 6 && TLSRecord.mayStartHello(bytes) }
        return bytes[0] >= 65 && bytes[0] <= 90 && (HTTPHead.mayStart(bytes) || bytes.isPrefix(of: "SSH-"))
    }

    /// Reads whole messages from the front of `bytes` and returns how many bytes it is done with.
    mutating func parse(
        _ bytes: Span<UInt8>, exchange: inout HTTPExchange, context: borrowing MessageContext, output: inout [Fact]
    ) -> Int {
        switch self {
        case .undecided:
            let start = Self.proxyLine(bytes)
            let rest = bytes.extracting(start..<bytes.count)
            guard let found = Self.recognise(rest) else { return Self.mayBegin(rest) ? start : bytes.count }
            self = found
            return start &+ parse(rest, exchange: &exchange, context: context, output: &output)
        case .http(let stream) where exchange.isTunnel && stream.isBetweenMessages:
            self = .undecided
            return parse(bytes, exchange: &exchange, context: context, output: &output)
        case .http(var stream):
            let used = stream.parse(bytes, exchange: &exchange, context: context, output: &output)
            self = .http(stream)
            return used
        case .tls(var stream):
            self = .finished  // so that the stream's bytes have one owner while it changes them
            let used = stream.parse(bytes, context: context, output: &output)
            if !stream.isFinished { self = .tls(stream) }
            return used
        case .dns: return DNSStream.parse(bytes, context: context, output: &output)
        case .ssh:
            guard let end = SSHStream.parse(bytes, context: context, output: &output) else { return 0 }
            self = .finished
            return end
        case .finished: return bytes.count
        }
    }

    private static func proxyLine(_ bytes: Span<UInt8>) -> Int {
        guard bytes.hasPrefix("PROXY ") else { return 0 }
        for offset in 6..<min(bytes.count, maximumProxyLine) where bytes[offset] == 10 { return offset &+ 1 }
        return 0
    }

    /// Passes over `count` bytes that are missing, where they are not needed; false where they are.
    mutating func skip(_ count: Int) -> Bool {
        switch self {
        case .finished: return true
        case .http(var stream):
            guard stream.skip(count) else { return false }
            self = .http(stream)
            return true
        case .tls(var stream):
            guard stream.skip(count) else { return false }
            self = .tls(stream)
            return true
        case .undecided, .dns, .ssh: return false
        }
    }

    /// Bytes were lost in the middle of a message: look for the next beginning.
    mutating func resynchronise(_ context: borrowing MessageContext, _ output: inout [Fact]) {
        switch self {
        case .http(var stream):
            stream.resynchronise(context, &output)
            self = .http(stream)
        case .undecided, .finished, .dns: break
        case .tls, .ssh: self = .undecided
        }
    }

    /// The capture cut off what follows `bytes`, which wait for it: reads what is there, where that tells something.
    mutating func cut(
        _ bytes: Span<UInt8>, exchange: inout HTTPExchange, context: borrowing MessageContext, output: inout [Fact]
    ) {
        switch self {
        case .http(var stream):
            stream.cutHead(bytes, exchange: &exchange, context: context, output: &output)
            self = .http(stream)
        case .tls: TLSStream.cutHello(bytes, context: context, output: &output)
        default: break
        }
    }

    /// The sender's side is over; `orderly` by its FIN, with all bytes before it seen.
    mutating func close(orderly: Bool, _ context: borrowing MessageContext, _ output: inout [Fact]) {
        guard case .http(var stream) = self else { return }
        stream.close(orderly: orderly, context, &output)
        self = .http(stream)
    }
}
