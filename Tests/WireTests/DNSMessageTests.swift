import Testing
import Wire

@Suite struct DNSMessageTests {
    static func query(_ labels: [String], type: Int = 1, flags: Int = 0x0100) -> Bytes {
        var bytes = Bytes().u16(0x1234).u16(flags).u16(1).u16(0).u16(0).u16(0)
        for label in labels { bytes = bytes.counted(1, Bytes().text(label)) }
        return bytes.u8(0).u16(type).u16(1)
    }

    @Test func `a question is read in lower case without the final dot`() throws {
        let bytes = Self.query(["WWW", "Example", "edu", "cn"], type: 28).all
        let message = try DNSMessage(parsing: bytes.span)
        #expect(message.name == "www.example.edu.cn")
        #expect(message.type == 28)
        #expect(!message.isResponse)
        #expect(message.isPrintable)
    }

    @Test func `every strict prefix is refused`() {
        let whole = Self.query(["a", "bc"]).all
        for count in 0..<whole.count {
            let bytes = Array(whole.prefix(count))
            #expect(throws: WireError.self) { try DNSMessage(parsing: bytes.span) }
        }
    }

    @Test func `the root is the empty name`() throws {
        let bytes = Self.query([]).all
        #expect(try DNSMessage(parsing: bytes.span).name == "")
    }

    @Test func `a message without a question has neither name nor type`() throws {
        let bytes = Bytes().u16(0).u16(0x8400).u16(0).u16(1).u32(0).all
        let message = try DNSMessage(parsing: bytes.span)
        #expect(message.isResponse)
        #expect(message.type == nil)
        #expect(message.answerCount == 1)
    }

    @Test func `a pointer loop is refused`() {
        let bytes = Bytes().u16(0).u16(0).u16(1).u16(0).u32(0).u16(0xc00c).u16(1).u16(1).all
        #expect(throws: WireError.self) { try DNSMessage(parsing: bytes.span) }
    }

    @Test func `a name beyond 255 bytes is refused`() {
        let bytes = Self.query(Array(repeating: String(repeating: "x", count: 63), count: 5)).all
        #expect(throws: WireError.self) { try DNSMessage(parsing: bytes.span) }
    }

    @Test func `bytes that cannot be printed are marked`() throws {
        let bytes = Self.query(["a\u{1}b"]).all
        let message = try DNSMessage(parsing: bytes.span)
        #expect(message.name == "a?b")
        #expect(!message.isPrintable)
    }

    @Test func `a query on an unusual port is recognised and noise is not`() {
        let query = Self.query(["tunnel", "example", "org"]).all
        let isQuery = DNSMessage.looksLikeMessage(query.span)
        #expect(isQuery)
        let longer = query + [0]
        let isLongerOne = DNSMessage.looksLikeMessage(longer.span)
        #expect(!isLongerOne)
        var dice = Dice(3)
        for _ in 0..<2000 {
            let noise = (0..<64).map { _ in UInt8.random(in: 0...255, using: &dice) }
            let isNoise = !DNSMessage.looksLikeMessage(noise.span)
            #expect(isNoise)
        }
    }
}
