/// A ClientHello (RFC 8446 §4.1.2), read for JA3 and for the name that is asked for.
package struct ClientHello: Sendable {
    /// `legacy_version`: what JA3 uses.
    package let version: UInt16
    package private(set) var cipherSuites: [UInt16] = []
    package private(set) var extensions: [UInt16] = []
    package private(set) var groups: [UInt16] = []
    package private(set) var pointFormats: [UInt8] = []
    package private(set) var supportedVersions: [UInt16] = []
    /// SNI (RFC 6066 §3), lower case; "" without it.
    package private(set) var serverName = ""
    /// ALPN (RFC 7301).
    package private(set) var protocols: [String] = []

    /// `body` is the handshake message without its four bytes of type and length.
    package init(parsing body: Span<UInt8>) throws(WireError) {
        version = try body.bigEndian(UInt16.self, at: 0, "legacy version")
        guard version >> 8 == 3 || version >> 8 == 0x7f else { throw .unexpected(field: "legacy version", value: Int(version)) }
        var offset = 34
        offset &+= 1 &+ Int(try body.bigEndian(UInt8.self, at: offset, "session id length"))
        let suites = Int(try body.bigEndian(UInt16.self, at: offset, "cipher suites length"))
        guard suites <= body.count &- offset &- 2 else {
            throw .impossibleLength(field: "cipher suites length", claimed: suites, available: body.count &- offset &- 2)
        }
        cipherSuites = try Self.numbers(body, offset &+ 2, suites, "cipher suite")
        offset &+= 2 &+ suites
        offset &+= 1 &+ Int(try body.bigEndian(UInt8.self, at: offset, "compression methods length"))
        var cursor = try TLSExtensionCursor(body, at: offset)
        while let item = try cursor.next(body) { try read(item, body) }
    }

    /// The name that a hello asks for of which only the first bytes are there; nil where it is not among them.
    package static func serverName(inCut body: Span<UInt8>) -> String? {
        var offset = 34
        guard let session = body.number(UInt8.self, at: offset) else { return nil }
        offset &+= 1 &+ Int(session)
        guard let suites = body.number(UInt16.self, at: offset) else { return nil }
        offset &+= 2 &+ Int(suites)
        guard let methods = body.number(UInt8.self, at: offset) else { return nil }
        offset &+= 1 &+ Int(methods) &+ 2
        while let type = body.number(UInt16.self, at: offset), let length = body.number(UInt16.self, at: offset &+ 2) {
            let start = offset &+ 4
            guard start &+ Int(length) <= body.count else { return nil }
            if type == 0 { return hostName(body, TLSExtension(type: type, start: start, length: Int(length))) }
            offset = start &+ Int(length)
        }
        return nil
    }

    private mutating func read(_ item: TLSExtension, _ body: Span<UInt8>) throws(WireError) {
        extensions.append(item.type)
        let start = item.start
        switch item.type {
        case 0: serverName = Self.hostName(body, item)
        case 10 where item.length >= 2: groups = try Self.numbers(body, start &+ 2, item.length &- 2, "group")
        case 11 where item.length >= 1: pointFormats = body.copy((start &+ 1)..<(start &+ item.length))
        case 16: protocols = Self.names(body, item)
        case 43 where item.length >= 1:
            supportedVersions = try Self.numbers(body, start &+ 1, item.length &- 1, "supported version")
        default: break
        }
    }

    static func numbers(_ body: Span<UInt8>, _ start: Int, _ length: Int, _ field: StaticName) throws(WireError) -> [UInt16] {
        var list: [UInt16] = []
        list.reserveCapacity(length / 2)
        for index in 0..<(length / 2) { list.append(try body.bigEndian(UInt16.self, at: start &+ index &* 2, field)) }
        return list
    }

    /// The first name of type 0 in a server_name extension.
    private static func hostName(_ body: Span<UInt8>, _ item: TLSExtension) -> String {
        guard item.length >= 5, body[item.start &+ 2] == 0,
            let length = body.number(UInt16.self, at: item.start &+ 3)
        else { return "" }
        let start = item.start &+ 5
        return body.text(start..<min(start &+ Int(length), item.start &+ item.length)).lowercased()
    }

    static func names(_ body: Span<UInt8>, _ item: TLSExtension) -> [String] {
        var list: [String] = []
        var offset = item.start &+ 2
        let end = item.start &+ item.length
        while offset < end, let length = body.number(UInt8.self, at: offset) {
            guard length > 0, offset &+ 1 &+ Int(length) <= end else { break }
            list.append(body.text((offset &+ 1)..<(offset &+ 1 &+ Int(length))))
            offset &+= 1 &+ Int(length)
        }
        return list
    }
}

/// A ServerHello (RFC 8446 §4.1.3), HelloRetryRequest included.
package struct ServerHello: Sendable {
    /// `legacy_version`: what JA3S uses.
    package let version: UInt16
    package let cipherSuite: UInt16
    package private(set) var extensions: [UInt16] = []
    /// From `supported_versions`, where TLS 1.3 says which it is.
    package private(set) var selectedVersion: UInt16?
    package private(set) var `protocol` = ""

    /// `body` is the handshake message without its four bytes of type and length.
    package init(parsing body: Span<UInt8>) throws(WireError) {
        version = try body.bigEndian(UInt16.self, at: 0, "legacy version")
        guard version >> 8 == 3 || version >> 8 == 0x7f else { throw .unexpected(field: "legacy version", value: Int(version)) }
        var offset = 34
        // Drafts 18 to 21 of TLS 1.3 (0x7f12 … 0x7f15) had neither session id nor compression method.
        if version >> 8 != 0x7f { offset &+= 1 &+ Int(try body.bigEndian(UInt8.self, at: offset, "session id length")) }
        cipherSuite = try body.bigEndian(UInt16.self, at: offset, "cipher suite")
        offset &+= version >> 8 == 0x7f ? 2 : 3
        guard offset <= body.count else { throw .truncated(field: "compression method", needed: 1, available: 0) }
        var cursor = try TLSExtensionCursor(body, at: offset)
        while let item = try cursor.next(body) {
            extensions.append(item.type)
            if item.type == 43 { selectedVersion = body.number(UInt16.self, at: item.start) }
            if item.type == 16 { `protocol` = ClientHello.names(body, item).first ?? "" }
        }
    }
}

/// One extension: where its data is within the message.
struct TLSExtension {
    let type: UInt16
    let start: Int
    let length: Int
}

/// Walks the extensions of a hello; a hello without them has none (RFC 5246 §7.4.1.2).
struct TLSExtensionCursor {
    private var offset: Int
    private let end: Int

    init(_ body: Span<UInt8>, at start: Int) throws(WireError) {
        guard start < body.count else {
            guard start == body.count else { throw .truncated(field: "hello", needed: start, available: body.count) }
            offset = start
            end = start
            return
        }
        let length = Int(try body.bigEndian(UInt16.self, at: start, "extensions length"))
        guard length <= body.count &- start &- 2 else {
            throw .impossibleLength(field: "extensions length", claimed: length, available: body.count &- start &- 2)
        }
        offset = start &+ 2
        end = offset &+ length
    }

    mutating func next(_ body: Span<UInt8>) throws(WireError) -> TLSExtension? {
        guard offset < end else { return nil }
        let type = try body.bigEndian(UInt16.self, at: offset, "extension type")
        let length = Int(try body.bigEndian(UInt16.self, at: offset &+ 2, "extension length"))
        let start = offset &+ 4
        guard length <= end &- start else {
            throw .impossibleLength(field: "extension length", claimed: length, available: end &- start)
        }
        offset = start &+ length
        return TLSExtension(type: type, start: start, length: length)
    }
}

/// A Certificate message of TLS 1.2 and before (RFC 5246 §7.4.2), read for where the leaf is.
package struct CertificateMessage: Sendable {
    /// The leaf's DER bytes within the body; empty where the list is.
    package let leaf: Range<Int>

    /// `body` is the handshake message without its four bytes of type and length.
    package init(parsing body: Span<UInt8>) throws(WireError) {
        let total = try Self.length(body, at: 0, "certificate list length")
        guard total > 0 else {
            leaf = 0..<0
            return
        }
        let count = try Self.length(body, at: 3, "certificate length")
        guard count <= body.count &- 6 else {
            throw .impossibleLength(field: "certificate length", claimed: count, available: body.count &- 6)
        }
        leaf = 6..<(6 &+ count)
    }

    private static func length(_ body: Span<UInt8>, at offset: Int, _ field: StaticName) throws(WireError) -> Int {
        Int(try body.bigEndian(UInt8.self, at: offset, field)) << 16
            | Int(try body.bigEndian(UInt16.self, at: offset &+ 1, field))
    }
}
