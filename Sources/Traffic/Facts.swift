package import Campus

/// One packet that has a readable IP header, as a plain value.
package struct PacketFact: Sendable {
    /// Microseconds since 1970-01-01 UTC.
    package var at: Int64 = 0
    /// As this packet was sent; `isFromInitiator` says which way that is in its flow.
    package var endpoints: Endpoints
    /// Absent where the link layer carries none (raw IP, PPP) or one only (cooked captures have no destination).
    package var sourceMAC: MACAddress?
    package var destinationMAC: MACAddress?
    /// The outermost VLAN id, 0…4095.
    package var vlan: UInt16?
    /// Length on the wire, link layer included, in bytes.
    package var wireLength: Int = 0
    /// TCP: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32 (RFC 9293 §3.1). 0 for other protocols.
    package var tcpFlags: UInt8 = 0
    /// Bytes of application data that the headers claim; of a fragment, the bytes after the IP header.
    package var payloadLength: Int = 0
    /// IPv4 TTL or IPv6 hop limit.
    package var hopLimit: UInt8 = 0
    /// ICMP and ICMPv6 type and code; 0 for other protocols.
    package var icmpType: UInt8 = 0
    package var icmpCode: UInt8 = 0
    package var isFragment = false
    /// A fragment other than the first: it has no transport header of its own.
    package var isLaterFragment = false
    /// Whether this packet opened its flow.
    package var isNewFlow = false
    /// Whether the sender is the one that sent the flow's first packet.
    package var isFromInitiator = true
    /// TCP alone: what is known of the connection after this packet.
    package var tcpState: TCPState = .none
    /// Packets of the flow so far, this one included, from its initiator and towards it.
    package var initiatorPackets: UInt32 = 0
    package var responderPackets: UInt32 = 0

    package init(endpoints: Endpoints) { self.endpoints = endpoints }
}

/// The life of a TCP connection as a bystander sees it.
package enum TCPState: UInt8, Sendable, CaseIterable {
    /// Not TCP.
    case none
    /// A SYN was seen, no answer yet.
    case synSent
    /// SYN and SYN-ACK were seen.
    case synReceived
    /// Data or the third packet of the handshake was seen, or the flow was joined in its middle.
    case established
    /// One FIN was seen.
    case closing
    /// Both FINs were seen.
    case closed
    case reset
}

/// A flow that ended, or timed out, or had to make room: everything that was counted of it since its record began.
package struct FlowRecord: Sendable {
    package enum Reason: UInt8, Sendable { case finished, idle, active, evicted, endOfCapture }

    /// From the initiator, who sent the first packet, to the responder.
    package var endpoints: Endpoints
    /// Microseconds since 1970-01-01 UTC.
    package var firstAt: Int64
    package var lastAt: Int64
    package var packetsFromInitiator: UInt64
    package var packetsFromResponder: UInt64
    /// On the wire, link layer included.
    package var bytesFromInitiator: UInt64
    package var bytesFromResponder: UInt64
    package var tcpState: TCPState
    /// All flags seen each way, joined.
    package var initiatorFlags: UInt8
    package var responderFlags: UInt8
    /// Ports were not readable in some packet of it: cut off, or a later fragment whose first one was not seen.
    package var isAmbiguous: Bool
    package var reason: Reason
}

/// One ARP packet (RFC 826) of IPv4 over Ethernet.
package struct ARPFact: Sendable {
    package var at: Int64
    /// The frame's own source address; differs from `senderMAC` in forged packets and behind proxies.
    package var sourceMAC: MACAddress?
    package var vlan: UInt16?
    /// 1 request, 2 reply.
    package var operation: UInt16
    package var senderMAC: MACAddress
    package var senderIP: IPAddress
    package var targetMAC: MACAddress
    package var targetIP: IPAddress
    /// Sender and target address are the same (RFC 5227 §3).
    package var isGratuitous: Bool { senderIP == targetIP }
}

/// One DNS message with its first question (RFC 1035), or of mDNS (RFC 6762) or LLMNR (RFC 4795).
package struct DNSFact: Sendable {
    package enum Application: UInt8, Sendable { case dns, mdns, llmnr }

    package var at: Int64
    package var endpoints: Endpoints
    package var application: Application
    package var identifier: UInt16
    package var isResponse: Bool
    package var operation: UInt8
    /// Lower case, without the final dot; the root and a message without a question are "".
    package var name: String
    /// nil where there is no question.
    package var type: UInt16?
    package var responseCode: UInt8
    package var answerCount: UInt16
    /// The length of the message in bytes.
    package var length: Int
    /// Damaged, not a plain query or answer, or a name that is not printable.
    package var isAmbiguous: Bool
    package var isTunnelled: Bool
}

/// One TLS handshake message in clear text.
package struct TLSFact: Sendable {
    package enum Message: Sendable {
        /// `version` is the highest that is offered, in the registry's numbers; `ja3` the MD5 of JA3's text in hexadecimal, ""
        /// where the capture cut the hello off behind the name.
        case clientHello(serverName: String, version: UInt16, ja3: String, protocols: [String])
        /// The version and cipher suite that were chosen.
        case serverHello(version: UInt16, cipherSuite: UInt16, ja3s: String, protocol: String)
        /// The SHA-256 of the leaf's DER bytes, in hexadecimal.
        case certificate(sha256: String)
    }

    package var at: Int64
    /// Of the packet that completed the message.
    package var endpoints: Endpoints
    package var message: Message
    package var isTunnelled: Bool
}

/// One HTTP/1.x message (RFC 9112): a request when its head was read, a response when all of it has passed by.
package struct HTTPFact: Sendable {
    package enum Message: Sendable {
        /// `host` is lower case; `hasCredentials` says that a Basic authorisation was carried, never which.
        case request(method: String, target: String, host: String, userAgent: String, hasCredentials: Bool)
        case response(status: UInt16, server: String, bodyLength: UInt64)
    }

    package var at: Int64
    package var endpoints: Endpoints
    package var message: Message
    /// Not seen whole: bytes of it or before it were lost by the capture, or the connection broke off.
    package var isAmbiguous: Bool
    package var isTunnelled: Bool
}

/// One DHCP message (RFC 2131); `messageType` 0 is BOOTP without option 53.
package struct DHCPFact: Sendable {
    package var at: Int64
    package var endpoints: Endpoints
    package var sourceMAC: MACAddress?
    package var vlan: UInt16?
    /// Option 53: 1 discover, 2 offer, 3 request, 4 decline, 5 ack, 6 nak, 7 release, 8 inform.
    package var messageType: UInt8
    package var clientMAC: MACAddress
    /// Option 54.
    package var server: IPAddress?
    /// `yiaddr`; nil when 0.0.0.0.
    package var offered: IPAddress?
    package var transaction: UInt32
    package var isTunnelled: Bool
}

/// The identification line of one side (RFC 4253 §4.2), without its line end.
package struct SSHFact: Sendable {
    package var at: Int64
    package var endpoints: Endpoints
    package var banner: String
    package var isTunnelled: Bool
}

/// A session by which a device may be managed in clear text; one for each flow.
package struct ManagementFact: Sendable {
    package enum Kind: UInt8, Sendable, CaseIterable {
        case telnet, http, ftp, tftp, snmpV1, snmpV2c
    }

    package var at: Int64
    /// From the client to the server.
    package var endpoints: Endpoints
    package var sourceMAC: MACAddress?
    package var vlan: UInt16?
    package var kind: Kind
    package var isTunnelled: Bool
}
