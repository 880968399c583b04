/// The first fields of an SNMP message (RFC 1157, RFC 1901, RFC 3412): enough to tell its version.
package struct SNMPHeader: Sendable {
    /// 0 SNMPv1, 1 SNMPv2c, 3 SNMPv3.
    package let version: UInt8

    package init(parsing bytes: Span<UInt8>) throws(WireError) {
        let tag = try bytes.bigEndian(UInt8.self, at: 0, "sequence tag")
        guard tag == 0x30 else { throw .unexpected(field: "sequence tag", value: Int(tag)) }
        let first = Int(try bytes.bigEndian(UInt8.self, at: 1, "sequence length"))
        var offset = 2
        if first >= 128 {
            guard first & 127 <= 4, first != 128 else { throw .unexpected(field: "sequence length", value: first) }
            offset &+= first & 127
        }
        let header = try bytes.bigEndian(UInt16.self, at: offset, "version tag")
        guard header == 0x0201 else { throw .unexpected(field: "version tag", value: Int(header)) }
        let number = try bytes.bigEndian(UInt8.self, at: offset &+ 2, "version")
        guard number == 0 || number == 1 || number == 3 else { throw .unexpected(field: "version", value: Int(number)) }
        // What follows is the community, an OCTET STRING, or version 3's header, a SEQUENCE.
        let next = try bytes.bigEndian(UInt8.self, at: offset &+ 3, "field after the version")
        guard next == (number == 3 ? 0x30 : 0x04) else { throw .unexpected(field: "field after the version", value: Int(next)) }
        version = number
    }
}
