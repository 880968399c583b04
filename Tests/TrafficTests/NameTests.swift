import Campus
import Testing
import Traffic
import Wire

@Suite struct NameTests {
    @Test(arguments: [(53, DNSFact.Application.dns), (5353, .mdns), (5355, .llmnr), (12_345, .dns)])
    func `a question is told with its application`(port: Int, application: DNSFact.Application) throws {
        var bench = Bench()
        bench.take(Frame.ipv4(17, Frame.udp(40_000, port, Frame.query("www.example.edu.cn"))))
        let fact = try #require(bench.sink.names.first)
        #expect(fact.name == "www.example.edu.cn")
        #expect(fact.type == 1)
        #expect(fact.application == application)
        #expect(fact.endpoints.destinationPort == UInt16(port))
        #expect(!fact.isAmbiguous)
    }

    @Test func `a fragmented answer is put together in any order`() {
        let whole = Frame.udp(
            53, 40_000, Frame.query("long.example.org", isResponse: true, answers: 3) + Array(repeating: 0, count: 40))
        let parts = [(0, 24, true), (24, 48, true), (48, whole.count, false)]
        for order in [[0, 1, 2], [0, 2, 1]] {
            var bench = Bench()
            for index in order {
                let (start, end, more) = parts[index]
                bench.take(
                    Frame.ipv4(17, identification: 9, fragment: (more ? 0x2000 : 0) | start / 8, Array(whole[start..<end])))
            }
            #expect(bench.sink.names.map(\.answerCount) == [3])
        }
    }

    @Test func `messages over TCP are put together across segments`() {
        let query = Frame.query("tcp.example.org")
        let stream = Frame.bytes16(query.count) + query + Frame.bytes16(query.count) + query
        for cut in 1..<stream.count {
            var bench = Bench()
            var connection = Connection(server: 53)
            for frame in connection.handshake { bench.take(frame) }
            bench.take(connection.up(Array(stream[..<cut])))
            bench.take(connection.up(Array(stream[cut...])))
            #expect(bench.sink.names.count == 2, "cut at \(cut)")
        }
    }

    @Test func `NetBIOS names are no domain names`() {
        var bench = Bench()
        bench.take(Frame.ipv4(17, Frame.udp(137, 137, Frame.query("FHFAEBEECACACACACACACACACACACAAA"))))
        #expect(bench.sink.names.isEmpty)
    }

    @Test func `ARP and DHCP are told with the addresses of the frame`() throws {
        var bench = Bench()
        bench.take(Frame.ethernet(0x806, [0, 1, 8, 0, 6, 4, 0, 2, 2, 0, 0, 0, 0, 9, 10, 0, 0, 1, 2, 0, 0, 0, 0, 8, 10, 0, 0, 1]))
        let arp = try #require(bench.sink.arps.first)
        #expect(arp.senderIP == IPAddress("10.0.0.1"))
        #expect(arp.senderMAC.description == "02:00:00:00:00:09")
        #expect(arp.sourceMAC?.description == "02:00:00:00:00:01")
        #expect(arp.isGratuitous)

        var message = [UInt8](repeating: 0, count: 236)
        message[0] = 2
        message[33] = 5
        message += [0x63, 0x82, 0x53, 0x63, 53, 1, 5, 54, 4, 10, 0, 0, 3, 255]
        bench.take(Frame.ipv4(17, Frame.udp(67, 68, message)))
        let lease = try #require(bench.sink.leases.first)
        #expect(lease.messageType == 5)
        #expect(lease.server == IPAddress("10.0.0.3"))
        #expect(lease.clientMAC.value == 5)
        #expect(lease.offered == nil)
    }

    @Test func `management in clear text is told once for each flow, client first`() {
        var bench = Bench()
        var telnet = Connection(client: 40_001, server: 23)
        for frame in telnet.handshake { bench.take(frame) }
        for _ in 0..<3 { bench.take(telnet.down([0xff, 0xfd, 0x18])) }
        let request: [UInt8] = [0x30, 12, 2, 1, 1, 4, 6] + Array("public".utf8)
        for _ in 0..<3 { bench.take(Frame.ipv4(17, from: 2, to: 1, Frame.udp(161, 50_000, request))) }
        bench.take(Frame.ipv4(17, Frame.udp(50_001, 69, [0, 1] + Array("running-config\0octet\0".utf8))))
        var ftp = Connection(client: 40_002, server: 21)
        bench.take(ftp.down("220 ready\r\n"))
        #expect(bench.sink.sessions.map(\.kind) == [.telnet, .snmpV2c, .tftp, .ftp])
        #expect(bench.sink.sessions.map(\.endpoints.destinationPort) == [23, 161, 69, 21])
        #expect(bench.sink.sessions[0].sourceMAC == MACAddress(value: 0x0200_0000_0002))
    }
}
