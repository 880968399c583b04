import Testing
import Wire

@Suite struct DHCPMessageTests {
    static let offer = Bytes([2, 1, 6, 0]).u32(0xdead_beef).zeros(8).appending([10, 0, 0, 50]).zeros(8)
        .appending([2, 0, 0, 0, 0, 7]).zeros(10 + 192).u32(0x6382_5363)
        .appending([53, 1, 2, 0, 54, 4, 10, 0, 0, 1, 255])

    @Test func `an offer tells server, client and address`() throws {
        let bytes = Self.offer.all
        let message = try DHCPMessage(parsing: bytes.span)
        #expect(message.messageType == 2)
        #expect(message.server == 0x0a00_0001)
        #expect(message.offered == 0x0a00_0032)
        #expect(message.clientAddress == 0x0200_0000_0007)
        #expect(message.transaction == 0xdead_beef)
    }

    @Test func `every strict prefix up to the options is refused`() {
        let whole = Self.offer.all
        for count in 0..<240 {
            let bytes = Array(whole.prefix(count))
            #expect(throws: WireError.self) { try DHCPMessage(parsing: bytes.span) }
        }
    }

    @Test func `options that run out of the message end it`() throws {
        let whole = Self.offer.all
        for count in 240..<whole.count {
            let bytes = Array(whole.prefix(count))
            _ = try? DHCPMessage(parsing: bytes.span)
        }
        let bytes = Array(whole.prefix(240)) + [12, 255, 1]
        #expect(try DHCPMessage(parsing: bytes.span).messageType == 0)
    }

    @Test func `another cookie is refused`() {
        var bytes = Self.offer.all
        bytes[236] = 0
        #expect(throws: WireError.self) { try DHCPMessage(parsing: bytes.span) }
    }
}
