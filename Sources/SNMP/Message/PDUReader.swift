import Campus
import Wire

/// The head of a PDU, and where its bindings lie.
struct PDUHead {
    var tag: UInt8
    var requestID: Int64
    var reply: ReplyHead
    /// The content of the list of bindings.
    var bindings: BERElement

    /// Reads all PDUs but SNMPv1's trap (RFC 3416 §3).
    init(parsing bytes: Span<UInt8>, at offset: Int, before limit: Int) throws(WireError) {
        let pdu = try bytes.element(at: offset, before: limit, "PDU")
        tag = pdu.tag
        let request = try bytes.element(Tag.integer, at: pdu.start, before: pdu.end, "request-id")
        requestID = try bytes.integer(request, "request-id")
        let status = try bytes.element(Tag.integer, at: request.end, before: pdu.end, "error-status")
        let index = try bytes.element(Tag.integer, at: status.end, before: pdu.end, "error-index")
        reply = ReplyHead(
            errorStatus: Int(truncatingIfNeeded: try bytes.integer(status, "error-status")),
            errorIndex: Int(truncatingIfNeeded: try bytes.integer(index, "error-index")))
        bindings = try bytes.element(Tag.sequence, at: index.end, before: pdu.end, "variable-bindings")
    }
}

/// The bindings of a PDU, one after the other.
struct BindingReader {
    /// The name of the binding that was read last.
    private(set) var name: [UInt32] = []
    private(set) var value = BERElement(tag: Tag.null, start: 0, end: 0)
    private var identifier: [UInt32] = []

    init() {
        name.reserveCapacity(128)
        identifier.reserveCapacity(128)
    }

    /// Reads the binding at `offset` and returns where the next begins.
    mutating func read(_ bytes: Span<UInt8>, at offset: Int, before limit: Int) throws(WireError) -> Int {
        let binding = try bytes.element(Tag.sequence, at: offset, before: limit, "variable-binding")
        let name = try bytes.element(Tag.objectIdentifier, at: binding.start, before: binding.end, "name")
        try bytes.identifier(name, into: &self.name, "name")
        value = try bytes.element(at: name.end, before: binding.end, "value")
        return binding.end
    }

    /// What the value is; nil for a type that SNMP does not have.
    var tag: VariableBindings.Tag? {
        switch value.tag {
        // Unsigned32 of RFC 1442 and BIT STRING, which nobody should send any more, and some do.
        case 0x47: .gauge32
        case 0x03: .octets
        default: VariableBindings.Tag(rawValue: value.tag)
        }
    }

    /// Whether the value is as its tag says, so that `append` cannot fail.
    func isReadable(_ bytes: Span<UInt8>) -> Bool {
        let size = value.end - value.start
        switch tag {
        case .integer: return (1...8).contains(size)
        case .counter32, .gauge32, .timeTicks, .counter64: return (1...8).contains(size) || size == 9 && bytes[value.start] == 0
        case .objectIdentifier: return size == 0 || bytes[value.end - 1] < 0x80
        default: return true
        }
    }

    /// Appends the binding; a value that is not what its tag says is an error.
    mutating func append(_ bytes: Span<UInt8>, _ tag: VariableBindings.Tag, to bindings: inout VariableBindings) throws(WireError)
    {
        switch tag {
        case .integer:
            bindings.append(name: name.span, tag: tag, number: UInt64(bitPattern: try bytes.integer(value, "value")))
        case .counter32, .gauge32, .timeTicks:
            // RFC 2578 §7.1: these are 32 bits wide.
            let number = try bytes.unsigned(value, "value") & 0xffff_ffff
            bindings.append(name: name.span, tag: tag, number: number)
        case .counter64: bindings.append(name: name.span, tag: tag, number: try bytes.unsigned(value, "value"))
        case .octets, .opaque:
            bindings.append(name: name.span, tag: tag, bytes: bytes.extracting(value.start..<value.end))
        case .ipAddress:
            guard value.end - value.start == 4 else {
                return bindings.append(name: name.span, tag: .octets, bytes: bytes.extracting(value.start..<value.end))
            }
            let number = try bytes.bigEndian(UInt32.self, at: value.start, "value")
            bindings.append(name: name.span, tag: tag, number: UInt64(number))
        case .objectIdentifier:
            try bytes.identifier(value, into: &identifier, "value")
            bindings.append(name: name.span, objectIdentifier: identifier.span)
        case .null, .noSuchObject, .noSuchInstance, .endOfMibView:
            bindings.append(name: name.span, tag: tag, number: 0)
        }
    }
}
