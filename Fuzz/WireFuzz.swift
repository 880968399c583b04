import Wire

/// One entry for each parser of headers and messages: whatever the bytes, they parse or throw, and never trap.
enum WireFuzz {
    static func link(_ bytes: Span<UInt8>) {
        guard bytes.count > 1 else { return }
        let linkType = LinkType(rawValue: UInt32(bytes[0]) | UInt32(bytes[1] & 1) << 8)
        _ = try? LinkHeader(parsing: bytes.extracting(2..<bytes.count), linkType: linkType)
    }

    static func network(_ bytes: Span<UInt8>) {
        _ = try? NetworkHeader(ipv4: bytes, at: 0)
        _ = try? NetworkHeader(ipv6: bytes, at: 0)
    }

    static func transport(_ bytes: Span<UInt8>) {
        _ = try? TCPHeader(parsing: bytes)
        _ = try? UDPHeader(parsing: bytes)
    }

    static func arp(_ bytes: Span<UInt8>) { _ = try? ARPPacket(parsing: bytes) }
    static func dhcp(_ bytes: Span<UInt8>) { _ = try? DHCPMessage(parsing: bytes) }

    static func dns(_ bytes: Span<UInt8>) {
        _ = DNSMessage.looksLikeMessage(bytes)
        _ = try? DNSMessage(parsing: bytes)
    }

    static func tls(_ bytes: Span<UInt8>) {
        _ = TLSRecord.startsHello(bytes)
        _ = try? TLSRecord(parsing: bytes)
        _ = try? ClientHello(parsing: bytes)
        _ = try? ServerHello(parsing: bytes)
        _ = try? CertificateMessage(parsing: bytes)
    }

    static func http(_ bytes: Span<UInt8>) {
        _ = HTTPHead.end(in: bytes)
        _ = try? HTTPHead(parsing: bytes)
    }

    static func snmp(_ bytes: Span<UInt8>) { _ = try? SNMPHeader(parsing: bytes) }
    static func ssh(_ bytes: Span<UInt8>) { _ = try? SSHIdentification(parsing: bytes) }
}
