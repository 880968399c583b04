import Wire

/// USM towards one agent (RFC 3414): its engine's id and clock, and our user's keys there.
struct UserSecurity {
    /// What a v3 datagram turned out to be.
    enum Opened {
        /// The PDU, plain, at an offset of `UserSecurity.plain` (or of the datagram itself, when nothing was encrypted).
        case pdu(at: Int, end: Int, isDecrypted: Bool)
        case refused(USMReason?)
        /// An authentic report set the clock: the same question again will be heard.
        case clockSet
        /// An answer to the discovery: the engine is known now.
        case discovered
        case malformed
        case foreign
    }

    let credential: SNMPCredential
    private let user: [UInt8]
    private let context: [UInt8]
    private let authMaster: [UInt8]
    private let privMaster: [UInt8]
    private(set) var engineID: [UInt8] = []
    private var clock: EngineClock?
    private var keys: UserKeys?
    private var salt: UInt64
    /// The last scoped PDU that was decrypted.
    private(set) var plain: [UInt8] = []

    init(_ credential: SNMPCredential, authMaster: [UInt8], privMaster: [UInt8]) {
        self.credential = credential
        user = Array(credential.user.utf8)
        context = Array(credential.context.utf8)
        self.authMaster = authMaster
        self.privMaster = privMaster
        // RFC 3826 §3.1.2.1: the salt starts at random and changes with each message.
        salt = .random(in: 0...UInt64.max)
    }

    var isDiscovered: Bool { !engineID.isEmpty }

    func clockReading(now: UInt64) -> (boots: Int64, seconds: Int64)? { clock.map { ($0.boots, $0.seconds(now: now)) } }

    /// Makes the keys for the engine that was discovered; false when that fails.
    mutating func makeKeys() -> Bool {
        keys = UserKeys(credential, authMaster: authMaster, privMaster: privMaster, engineID: engineID)
        return keys != nil
    }

    // MARK: Sending

    /// Wraps the PDU that `writer` holds. Before discovery: an empty user without security (RFC 3414 §4).
    mutating func seal(_ writer: inout MessageWriter, messageID: Int32, withoutPrivacy: Bool, now: UInt64) -> Bool {
        writer.string(isDiscovered ? context : [])
        writer.string(engineID)
        writer.header(Tag.sequence, since: 0)
        guard let keys, isDiscovered else {
            SecuredHeader(
                messageID: messageID, flags: SecuredMessage.reportableFlag, engineID: engineID, boots: 0, seconds: 0, user: []
            )
            .write(to: &writer, digestSize: 0, salt: [])
            return writer.isComplete
        }
        salt &+= 1
        let header = SecuredHeader(
            messageID: messageID, flags: SecuredMessage.reportableFlag, engineID: engineID, boots: clock?.boots ?? 0,
            seconds: clock?.seconds(now: now) ?? 0, user: user)
        return keys.seal(&writer, header, salt: salt, withoutPrivacy: withoutPrivacy)
    }

    // MARK: Receiving

    /// Checks and opens a datagram whose version has been read; `offset` is behind it.
    mutating func open(
        _ bytes: Span<UInt8>, at offset: Int, before limit: Int, messageID: Int32?, now: UInt64
    ) throws(WireError) -> Opened {
        let message = try SecuredMessage(parsing: bytes, at: offset, before: limit)
        guard let messageID, message.messageID == Int64(messageID) else { return .foreign }
        if !isDiscovered { return try discover(message, bytes, now) }
        if message.isAuthentic {
            guard keys?.isGenuine(message, bytes, limit) == true else { return .malformed }
        }
        guard message.isPrivate else { return try scoped(bytes, message.data, bytes, message, isDecrypted: false, now) }
        guard message.isAuthentic, let plain = keys?.decrypted(message, bytes), !plain.isEmpty else { return .malformed }
        self.plain = plain
        let area = try plain.span.element(Tag.sequence, at: 0, before: plain.count, "scopedPDU")
        return try scoped(plain.span, area, bytes, message, isDecrypted: true, now)
    }

    /// The plain scoped PDU at `area` of `inner`; `bytes` is the whole datagram.
    private mutating func scoped(
        _ inner: Span<UInt8>, _ area: BERElement, _ bytes: Span<UInt8>, _ message: SecuredMessage, isDecrypted: Bool,
        _ now: UInt64
    ) throws(WireError) -> Opened {
        let (_, context) = try SecuredMessage.scoped(inner, area)
        let pdu = try inner.element(at: context.end, before: area.end, "PDU")
        if pdu.tag == Tag.report { return try report(inner, context.end, area.end, message, now) }
        guard matchesLevel(message), bytes.copy(message.engineID) == engineID else { return .malformed }
        if message.isAuthentic {
            guard clock?.admits(boots: message.boots, seconds: message.seconds, now: now) ?? false else { return .malformed }
        }
        return .pdu(at: context.end, end: area.end, isDecrypted: isDecrypted)
    }

    /// RFC 3414 §4: the report to an empty request tells the engine id; its boots and time are a first guess, which an authentic
    /// message corrects.
    private mutating func discover(_ message: SecuredMessage, _ bytes: Span<UInt8>, _ now: UInt64) throws(WireError) -> Opened {
        // RFC 3411 §5: SnmpEngineID has 5 to 32 octets.
        guard (5...32).contains(message.engineID.count) else {
            throw .impossibleLength(field: "msgAuthoritativeEngineID", claimed: message.engineID.count, available: 32)
        }
        engineID = bytes.copy(message.engineID)
        clock = EngineClock(boots: message.boots, seconds: message.seconds, now: now)
        return .discovered
    }

    private mutating func report(
        _ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ message: SecuredMessage, _ now: UInt64
    ) throws(WireError) -> Opened {
        let head = try PDUHead(parsing: bytes, at: start, before: end)
        var reader = BindingReader()
        guard head.bindings.start < head.bindings.end else { return .refused(nil) }
        _ = try reader.read(bytes, at: head.bindings.start, before: head.bindings.end)
        let reason = USMReason(counter: reader.name)
        guard reason == .notInTimeWindow, message.isAuthentic else { return .refused(reason) }
        // RFC 3414 §3.2 7a: it carries the engine's own time.
        clock = EngineClock(boots: message.boots, seconds: message.seconds, now: now)
        return .clockSet
    }

    /// An answer is as well secured as the question was; one without privacy answers a question without.
    private func matchesLevel(_ message: SecuredMessage) -> Bool {
        message.isAuthentic == (keys?.auth != nil) && (keys?.priv != nil || !message.isPrivate)
    }
}

extension USMReason {
    /// usmStats' counters (RFC 3414 §5), which a report names.
    init?(counter name: [UInt32]) {
        guard name.starts(with: [1, 3, 6, 1, 6, 3, 15, 1, 1]), name.count >= 10 else { return nil }
        switch name[9] {
        case 1: self = .unsupportedSecurityLevel
        case 2: self = .notInTimeWindow
        case 3: self = .unknownUserName
        case 4: self = .unknownEngineID
        case 5: self = .wrongDigest
        case 6: self = .decryptionError
        default: return nil
        }
    }
}
