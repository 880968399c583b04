import Wire

/// The fields of an SNMPv3 message around its scoped PDU (RFC 3412 §6, RFC 3414 §2.4), and where they lie.
struct SecuredMessage {
    static let authFlag: UInt8 = 1
    static let privFlag: UInt8 = 2
    static let reportableFlag: UInt8 = 4
    /// RFC 3411 §5: the User-based Security Model.
    static let usm: Int64 = 3

    var messageID: Int64
    var flags: UInt8
    var engineID: Range<Int>
    var boots: Int64
    var seconds: Int64
    var user: Range<Int>
    var digest: Range<Int>
    var salt: Range<Int>
    /// The scoped PDU: a SEQUENCE, or an OCTET STRING that is one encrypted.
    var data: BERElement

    var isAuthentic: Bool { flags & Self.authFlag != 0 }
    var isPrivate: Bool { flags & Self.privFlag != 0 }

    /// `version` ends where the header begins.
    init(parsing bytes: Span<UInt8>, at offset: Int, before limit: Int) throws(WireError) {
        let header = try bytes.element(Tag.sequence, at: offset, before: limit, "msgGlobalData")
        let id = try bytes.element(Tag.integer, at: header.start, before: header.end, "msgID")
        let size = try bytes.element(Tag.integer, at: id.end, before: header.end, "msgMaxSize")
        let flags = try bytes.element(Tag.octets, at: size.end, before: header.end, "msgFlags")
        guard flags.end - flags.start == 1 else {
            throw .impossibleLength(field: "msgFlags", claimed: flags.end - flags.start, available: 1)
        }
        let model = try bytes.element(Tag.integer, at: flags.end, before: header.end, "msgSecurityModel")
        let number = try bytes.integer(model, "msgSecurityModel")
        guard number == Self.usm else { throw .unexpected(field: "msgSecurityModel", value: Int(truncatingIfNeeded: number)) }
        messageID = try bytes.integer(id, "msgID")
        self.flags = bytes[flags.start]

        let parameters = try bytes.element(Tag.octets, at: header.end, before: limit, "msgSecurityParameters")
        let usm = try bytes.element(Tag.sequence, at: parameters.start, before: parameters.end, "UsmSecurityParameters")
        let engine = try bytes.element(Tag.octets, at: usm.start, before: usm.end, "msgAuthoritativeEngineID")
        let boots = try bytes.element(Tag.integer, at: engine.end, before: usm.end, "msgAuthoritativeEngineBoots")
        let time = try bytes.element(Tag.integer, at: boots.end, before: usm.end, "msgAuthoritativeEngineTime")
        let user = try bytes.element(Tag.octets, at: time.end, before: usm.end, "msgUserName")
        let digest = try bytes.element(Tag.octets, at: user.end, before: usm.end, "msgAuthenticationParameters")
        let salt = try bytes.element(Tag.octets, at: digest.end, before: usm.end, "msgPrivacyParameters")
        engineID = engine.start..<engine.end
        self.boots = try bytes.integer(boots, "msgAuthoritativeEngineBoots")
        seconds = try bytes.integer(time, "msgAuthoritativeEngineTime")
        self.user = user.start..<user.end
        self.digest = digest.start..<digest.end
        self.salt = salt.start..<salt.end
        data = try bytes.element(at: parameters.end, before: limit, "msgData")
    }

    /// Where the PDU of a plain scoped PDU begins (RFC 3412 §6.8), and its engine id and context name.
    static func scoped(
        _ bytes: Span<UInt8>, _ sequence: BERElement
    ) throws(WireError) -> (engineID: BERElement, context: BERElement) {
        guard sequence.tag == Tag.sequence else { throw .unexpected(field: "scopedPDU", value: Int(sequence.tag)) }
        let engine = try bytes.element(Tag.octets, at: sequence.start, before: sequence.end, "contextEngineID")
        return (engine, try bytes.element(Tag.octets, at: engine.end, before: sequence.end, "contextName"))
    }
}
