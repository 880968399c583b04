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
            parameters(&writer, messageID, flags: SecuredMessage.reportableFlag, user: [], digest: 0, salt: [], now: now)
            return writer.isComplete
        }
        var flags = SecuredMessage.reportableFlag
        var sent: [UInt8] = []
        if let priv = keys.priv, !withoutPrivacy {
            flags |= SecuredMessage.privFlag
            let boots = clock?.boots ?? 0
            salt &+= 1
            sent = Self.salt(priv, salt, boots)
            let vector = Self.vector(priv, keys.privKey, sent, boots: boots, seconds: clock?.seconds(now: now) ?? 0)
            let cipher = SecurityLibrary.encrypted(priv, key: Self.cipherKey(priv, keys.privKey), vector: vector, writer.message)
            guard !cipher.isEmpty else { return false }
            writer.replaceAll(with: cipher[...])
            writer.header(Tag.octets, since: 0)
        }
        if keys.auth != nil { flags |= SecuredMessage.authFlag }
        let place = parameters(
            &writer, messageID, flags: flags, user: user, digest: keys.auth?.digestSize ?? 0, salt: sent, now: now)
        guard let auth = keys.auth else { return writer.isComplete }
        let digest = SecurityLibrary.digest(auth, key: keys.authKey, of: writer.message)
        guard digest.count == auth.digestSize else { return false }
        writer.replace(digest, at: place)
        return writer.isComplete
    }

    /// Everything before msgData; returns how far from the message's end the digest's place begins.
    @discardableResult
    private func parameters(
        _ writer: inout MessageWriter, _ messageID: Int32, flags: UInt8, user: [UInt8], digest: Int, salt: [UInt8], now: UInt64
    ) -> Int {
        let end = writer.count
        writer.string(salt)
        writer.string([UInt8](repeating: 0, count: digest))
        // Two octets of header stand before the digest: no digest has 128.
        let place = writer.count - 2
        writer.string(user)
        writer.integer(clock?.seconds(now: now) ?? 0)
        writer.integer(clock?.boots ?? 0)
        writer.string(engineID)
        writer.header(Tag.sequence, since: end)
        writer.header(Tag.octets, since: end)
        let before = writer.count
        writer.integer(SecuredMessage.usm)
        writer.string([flags])
        writer.integer(Int64(MessageWriter.capacity))
        writer.integer(Int64(messageID))
        writer.header(Tag.sequence, since: before)
        writer.integer(3)
        writer.header(Tag.sequence, since: 0)
        return place
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
            guard isGenuine(message, bytes, limit) else { return .malformed }
        }
        guard message.isPrivate else { return try scoped(bytes, message.data, bytes, message, isDecrypted: false, now) }
        guard message.isAuthentic, let keys, let priv = keys.priv, message.data.tag == Tag.octets else { return .malformed }
        let plain = decrypted(message, bytes, priv, keys.privKey)
        guard !plain.isEmpty else { return .malformed }
        self.plain = plain
        let area = try plain.span.element(Tag.sequence, at: 0, before: plain.count, "scopedPDU")
        return try scoped(plain.span, area, bytes, message, isDecrypted: true, now)
    }

    /// The plain scoped PDU at `area` of `inner`; `bytes` is the whole datagram.
    private mutating func scoped(
        _ inner: Span<UInt8>, _ area: BERElement, _ bytes: Span<UInt8>, _ message: SecuredMessage, isDecrypted: Bool, _ now: UInt64
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

    private func isGenuine(_ message: SecuredMessage, _ bytes: Span<UInt8>, _ limit: Int) -> Bool {
        guard let keys, let auth = keys.auth, message.digest.count == auth.digestSize else { return false }
        var copy = bytes.copy(0..<limit)
        for place in message.digest { copy[place] = 0 }
        let digest = SecurityLibrary.digest(auth, key: keys.authKey, of: copy[...])
        guard digest.count == auth.digestSize else { return false }
        // Without a branch on the octets: a forger learns nothing from how long it takes.
        var difference: UInt8 = 0
        for (offset, octet) in digest.enumerated() { difference |= octet ^ bytes[message.digest.lowerBound + offset] }
        return difference == 0
    }

    private func decrypted(
        _ message: SecuredMessage, _ bytes: Span<UInt8>, _ priv: SNMPCredential.PrivProtocol, _ key: [UInt8]
    ) -> [UInt8] {
        let salt = bytes.copy(message.salt)
        guard salt.count == 8 else { return [] }
        let vector = Self.vector(priv, key, salt, boots: message.boots, seconds: message.seconds)
        return SecurityLibrary.decrypted(
            priv, key: Self.cipherKey(priv, key), vector: vector, bytes.copy(message.data.start..<message.data.end))
    }

    // MARK: Ciphers

    /// RFC 3414 §8.1.1.1: DES's salt begins with the engine's boots; RFC 3826 §3.1.2.1: AES's is a counter.
    private static func salt(_ priv: SNMPCredential.PrivProtocol, _ counter: UInt64, _ boots: Int64) -> [UInt8] {
        priv == .des ? octets(UInt32(truncatingIfNeeded: boots)) + octets(UInt32(truncatingIfNeeded: counter)) : octets(counter)
    }

    private static func cipherKey(_ priv: SNMPCredential.PrivProtocol, _ key: [UInt8]) -> [UInt8] {
        priv == .des ? Array(key.prefix(8)) : key
    }

    private static func vector(
        _ priv: SNMPCredential.PrivProtocol, _ key: [UInt8], _ salt: [UInt8], boots: Int64, seconds: Int64
    ) -> [UInt8] {
        if priv == .des { return zip(key.dropFirst(8), salt).map { $0 ^ $1 } }
        return octets(UInt32(truncatingIfNeeded: boots)) + octets(UInt32(truncatingIfNeeded: seconds)) + salt
    }

    private static func octets(_ number: some FixedWidthInteger) -> [UInt8] {
        (0..<(number.bitWidth / 8)).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
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
