import Testing
import Wire

@Suite struct HTTPHeadTests {
    static let request = Array(
        """
        POST /cgi?a=b c HTTP/1.1\r
        Host: WWW.Example.edu.cn\r
        User-Agent: test/1\r
        Content-Length: 12\r
        Authorization: Basic eDp5\r
        \r

        """.utf8)

    @Test func `a request tells method, target, host, length and that it carried credentials`() throws {
        let head = try HTTPHead(parsing: Self.request.span)
        #expect(head.start == .request(method: "POST", target: "/cgi?a=b c"))
        #expect(head.host == "www.example.edu.cn")
        #expect(head.userAgent == "test/1")
        #expect(head.framing == .length(12))
        #expect(head.hasBasicCredentials)
    }

    @Test func `a head ends behind its empty line and no strict prefix has an end`() {
        for count in 0..<Self.request.count {
            let bytes = Array(Self.request.prefix(count))
            let end = HTTPHead.end(in: bytes.span)
            #expect(end == nil)
            _ = try? HTTPHead(parsing: bytes.span)
        }
        let end = HTTPHead.end(in: Self.request.span)
        #expect(end == Self.request.count)
    }

    @Test func `bare line feeds are taken`() {
        let bytes = Array("GET / HTTP/1.0\n\nbody".utf8)
        let end = HTTPHead.end(in: bytes.span)
        #expect(end == 16)
    }

    @Test(arguments: [("HTTP/1.1 204 No Content\r\n\r\n", 204), ("HTTP/1.0 404\r\n\r\n", 404)])
    func `a response tells its status`(text: String, status: Int) throws {
        let bytes = Array(text.utf8)
        #expect(try HTTPHead(parsing: bytes.span).start == .response(status: UInt16(status)))
    }

    @Test(arguments: [
        "HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/1.1\r\n\r\n", "OPTIONS rtsp://x RTSP/1.0\r\n\r\n", "HELLO world\r\n\r\n", "\r\n\r\n", "",
    ])
    func `what is no HTTP is refused`(text: String) {
        let bytes = Array(text.utf8)
        #expect(throws: WireError.self) { try HTTPHead(parsing: bytes.span) }
    }

    @Test func `chunked wins over a length`() throws {
        let bytes = Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\nContent-Length: 5\r\n\r\n".utf8)
        #expect(try HTTPHead(parsing: bytes.span).framing == .chunked)
    }

    @Test(arguments: ["99999999999999999999", "-1", "12x", ""]) func `an impossible length is none`(length: String) throws {
        let bytes = Array("HTTP/1.1 200 OK\r\nContent-Length: \(length)\r\n\r\n".utf8)
        #expect(try HTTPHead(parsing: bytes.span).framing == .none)
    }

    @Test func `a beginning may be a message as long as nothing speaks against it`() {
        let bytes = Array("GET / HTTP/1.1".utf8)
        for count in 1..<4 {
            let part = Array(bytes.prefix(count))
            let (may, can) = (HTTPHead.mayStart(part.span), HTTPHead.canStart(part.span))
            #expect(may)
            #expect(!can)
        }
        let can = HTTPHead.canStart(bytes.span)
        #expect(can)
        let other = Array("GEX".utf8)
        let may = HTTPHead.mayStart(other.span)
        #expect(!may)
    }
}
