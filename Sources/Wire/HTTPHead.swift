/// The head of an HTTP/1.x message (RFC 9112 §2.1): start line and the fields that tell who, where and how long.
package struct HTTPHead: Sendable {
    package enum Start: Sendable, Equatable {
        case request(method: String, target: String)
        case response(status: UInt16)
    }

    package enum Framing: Sendable, Equatable {
        /// Nothing, or nothing known, follows.
        case none
        case length(UInt64)
        case chunked
    }

    package private(set) var start: Start
    /// Of a request `Host`, lower case; "" without it.
    package private(set) var host = ""
    package private(set) var userAgent = ""
    package private(set) var server = ""
    /// `Authorization: Basic` was there.
    package private(set) var hasBasicCredentials = false
    package private(set) var framing: Framing = .none
    /// `Upgrade` was there.
    package private(set) var isUpgrade = false

    /// `bytes` hold the whole head, up to and with its empty line.
    package init(parsing bytes: Span<UInt8>) throws(WireError) {
        let end = Self.lineEnd(bytes, from: 0)
        start = try Self.startLine(bytes, end: Self.trimmed(bytes, 0, end).upperBound)
        var line = end &+ 1
        while line < bytes.count {
            let next = Self.lineEnd(bytes, from: line)
            field(bytes, line, next)
            line = next &+ 1
        }
    }

    /// Where a head ends, behind its empty line; nil when it is not complete. Bare LF is taken too (RFC 9112 §2.2).
    ///
    /// `searched` bytes are known to hold no end.
    package static func end(in bytes: Span<UInt8>, searched: Int = 0) -> Int? {
        var offset = max(0, searched)
        while offset < bytes.count {
            guard bytes[offset] == 10 else {
                offset &+= 1
                continue
            }
            if offset &+ 1 < bytes.count, bytes[offset &+ 1] == 10 { return offset &+ 2 }
            if offset &+ 2 < bytes.count, bytes[offset &+ 1] == 13, bytes[offset &+ 2] == 10 { return offset &+ 3 }
            offset &+= 1
        }
        return nil
    }

    /// Whether `bytes` begin a message: a known method and a space, or `HTTP/1.`.
    package static func canStart(_ bytes: Span<UInt8>) -> Bool {
        guard let first = bytes.number(UInt8.self, at: 0), first >= 65, first <= 90 else { return false }
        return methodLength(bytes) != nil || bytes.hasPrefix("HTTP/1.")
    }

    /// Whether so few bytes may be the beginning of a message: a part of a method, or of `HTTP/1.`.
    package static func mayStart(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count > 0, bytes.count < 20 else { return false }
        return bytes.isPrefix(of: "HTTP/1.") || methods.contains { bytes.isPrefix(of: $0) }
    }

    private static func startLine(_ bytes: Span<UInt8>, end: Int) throws(WireError) -> Start {
        if bytes.hasPrefix("HTTP/") {
            let space = index(of: 32, in: bytes, 5, end)
            guard let space, space &+ 4 <= end else { throw .truncated(field: "status", needed: 12, available: end) }
            var status: UInt16 = 0
            for offset in (space &+ 1)..<(space &+ 4) {
                guard bytes[offset] >= 48, bytes[offset] <= 57 else {
                    throw .unexpected(field: "status", value: Int(bytes[offset]))
                }
                status = status &* 10 &+ UInt16(bytes[offset] &- 48)
            }
            return .response(status: status)
        }
        guard let space = methodLength(bytes) else {
            throw .unexpected(field: "method", value: Int(bytes.number(UInt8.self, at: 0) ?? 0))
        }
        // The version tells HTTP from RTSP (RFC 2326 §6.1) and SIP, whose lines are alike; cut off before it, there is none.
        let last = lastIndex(of: 32, in: bytes, space &+ 1, end)
        if let last, last &+ 1 < end, !bytes.extracting((last &+ 1)..<end).agrees(with: "HTTP/") {
            throw .unexpected(field: "version", value: Int(bytes[last &+ 1]))
        }
        return .request(method: bytes.text(0..<space), target: bytes.text(bytes.clamped(space &+ 1, last ?? end)))
    }

    private mutating func field(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) {
        guard let colon = Self.index(of: 58, in: bytes, start, end) else { return }
        let value = Self.trimmed(bytes, colon &+ 1, end)
        switch colon &- start {
        case 4 where bytes.hasPrefix(ignoringCase: "host", at: start):
            if host.isEmpty { host = bytes.text(value).lowercased() }
        case 6 where bytes.hasPrefix(ignoringCase: "server", at: start): server = bytes.text(value)
        case 7 where bytes.hasPrefix(ignoringCase: "upgrade", at: start): isUpgrade = true
        case 10 where bytes.hasPrefix(ignoringCase: "user-agent", at: start): userAgent = bytes.text(value)
        case 13 where bytes.hasPrefix(ignoringCase: "authorization", at: start):
            hasBasicCredentials = bytes.hasPrefix(ignoringCase: "basic ", at: value.lowerBound)
        case 14 where bytes.hasPrefix(ignoringCase: "content-length", at: start): contentLength(bytes, value)
        case 17 where bytes.hasPrefix(ignoringCase: "transfer-encoding", at: start):
            // `chunked` is the last coding of a list (RFC 9112 §6.1).
            if value.count >= 7, bytes.hasPrefix(ignoringCase: "chunked", at: value.upperBound &- 7) { framing = .chunked }
        default: break
        }
    }

    /// `chunked` wins over a length (RFC 9112 §6.3).
    private mutating func contentLength(_ bytes: Span<UInt8>, _ value: Range<Int>) {
        guard framing != .chunked, !value.isEmpty, value.count <= 18 else { return }
        var number: UInt64 = 0
        for offset in value {
            guard bytes[offset] >= 48, bytes[offset] <= 57 else { return }
            number = number &* 10 &+ UInt64(bytes[offset] &- 48)
        }
        framing = .length(number)
    }
}

extension HTTPHead {
    /// The methods that are recognised: RFC 9110, WebDAV (RFC 4918 and kin) and UPnP's.
    private static let methods: [StaticString] = [
        "GET ", "POST ", "HEAD ", "PUT ", "DELETE ", "OPTIONS ", "CONNECT ", "PATCH ", "TRACE ", "PROPFIND ", "PROPPATCH ",
        "MKCOL ",
        "COPY ", "MOVE ", "LOCK ", "UNLOCK ", "REPORT ", "SEARCH ", "SUBSCRIBE ", "UNSUBSCRIBE ", "NOTIFY ", "POLL ",
        "BPROPFIND ",
        "BPROPPATCH ", "BCOPY ", "BMOVE ", "BDELETE ", "CHECKOUT ", "CHECKIN ", "UNCHECKOUT ", "VERSION-CONTROL ", "MERGE ",
        "MKACTIVITY ", "MKWORKSPACE ", "LABEL ", "ACL ", "ORDERPATCH ", "MKCALENDAR ", "LINK ", "UNLINK ", "M-SEARCH ", "SOURCE ",
        "RPC_IN_DATA ", "RPC_OUT_DATA ", "CCM_POST ", "SSTP_DUPLEX_POST ", "BITS_POST ",
    ]

    private static let longestMethod = 17

    /// The length of the method that `bytes` begin with, without the space behind it.
    static func methodLength(_ bytes: Span<UInt8>) -> Int? {
        var length = 0
        while length < bytes.count, length < longestMethod, bytes[length] != 32 {
            guard bytes[length] >= 65 && bytes[length] <= 95 || bytes[length] == 45 else { return nil }
            length &+= 1
        }
        for method in methods where method.utf8CodeUnitCount == length &+ 1 && bytes.hasPrefix(method) { return length }
        return nil
    }

    /// The position of the next LF, or the end.
    static func lineEnd(_ bytes: Span<UInt8>, from start: Int) -> Int {
        index(of: 10, in: bytes, start, bytes.count) ?? bytes.count
    }

    static func index(of byte: UInt8, in bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
        for offset in bytes.clamped(start, end) where bytes[offset] == byte { return offset }
        return nil
    }

    static func lastIndex(of byte: UInt8, in bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
        for offset in bytes.clamped(start, end).reversed() where bytes[offset] == byte { return offset }
        return nil
    }

    /// The range without white space at its ends.
    static func trimmed(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Range<Int> {
        var range = bytes.clamped(start, end)
        while let first = range.first, bytes[first] <= 32 { range = (first &+ 1)..<range.upperBound }
        while let last = range.last, bytes[last] <= 32 { range = range.lowerBound..<last }
        return range
    }
}
