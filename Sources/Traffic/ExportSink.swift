import Campus
import Wire

/// Writes facts as JSON lines, one object each, in the schema that captures are compared by; `finish` adds the `capture` line.
package struct ExportSink: FactSink {
    /// The lines so far; the caller writes them out and calls `clear` as often as it likes.
    package var bytes: [UInt8] = []
    private var packets: UInt64 = 0
    private var wireBytes: UInt64 = 0

    package init() {}

    /// Forgets the lines that were written out.
    package mutating func clear() { bytes.removeAll(keepingCapacity: true) }

    package mutating func frame(wireLength: Int, at: Int64) {
        packets &+= 1
        wireBytes &+= UInt64(truncatingIfNeeded: wireLength)
    }

    /// The capture is over: adds its own line.
    package mutating func finish() {
        begin("capture")
        field("packets", packets)
        field("bytes", wireBytes)
        end()
    }

    package mutating func arp(_ fact: ARPFact) {
        begin("arp")
        field("op", UInt64(fact.operation))
        field("sip", fact.senderIP)
        field("smac", fact.senderMAC.description)
        field("tip", fact.targetIP)
        end()
    }

    package mutating func dns(_ fact: DNSFact) {
        begin("dns", fact.endpoints)
        switch fact.application {
        case .dns: field("app", "dns")
        case .mdns: field("app", "mdns")
        case .llmnr: field("app", "llmnr")
        }
        field("qr", fact.isResponse ? "r" : "q")
        field("qname", fact.name)
        if let type = fact.type { field("qtype", UInt64(type)) } else { null("qtype") }
        if fact.isResponse {
            field("rcode", UInt64(fact.responseCode))
            field("an", UInt64(fact.answerCount))
        } else {
            null("rcode")
            null("an")
        }
        field("id", UInt64(fact.identifier))
        if fact.isAmbiguous { raw(",\"amb\":true") }
        end(fact.isTunnelled)
    }

    package mutating func tls(_ fact: TLSFact) {
        begin("tls", fact.endpoints)
        switch fact.message {
        case .clientHello(let serverName, let version, let ja3, let protocols):
            field("hello", "client")
            field("sni", serverName)
            field("ja3", ja3)
            field("offered", TLSVersionName.text(version))
            if let first = protocols.first { field("alpn", first) }
        case .serverHello(let version, _, let ja3s, let chosen):
            field("hello", "server")
            field("version", TLSVersionName.text(version))
            field("ja3s", ja3s)
            if !chosen.isEmpty { field("alpn", chosen) }
        case .certificate(let sha256):
            field("hello", "cert")
            field("cert_sha256", sha256)
        }
        end(fact.isTunnelled)
    }

    package mutating func http(_ fact: HTTPFact) {
        begin("http", fact.endpoints)
        switch fact.message {
        case .request(let method, _, let host, _, _):
            field("kind", "req")
            field("method", method)
            field("host", host)
        case .response(let status, _, _):
            field("kind", "resp")
            field("status", UInt64(status))
        }
        if fact.isAmbiguous { raw(",\"amb\":true") }
        end(fact.isTunnelled)
    }

    package mutating func dhcp(_ fact: DHCPFact) {
        begin("dhcp", fact.endpoints)
        field("msg", UInt64(fact.messageType))
        field("mac", fact.clientMAC.description)
        if let server = fact.server { field("server", server) } else { field("server", "") }
        field("xid", UInt64(fact.transaction))
        end(fact.isTunnelled)
    }

    package mutating func ssh(_ fact: SSHFact) {
        begin("ssh", fact.endpoints)
        field("banner", fact.banner)
        end(fact.isTunnelled)
    }

    package mutating func flowEnded(_ record: FlowRecord) {
        begin("flow")
        field("proto", UInt64(record.endpoints.protocolNumber))
        field("a", record.endpoints.source)
        field("ap", UInt64(record.endpoints.sourcePort))
        field("b", record.endpoints.destination)
        field("bp", UInt64(record.endpoints.destinationPort))
        field("pa", record.packetsFromInitiator)
        field("pb", record.packetsFromResponder)
        field("ba", record.bytesFromInitiator)
        field("bb", record.bytesFromResponder)
        field("init", "a")
        if record.isAmbiguous { raw(",\"amb\":true") }
        end()
    }
}

extension ExportSink {
    private mutating func begin(_ type: StaticString) {
        raw("{\"t\":\"")
        raw(type)
        raw("\"")
    }

    private mutating func begin(_ type: StaticString, _ endpoints: Endpoints) {
        begin(type)
        field("proto", UInt64(endpoints.protocolNumber))
        field("src", endpoints.source)
        field("sp", UInt64(endpoints.sourcePort))
        field("dst", endpoints.destination)
        field("dp", UInt64(endpoints.destinationPort))
    }

    private mutating func end(_ isTunnelled: Bool = false) {
        if isTunnelled { raw(",\"tun\":true") }
        raw("}\n")
    }

    private mutating func name(_ name: StaticString) {
        raw(",\"")
        raw(name)
        raw("\":")
    }

    private mutating func field(_ key: StaticString, _ number: UInt64) {
        name(key)
        bytes.append(decimal: number)
    }

    private mutating func field(_ key: StaticString, _ address: IPAddress) {
        name(key)
        raw("\"")
        bytes.append(address: address)
        raw("\"")
    }

    private mutating func field(_ key: StaticString, _ text: String) {
        name(key)
        bytes.append(jsonString: text)
    }

    private mutating func null(_ key: StaticString) {
        name(key)
        raw("null")
    }

    private mutating func raw(_ text: StaticString) { bytes.append(text) }
}

/// Names of protocol versions as people write them (RFC 8446 §4.2.1).
package enum TLSVersionName {
    package static func text(_ version: UInt16) -> String {
        switch version {
        case 0x0002: "SSLv2"
        case 0x0300: "SSLv3"
        case 0x0301: "TLSv1.0"
        case 0x0302: "TLSv1.1"
        case 0x0303: "TLSv1.2"
        case 0x0304: "TLSv1.3"
        default:
            // Drafts and vendors' experiments of 1.3.
            switch version >> 8 {
            case 0x7f, 0x7e, 0xfb: "TLSv1.3"
            default: "0x" + Hexadecimal.text([UInt8(version >> 8), UInt8(version & 255)])
            }
        }
    }
}
