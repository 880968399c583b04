import Testing
import Traffic
import Wire

@Suite struct TLSTests {
    private static let hello = Frame.clientHello("www.example.edu.cn")
    private static let serverHello = Frame.handshake(2, [3, 3] + [UInt8](repeating: 8, count: 32) + [0, 0xc0, 0x2f, 0])
    private static let certificates = Frame.handshake(11, [0, 0, 6, 0, 0, 3, 1, 2, 3])

    @Test func `a hello is told wherever it is cut, on any port`() {
        for cut in 1..<Self.hello.count {
            var bench = Bench()
            var connection = Connection(server: 8443)
            for frame in connection.handshake { bench.take(frame) }
            bench.take(connection.up(Array(Self.hello[..<cut])))
            bench.take(connection.up(Array(Self.hello[cut...])))
            #expect(bench.sink.serverNames == ["www.example.edu.cn"], "cut at \(cut)")
        }
    }

    @Test func `the name is told of a hello that the snap length cut behind it`() {
        var bench = Bench()
        var connection = Connection(server: 443)
        let padded = Frame.record(22, Frame.handshake(1, Array(Self.hello.dropFirst(9)) + [UInt8](repeating: 0, count: 600)))
        bench.take(connection.up(padded), kept: 200)
        #expect(bench.sink.serverNames == ["www.example.edu.cn"])
    }

    @Test func `hello and certificates are told, whether in one record or in many`() {
        let handshake = Self.serverHello + Self.certificates
        for size in [1, 7, handshake.count] {
            var bench = Bench()
            var connection = Connection(server: 443)
            for frame in connection.handshake { bench.take(frame) }
            bench.take(connection.up(Self.hello))
            for start in stride(from: 0, to: handshake.count, by: size) {
                bench.take(connection.down(Frame.record(22, Array(handshake[start..<min(start + size, handshake.count)]))))
            }
            bench.take(connection.down(Frame.record(20, [1]) + Frame.record(22, Array(repeating: 0xa5, count: 40))))
            guard bench.sink.hellos.count == 3, case .serverHello(let version, let suite, _, _) = bench.sink.hellos[1].message,
                case .certificate(let digest) = bench.sink.hellos[2].message
            else {
                Issue.record("\(bench.sink.hellos.count) messages in records of \(size)")
                continue
            }
            #expect(version == 0x0303)
            #expect(suite == 0xc02f)
            // SHA-256 of 01 02 03 (FIPS 180-4).
            #expect(digest == "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81")
        }
    }

    @Test func `the fingerprint is the MD5 of the hello's numbers`() throws {
        var bench = Bench()
        var connection = Connection(server: 443)
        bench.take(connection.up(Self.hello))
        let fact = try #require(bench.sink.hellos.first)
        guard case .clientHello(_, let version, let ja3, _) = fact.message else {
            Issue.record("no client hello")
            return
        }
        #expect(version == 0x0303)
        // MD5 of "771,4865,0,,".
        #expect(ja3 == "1e7c622032b0cb79401b0f7be3793a1a")
    }

    @Test(arguments: ["STARTTLS\r\n", "AUTH TLS\r\n", "a1 STARTTLS\r\n", "PROXY TCP4 10.0.0.1 10.0.0.2 1 443\r\n"])
    func `a hello after a command in clear text is told`(command: String) {
        var bench = Bench()
        var connection = Connection(server: 25)
        for frame in connection.handshake { bench.take(frame) }
        bench.take(connection.down("220 ready\r\n"))
        bench.take(connection.up(command))
        bench.take(connection.down("220 go ahead\r\n"))
        bench.take(connection.up(Self.hello))
        #expect(bench.sink.serverNames == ["www.example.edu.cn"])
    }

    @Test func `a hello inside a proxied connection is told`() {
        var bench = Bench()
        var connection = Connection(server: 3128)
        for frame in connection.handshake { bench.take(frame) }
        bench.take(connection.up("CONNECT www.example.edu.cn:443 HTTP/1.1\r\nHost: www.example.edu.cn:443\r\n\r\n"))
        bench.take(connection.down("HTTP/1.1 200 Connection established\r\n\r\n"))
        bench.take(connection.up(Self.hello))
        bench.take(connection.down(Frame.record(22, Self.serverHello)))
        #expect(bench.sink.exchange == ["CONNECT www.example.edu.cn:443", "200"])
        #expect(bench.sink.hellos.count == 2)
    }

    @Test func `a handshake message of impossible length is given up`() {
        var bench = Bench()
        var connection = Connection(server: 443)
        bench.take(connection.up(Self.hello))
        bench.take(connection.down(Frame.record(22, Self.serverHello + [11, 0xff, 0xff, 0xff])))
        for _ in 0..<100 { bench.take(connection.down(Frame.record(22, Array(repeating: 11, count: 1000)))) }
        #expect(bench.sink.hellos.count == 2)
    }
}
