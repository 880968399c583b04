import Wire

/// What a UDP port's datagrams are read as.
enum UDPReader: Sendable {
    /// `guess` is a port that says nothing.
    case guess, netbios, dns, dhcp, snmp, tftp

    @inline(__always)
    init?(port: UInt16) {
        switch port {
        case 53, 5353, 5355: self = .dns
        case 67, 68: self = .dhcp
        case 137: self = .netbios
        case 69: self = .tftp
        case 161, 162: self = .snmp
        default: return nil
        }
    }
}

extension ManagementFact.Kind {
    /// SNMPv1 or v2c; nil for version 3, which need not be in clear text, and for what is no SNMP.
    init?(snmp bytes: Span<UInt8>) {
        switch try? SNMPHeader(parsing: bytes).version {
        case 0: self = .snmpV1
        case 1: self = .snmpV2c
        default: return nil
        }
    }

    /// A read or write request (RFC 1350 §5).
    init?(tftp bytes: Span<UInt8>) {
        guard let operation = bytes.number(UInt16.self, at: 0), operation == 1 || operation == 2, bytes.count >= 6 else {
            return nil
        }
        self = .tftp
    }
}

extension DatagramTable.Key {
    init(_ header: NetworkHeader) {
        self.init(
            sourceHigh: header.sourceHigh, sourceLow: header.sourceLow, destinationHigh: header.destinationHigh,
            destinationLow: header.destinationLow, identification: header.identification,
            protocolNumber: header.isIPv4 ? header.protocolNumber : 0)
    }
}
