import Testing
import Traffic
import Wire

@Suite struct StreamTests {
    private static let request = "GET /a HTTP/1.1\r\nHost: www.example.edu.cn\r\n\r\n"
    private static let answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"

    private static func exchange(_ frames: [[UInt8]]) -> [String] {
        var bench = Bench()
        for frame in frames { bench.take(frame) }
        bench.finish()
        return bench.sink.exchange
    }

    @Test func `requests and answers are told wherever segments are cut`() {
        let both = Self.request + Self.request
        for cut in 1..<both.utf8.count {
            var connection = Connection()
            var frames = connection.handshake
            frames.append(connection.up(String(both.prefix(cut))))
            frames.append(connection.up(String(both.dropFirst(cut))))
            #expect(Self.exchange(frames) == ["GET www.example.edu.cn", "GET www.example.edu.cn"], "cut at \(cut)")
        }
    }

    @Test func `one byte a segment is enough`() {
        var connection = Connection(server: 8081)
        var frames = connection.handshake
        for byte in Self.request.utf8 { frames.append(connection.up([byte])) }
        for byte in Self.answer.utf8 { frames.append(connection.down([byte])) }
        #expect(Self.exchange(frames) == ["GET www.example.edu.cn", "200"])
    }

    @Test func `segments in any order, twice and overlapping are told once`() {
        let bytes = Array(Self.request.utf8)
        let parts = [(0, 10), (10, 20), (15, 30), (10, 20), (30, bytes.count)]
        for order in [[0, 1, 2, 3, 4], [4, 2, 1, 0, 3], [1, 0, 3, 4, 2], [2, 4, 3, 1, 0]] {
            var frames = Connection().handshake
            for index in order {
                let (start, end) = parts[index]
                frames.append(
                    Frame.ipv4(6, Frame.tcp(40_000, 80, 1001 + UInt32(start), 5001, flags: 0x18, Array(bytes[start..<end]))))
            }
            #expect(Self.exchange(frames) == ["GET www.example.edu.cn"], "order \(order)")
        }
    }

    @Test func `bodies are passed over by length, by chunks, and not at all for HEAD`() {
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\nHTTP\r\n0\r\nTrailer: x\r\n\r\n"
        let head = "HTTP/1.1 304 Not Modified\r\nContent-Length: 5000\r\n\r\n"
        var connection = Connection()
        var frames = connection.handshake
        frames.append(connection.up(Self.request + Self.request.replacing("GET", with: "HEAD") + Self.request))
        frames.append(
            connection.down(
                "HTTP/1.1 100 Continue\r\n\r\n" + chunked + Self.answer.replacing("hello", with: "") + Self.answer + head))
        #expect(Self.exchange(frames).suffix(5) == ["100", "200", "200", "200", "304"])
    }

    @Test func `a body without a length is whole when its sender closes`() {
        var connection = Connection()
        var frames = connection.handshake
        frames.append(connection.up(Self.request))
        frames.append(connection.down("HTTP/1.0 200 OK\r\n\r\nbody"))
        #expect(Self.exchange(frames) == ["GET www.example.edu.cn", "200?"])
        frames.append(connection.down(Array("more".utf8), flags: 0x11))
        #expect(Self.exchange(frames) == ["GET www.example.edu.cn", "200"])
    }

    @Test func `lost bytes of a body cost nothing but certainty`() {
        var connection = Connection()
        var frames = connection.handshake
        frames.append(connection.up(Self.request))
        frames.append(connection.down("HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n\r\n"))
        _ = connection.down(String(repeating: "x", count: 1500))
        frames.append(connection.down(String(repeating: "y", count: 1500)))
        frames.append(connection.down("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"))
        #expect(Self.exchange(frames) == ["GET www.example.edu.cn", "200?", "404?"])
    }

    @Test func `after a hole that was acknowledged the next head is found`() {
        var connection = Connection()
        var frames = connection.handshake
        _ = connection.up("GET /lost HTTP/1.1\r\nHost: ")
        frames.append(connection.up("x\r\n\r\n"))
        frames.append(connection.up(Self.request))
        frames.append(connection.down([], flags: 0x10))
        #expect(Self.exchange(frames) == ["GET www.example.edu.cn"])
    }

    @Test func `a head cut by the snap length is told as far as it goes`() {
        var bench = Bench()
        var connection = Connection()
        let long = connection.up(
            Self.request.replacing("\r\n\r\n", with: "\r\nCookie: " + String(repeating: "c", count: 900) + "\r\n\r\n"))
        bench.take(long, kept: 200)
        #expect(bench.sink.exchange == ["GET www.example.edu.cn?"])
    }

    @Test func `a conversation joined in its middle is read from the next head`() {
        var connection = Connection()
        let frames = [connection.down("…rest of a body"), connection.up(Self.request), connection.down(Self.answer)]
        #expect(Self.exchange(frames) == ["GET www.example.edu.cn", "200"])
    }

    @Test func `a stream that never ends a head is given up within its bound`() {
        var settings = AnalyserSettings()
        settings.maximumStreamBytes = 4096
        var bench = Bench(settings)
        var connection = Connection()
        for frame in connection.handshake { bench.take(frame) }
        bench.take(connection.up("GET / HTTP/1.1\r\n"))
        for _ in 0..<100 { bench.take(connection.up(String(repeating: "X-Filler: aaaaaaaa\r\n", count: 50))) }
        bench.take(connection.up(Self.request))
        #expect(bench.sink.exchange == ["GET www.example.edu.cn?"])
    }

    @Test func `more conversations than there is room for push out others and are counted`() {
        var settings = AnalyserSettings()
        settings.maximumStreams = 4
        var bench = Bench(settings)
        for port in 1...20 {
            var connection = Connection(client: 30_000 + port)
            for frame in connection.handshake { bench.take(frame) }
            bench.take(connection.up("GET / HTTP/1.1\r\n"))
        }
        #expect(bench.analyser.statistics.refusedStreams == 16)
        bench.finish()
        #expect(bench.sink.flows.count == 20)
    }

    @Test func `SSH sides are told by their lines`() {
        var bench = Bench()
        var connection = Connection(server: 22)
        for frame in connection.handshake { bench.take(frame) }
        bench.take(connection.down("SSH-2.0-Switch_1.0\r\n"))
        bench.take(connection.up("SSH-2.0-"))
        bench.take(connection.up("client\n"))
        #expect(bench.sink.banners.map(\.banner) == ["SSH-2.0-Switch_1.0", "SSH-2.0-client"])
    }
}
