import Testing
import Wire

@Suite struct SmallHeaderTests {
    @Test(arguments: [(0, 4), (1, 4), (3, 0x30)]) func `an SNMP message tells its version`(version: Int, next: Int) throws {
        let bytes = Bytes([0x30, 0x82, 1, 0, 2, 1]).u8(version).u8(next).all
        #expect(try SNMPHeader(parsing: bytes.span).version == UInt8(version))
        for count in 0..<bytes.count {
            let part = Array(bytes.prefix(count))
            #expect(throws: WireError.self) { try SNMPHeader(parsing: part.span) }
        }
    }

    @Test(
        arguments: [[0x30, 0x80, 2, 1, 0, 4], [0x30, 5, 2, 1, 2, 4], [0x31, 5, 2, 1, 0, 4], [0x30, 5, 2, 1, 0, 2]] as [[UInt8]])
    func `what is no SNMP is refused`(bytes: [UInt8]) {
        #expect(throws: WireError.self) { try SNMPHeader(parsing: bytes.span) }
    }

    @Test func `an SSH side names itself in a line`() throws {
        let bytes = Array("SSH-2.0-OpenSSH_9.2 Debian\r\nmore".utf8)
        #expect(try SSHIdentification(parsing: bytes.span).text == "SSH-2.0-OpenSSH_9.2 Debian")
        for count in 0..<27 {
            let part = Array(bytes.prefix(count))
            #expect(throws: WireError.self) { try SSHIdentification(parsing: part.span) }
        }
    }

    @Test func `errors name the field and never the bytes`() {
        let error = WireError.impossibleLength(field: "record length", claimed: 70_000, available: 12)
        #expect(error.description == "record length: claims 70000 bytes of 12")
    }
}

@Suite struct HostileBytesTests {
    /// Valid messages with bytes changed, and plain noise: nothing may trap.
    @Test(arguments: 0..<64) func `no parser traps on damaged messages`(seed: Int) {
        var dice = Dice(UInt64(seed) + 1)
        let seeds = [
            Bytes.ethernet(type: 0x8100).u16(1).u16(0x800).appending(Bytes.ipv4(protocolNumber: 17, payload: [1, 2, 3, 4]).all)
                .all,
            Bytes.ipv6(next: 0, payload: [44, 0, 1, 4, 0, 0, 0, 0, 6, 0, 0, 1, 0, 0, 0, 9]).all,
            DNSMessageTests.query(["a", "b"]).all,
            DHCPMessageTests.offer.all, TLSHelloTests.clientHello().all, TLSHelloTests.serverHello().all, HTTPHeadTests.request,
        ]
        for whole in seeds {
            for _ in 0..<50 {
                var bytes = Array(whole.prefix(Int.random(in: 0...whole.count, using: &dice)))
                for _ in 0..<3 where !bytes.isEmpty {
                    bytes[Int.random(in: 0..<bytes.count, using: &dice)] = UInt8.random(in: 0...255, using: &dice)
                }
                Self.parseAll(bytes)
            }
        }
    }

    private static func parseAll(_ bytes: [UInt8]) {
        for linkType in [LinkType.ethernet, .linuxCooked, .linuxCooked2, .null, .raw, .ppp, .pppEthernet, .nflog, .ciscoHDLC] {
            _ = try? LinkHeader(parsing: bytes.span, linkType: linkType)
        }
        _ = try? NetworkHeader(ipv4: bytes.span, at: 0)
        _ = try? NetworkHeader(ipv6: bytes.span, at: 0)
        _ = try? TCPHeader(parsing: bytes.span)
        _ = try? UDPHeader(parsing: bytes.span)
        _ = try? ARPPacket(parsing: bytes.span)
        _ = try? DHCPMessage(parsing: bytes.span)
        _ = try? DNSMessage(parsing: bytes.span)
        _ = DNSMessage.looksLikeMessage(bytes.span)
        _ = try? TLSRecord(parsing: bytes.span)
        _ = try? ClientHello(parsing: bytes.span)
        _ = try? ServerHello(parsing: bytes.span)
        _ = try? CertificateMessage(parsing: bytes.span)
        _ = try? HTTPHead(parsing: bytes.span)
        _ = HTTPHead.end(in: bytes.span)
        _ = try? SNMPHeader(parsing: bytes.span)
        _ = try? SSHIdentification(parsing: bytes.span)
    }
}
