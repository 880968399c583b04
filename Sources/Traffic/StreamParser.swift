import Wire

/// What one direction of a conversation is read as.
enum StreamParser: Sendable {
    /// Too few bytes to tell.
    case undecided
    case http(HTTPStream)
    case tls(TLSStream)
    case dns
    case ssh
    /// Nothing (more) to be read.
    case ignored

    /// Bytes that are too few to tell a protocol from are kept up to here.
    private static let decisive = 24

    var isIgnored: Bool { if case .ignored = self { true } else { false } }
    var isUndecided: Bool { if case .undecided = self { true } else { false } }
    var keepsBytes: Bool { !isIgnored }

    /// What `bytes` begin; nil when nothing that is read. `port` is true for a conversation with port 53.
    static func recognise(_ bytes: Span<UInt8>) -> StreamParser? {
        guard bytes.count > 0 else { return nil }
        let first = bytes[0]
        if first == 22 { return TLSRecord.startsHello(bytes) ? .tls(TLSStream()) : nil }
        guard first >= 65, first <= 90 else { return nil }
        if HTTPHead.canStart(bytes) { return .http(HTTPStream()) }
        return bytes.hasPrefix("SSH-") ? .ssh : nil
    }

    /// Whether so few bytes may be the beginning of something that is read.
    static func mayBegin(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count > 0, bytes.count < decisive else { return false }
        return bytes[0] == 22 || bytes[0] >= 65 && bytes[0] <= 90
    }

    /// Reads whole messages from the front of `bytes` and returns how many bytes it is done with.
    mutating func parse(
        _ bytes: Span<UInt8>, exchange: inout HTTPExchange, context: borrowing MessageContext, output: inout [Fact]
    ) -> Int {
        switch self {
        case .undecided:
            if let found = Self.recognise(bytes) {
                self = found
                return parse(bytes, exchange: &exchange, context: context, output: &output)
            }
            if bytes.count >= Self.decisive { self = .ignored }
            return 0
        case .http(var stream):
            let used = stream.parse(bytes, exchange: &exchange, context: context, output: &output)
            if exchange.isTunnel, stream.isBetweenMessages {
                self = .undecided
                return used
            }
            self = .http(stream)
            return used
        case .tls(var stream):
            self = .ignored  // so that the stream's bytes have one owner while it changes them
            let used = stream.parse(bytes, context: context, output: &output)
            if !stream.isFinished { self = .tls(stream) }
            return used
        case .dns: return DNSStream.parse(bytes, context: context, output: &output)
        case .ssh:
            guard let end = SSHStream.parse(bytes, context: context, output: &output) else { return 0 }
            self = .ignored
            return end
        case .ignored: return bytes.count
        }
    }

    /// Passes over `count` bytes that are missing, where they are not needed; false where they are. `dryRun` asks nothing of the parser
    /// when bytes are waiting: then none may be missing.
    mutating func skip(_ count: Int, dryRun: Bool) -> Bool {
        switch self {
        case .ignored: return true
        case .http(var stream):
            guard !dryRun, stream.skip(count) else { return false }
            self = .http(stream)
            return true
        case .tls(var stream):
            guard !dryRun, stream.skip(count) else { return false }
            self = .tls(stream)
            return true
        default: return false
        }
    }

    /// Bytes were lost in the middle of a message: look for the next beginning.
    mutating func resynchronise() {
        switch self {
        case .http(var stream):
            stream.resynchronise()
            self = .http(stream)
        case .undecided, .ignored: break
        case .tls, .dns, .ssh: self = .undecided
        }
    }
}
