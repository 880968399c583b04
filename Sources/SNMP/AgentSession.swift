import Campus
import Glibc
import Wire

/// The socket towards one agent, connected, so that the kernel lets in nobody else's answers; closed once, by its end.
struct AgentSession: ~Copyable {
    enum ReadResult {
        case event(ExchangeEvent)
        case malformed, foreign, nothing
    }

    let descriptor: Int32
    private let version: SNMPCredential.Version
    private let community: [UInt8]
    /// v3 only.
    private(set) var security: UserSecurity?

    /// nil when there is no socket to be had.
    init?(_ target: SNMPTarget, authMaster: [UInt8], privMaster: [UInt8]) {
        let credential = target.credential
        let kind = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        descriptor = socket(target.address.isIPv4 ? AF_INET : AF_INET6, kind, 0)
        version = credential.version
        community = Array(credential.community.revealed.utf8)
        security = credential.version == .v3 ? UserSecurity(credential, authMaster: authMaster, privMaster: privMaster) : nil
        guard descriptor >= 0 else { return nil }
        // Where it fails, for want of a route, sending says so.
        _ = unsafe withSocketAddress(target.address, port: target.port) { unsafe connect(descriptor, $0, $1) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// snmpEngineID of the agent, once discovered.
    var engineID: [UInt8]? { security.flatMap { $0.isDiscovered ? $0.engineID : nil } }

    /// The engine's boots and time as we count them; nil before discovery and below v3.
    func clock(now: UInt64) -> (boots: Int64, seconds: Int64)? { security?.clockReading(now: now) }

    /// Makes the user's keys for the engine that was discovered; false when that fails.
    mutating func makeKeys() -> Bool { security?.makeKeys() ?? false }

    /// Sends the question; 0, or the errno that kept it from going out. `withoutPrivacy` lowers authPriv to authNoPriv.
    mutating func send(
        _ question: Question, id: Int32, withoutPrivacy: Bool = false, _ writer: inout MessageWriter, now: UInt64
    ) -> Int32 {
        writer.removeAll()
        writer.request(question, id: id)
        if security != nil {
            guard security?.seal(&writer, messageID: id, withoutPrivacy: withoutPrivacy, now: now) == true else {
                return EMSGSIZE
            }
        } else {
            writer.community(community, version: version)
        }
        guard writer.isComplete else { return EMSGSIZE }
        let sent = unsafe writer.message.withUnsafeBytes { unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, 0) }
        return sent < 0 ? errno : 0
    }

    /// Reads one datagram into `buffer` and gives what it holds to the exchange.
    mutating func read(_ buffer: inout [UInt8], _ reader: inout BindingReader, into exchange: inout Exchange, now: UInt64)
        -> ReadResult
    {
        let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
        guard count >= 0 else { return .nothing }
        do throws(WireError) {
            return try take(buffer.span.extracting(0..<count), &reader, into: &exchange, now: now)
        } catch {
            return .malformed
        }
    }

    private mutating func take(
        _ bytes: Span<UInt8>, _ reader: inout BindingReader, into exchange: inout Exchange, now: UInt64
    ) throws(WireError) -> ReadResult {
        let message = try bytes.element(Tag.sequence, at: 0, before: bytes.count, "message")
        let field = try bytes.element(Tag.integer, at: message.start, before: message.end, "version")
        let number = try bytes.integer(field, "version")
        guard number == version.number else { throw .unexpected(field: "version", value: Int(truncatingIfNeeded: number)) }
        guard version == .v3 else {
            let community = try bytes.element(Tag.octets, at: field.end, before: message.end, "community")
            guard let event = try exchange.take(bytes, at: community.end, before: message.end, &reader) else { return .foreign }
            return .event(event)
        }
        let opened = try security?.open(bytes, at: field.end, before: message.end, messageID: exchange.openRequest, now: now)
        switch opened {
        case .pdu(let start, let end, let isDecrypted)?:
            let event: ExchangeEvent? =
                if isDecrypted, let plain = security?.plain {
                    try exchange.take(plain.span, at: start, before: end, &reader)
                } else {
                    try exchange.take(bytes, at: start, before: end, &reader)
                }
            return event.map { .event($0) } ?? .foreign
        case .discovered?: return .event(.refused(.unknownEngineID))
        case .refused(let reason)?: return .event(.refused(reason))
        case .clockSet?: return .event(.clockSet)
        case .malformed?: return .malformed
        case .foreign?, nil: return .foreign
        }
    }
}

extension SNMPCredential.Version {
    /// As a message has it (RFC 1157 §4, RFC 1901 §3, RFC 3412 §6).
    var number: Int64 {
        switch self {
        case .v1: 0
        case .v2c: 1
        case .v3: 3
        }
    }
}
