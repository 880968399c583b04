import Campus
import Wire

/// Reads and believes, or not, what comes to the trap port; does no I/O.
struct NotificationReader {
    enum Verdict {
        case accepted(SNMPNotification, answer: [UInt8]?)
        /// Answered, so that the sender of an inform can find our engine (RFC 3414 §4).
        case answered([UInt8])
        case refused
        case malformed
    }

    /// Engines whose clocks and keys are remembered; beyond, all are forgotten and learned anew.
    static let maximumEngines = 4096

    private struct Known: Hashable {
        var engineID: [UInt8]
        var user: [UInt8]
    }

    private var communities: Set<[UInt8]> = []
    private var users: [[UInt8]: SNMPCredential] = [:]
    private let engine: LocalEngine
    private var masters = KeyCache()
    private var keys: [Known: UserKeys] = [:]
    private var clocks: [[UInt8]: EngineClock] = [:]
    private var bindings = BindingReader()
    private var writer = MessageWriter()
    private var salt = UInt64.random(in: 0...UInt64.max)

    init(credentials: [SNMPCredential], engine: LocalEngine) {
        self.engine = engine
        believe(credentials)
    }

    /// Believes these from now on and no others; keys are made anew, clocks stay.
    mutating func believe(_ credentials: [SNMPCredential]) {
        keys = [:]
        communities = Set(credentials.filter { $0.version != .v3 }.map { Array($0.community.revealed.utf8) })
        users = Dictionary(
            credentials.filter { $0.version == .v3 }.map { (Array($0.user.utf8), $0) }, uniquingKeysWith: { first, _ in first })
    }

    mutating func read(_ bytes: Span<UInt8>, from source: IPAddress, now: UInt64) -> Verdict {
        do throws(WireError) {
            let message = try bytes.element(Tag.sequence, at: 0, before: bytes.count, "message")
            let field = try bytes.element(Tag.integer, at: message.start, before: message.end, "version")
            switch try bytes.integer(field, "version") {
            case 0: return try community(bytes, field.end, message.end, source, .v1)
            case 1: return try community(bytes, field.end, message.end, source, .v2c)
            case 3: return try secured(bytes, field.end, message.end, source, now)
            case let other: throw .unexpected(field: "version", value: Int(truncatingIfNeeded: other))
            }
        } catch {
            return .malformed
        }
    }

    // MARK: SNMPv1 and v2c

    private mutating func community(
        _ bytes: Span<UInt8>, _ offset: Int, _ limit: Int, _ source: IPAddress, _ version: SNMPCredential.Version
    ) throws(WireError) -> Verdict {
        let community = try bytes.element(Tag.octets, at: offset, before: limit, "community")
        let name = bytes.copy(community.start..<community.end)
        guard communities.contains(name) else { return .refused }
        let pdu = try bytes.element(at: community.end, before: limit, "PDU")
        if pdu.tag == Tag.trapV1 { return .accepted(try trapV1(bytes, pdu, source), answer: nil) }
        guard let (notification, request) = try notification(bytes, community.end, limit, source, version, "") else {
            return .malformed
        }
        guard let request else { return .accepted(notification, answer: nil) }
        writer.removeAll()
        writer.response(to: request, bytes)
        writer.community(name, version: version)
        return .accepted(notification, answer: Array(writer.message))
    }

    /// RFC 1157 §4.1.6, made an SNMPv2 notification by RFC 3584 §3.1.
    private mutating func trapV1(_ bytes: Span<UInt8>, _ pdu: BERElement, _ source: IPAddress) throws(WireError)
        -> SNMPNotification
    {
        let enterprise = try bytes.element(Tag.objectIdentifier, at: pdu.start, before: pdu.end, "enterprise")
        let agent = try bytes.element(0x40, at: enterprise.end, before: pdu.end, "agent-addr")
        let generic = try bytes.element(Tag.integer, at: agent.end, before: pdu.end, "generic-trap")
        let specific = try bytes.element(Tag.integer, at: generic.end, before: pdu.end, "specific-trap")
        let time = try bytes.element(at: specific.end, before: pdu.end, "time-stamp")
        let list = try bytes.element(Tag.sequence, at: time.end, before: pdu.end, "variable-bindings")
        var arcs: [UInt32] = []
        try bytes.identifier(enterprise, into: &arcs, "enterprise")
        let number = try bytes.integer(generic, "generic-trap")
        if (0...5).contains(number) {
            arcs = ObjectIdentifier.standardTraps.arcs + [UInt32(truncatingIfNeeded: number) + 1]
        } else {
            arcs += [0, UInt32(truncatingIfNeeded: try bytes.integer(specific, "specific-trap"))]
        }
        var all = VariableBindings()
        try read(list, of: bytes, into: &all)
        var from = source
        if agent.end - agent.start == 4 {
            let address = IPAddress(v4: try bytes.bigEndian(UInt32.self, at: agent.start, "agent-addr"))
            if address.isUnicast { from = address }
        }
        return SNMPNotification(
            source: from, version: .v1, securityLevel: "", isInform: false, trap: ObjectIdentifier(arcs),
            uptime: Double(try bytes.unsigned(time, "time-stamp")) / 100, bindings: all)
    }

    // MARK: SNMPv3

    private mutating func secured(
        _ bytes: Span<UInt8>, _ offset: Int, _ limit: Int, _ source: IPAddress, _ now: UInt64
    ) throws(WireError) -> Verdict {
        let message = try SecuredMessage(parsing: bytes, at: offset, before: limit)
        let engineID = bytes.copy(message.engineID)
        if engineID.isEmpty { return report(4, message, user: [], now) }
        let user = bytes.copy(message.user)
        guard (5...32).contains(engineID.count), let credential = users[user],
            let keys = keys(for: Known(engineID: engineID, user: user), credential)
        else { return .refused }
        // As well secured as we ask others to be.
        guard message.isAuthentic == (credential.auth != nil), message.isPrivate == (credential.priv != nil) else {
            return .refused
        }
        if message.isAuthentic {
            guard keys.isGenuine(message, bytes, limit) else { return .refused }
            if engineID == engine.id {
                guard engine.admits(boots: message.boots, seconds: message.seconds, now: now) else {
                    return report(2, message, user: user, now)
                }
            } else {
                guard isTimely(message, engineID, now) else { return .refused }
            }
        }
        guard message.isPrivate else {
            return try scoped(bytes, message.data, message, engineID, keys, credential, source, now)
        }
        let plain = keys.decrypted(message, bytes)
        guard !plain.isEmpty else { return .refused }
        let area = try plain.span.element(Tag.sequence, at: 0, before: plain.count, "scopedPDU")
        return try scoped(plain.span, area, message, engineID, keys, credential, source, now)
    }

    private mutating func scoped(
        _ bytes: Span<UInt8>, _ area: BERElement, _ message: SecuredMessage, _ engineID: [UInt8], _ keys: UserKeys,
        _ credential: SNMPCredential, _ source: IPAddress, _ now: UInt64
    ) throws(WireError) -> Verdict {
        let (contextEngine, context) = try SecuredMessage.scoped(bytes, area)
        guard let found = try notification(bytes, context.end, area.end, source, .v3, credential.securityLevel) else {
            return .malformed
        }
        var notification = found.0
        guard let request = found.1 else {
            notification.engineID = engineID
            return .accepted(notification, answer: nil)
        }
        writer.removeAll()
        writer.response(to: request, bytes)
        writer.string(bytes.copy(context.start..<context.end))
        writer.string(bytes.copy(contextEngine.start..<contextEngine.end))
        writer.header(Tag.sequence, since: 0)
        salt &+= 1
        let header = header(message, flags: 0, user: Array(credential.user.utf8), now)
        return .accepted(notification, answer: keys.seal(&writer, header, salt: salt) ? Array(writer.message) : nil)
    }

    /// usmStats' counter `counter` for the sender of an inform: 4 tells it our engine id, 2 our time (RFC 3414 §3.2).
    private mutating func report(_ counter: UInt32, _ message: SecuredMessage, user: [UInt8], _ now: UInt64) -> Verdict {
        guard message.flags & SecuredMessage.reportableFlag != 0 else { return .refused }
        writer.removeAll()
        writer.octet(1)
        writer.header(0x41, since: 0)
        writer.identifier([1, 3, 6, 1, 6, 3, 15, 1, 1, counter, 0])
        writer.header(Tag.sequence, since: 0)
        writer.header(Tag.sequence, since: 0)
        writer.integer(0)
        writer.integer(0)
        writer.integer(message.messageID)
        writer.header(Tag.report, since: 0)
        writer.string([])
        writer.string(engine.id)
        writer.header(Tag.sequence, since: 0)
        let header = header(message, flags: 0, user: user, now)
        salt &+= 1
        if counter == 2, let credential = users[user], let keys = keys(for: Known(engineID: engine.id, user: user), credential) {
            // RFC 3414 §3.2 7a: authentic, so that the time in it may be believed, and never private.
            return keys.seal(&writer, header, salt: salt, withoutPrivacy: true) ? .answered(Array(writer.message)) : .refused
        }
        header.write(to: &writer, digestSize: 0, salt: [])
        return .answered(Array(writer.message))
    }

    private func header(_ message: SecuredMessage, flags: UInt8, user: [UInt8], _ now: UInt64) -> SecuredHeader {
        SecuredHeader(
            messageID: Int32(truncatingIfNeeded: message.messageID), flags: flags, engineID: engine.id, boots: engine.boots,
            seconds: engine.seconds(now: now), user: user)
    }

    /// A trap's sender is the authority of its own time (RFC 3414 §3.2 7b).
    private mutating func isTimely(_ message: SecuredMessage, _ engineID: [UInt8], _ now: UInt64) -> Bool {
        if clocks[engineID] == nil {
            if clocks.count >= Self.maximumEngines { clocks = [:] }
            clocks[engineID] = EngineClock(boots: message.boots, seconds: message.seconds, now: now)
        }
        return clocks[engineID]?.admits(boots: message.boots, seconds: message.seconds, now: now) ?? false
    }

    private mutating func keys(for known: Known, _ credential: SNMPCredential) -> UserKeys? {
        if let keys = keys[known] { return keys }
        if keys.count >= Self.maximumEngines { keys = [:] }
        let made = UserKeys(
            credential, authMaster: masters.authKey(credential), privMaster: masters.privKey(credential), engineID: known.engineID
        )
        keys[known] = made
        return made
    }

    // MARK: PDUs

    /// What is to be answered of an inform: its id and bindings as sent.
    struct Request {
        var id: Int64
        var bindings: BERElement
    }

    private mutating func notification(
        _ bytes: Span<UInt8>, _ offset: Int, _ limit: Int, _ source: IPAddress, _ version: SNMPCredential.Version, _ level: String
    ) throws(WireError) -> (SNMPNotification, Request?)? {
        let head = try PDUHead(parsing: bytes, at: offset, before: limit)
        guard head.tag == Tag.trapV2 || head.tag == Tag.inform else { return nil }
        var all = VariableBindings()
        try read(head.bindings, of: bytes, into: &all)
        // RFC 3416 §4.2.6: the first two are sysUpTime.0 and snmpTrapOID.0.
        guard all.count >= 2, all.name(0).elementsEqual([1, 3, 6, 1, 2, 1, 1, 3, 0]),
            all.name(1).elementsEqual([1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0]), case .objectIdentifier(let trap) = all.value(1)
        else { return nil }
        var rest = VariableBindings()
        for binding in 2..<all.count { rest.append(name: all.name(binding), value: all.value(binding)) }
        let isInform = head.tag == Tag.inform
        let notification = SNMPNotification(
            source: source, version: version, securityLevel: level, isInform: isInform, trap: trap,
            uptime: all.unsigned(0).map { Double($0) / 100 }, bindings: rest)
        return (notification, isInform ? Request(id: head.requestID, bindings: head.bindings) : nil)
    }

    private mutating func read(_ list: BERElement, of bytes: Span<UInt8>, into all: inout VariableBindings) throws(WireError) {
        var next = list.start
        while next < list.end {
            next = try bindings.read(bytes, at: next, before: list.end)
            guard let tag = bindings.tag, bindings.isReadable(bytes) else { continue }
            try bindings.append(bytes, tag, to: &all)
        }
    }
}

extension MessageWriter {
    /// RFC 3416 §4.2.7: the inform's bindings, as they came.
    fileprivate mutating func response(to request: NotificationReader.Request, _ bytes: Span<UInt8>) {
        octets(bytes.copy(request.bindings.start..<request.bindings.end))
        header(Tag.sequence, since: 0)
        integer(0)
        integer(0)
        integer(request.id)
        header(Tag.response, since: 0)
    }
}
