import Campus
import Testing
import Wire

@testable import SNMP

/// Both ends of SNMPv3 in one process: what is believed, and what not.
@Suite struct UserSecurityTests {
    private static let engineID: [UInt8] = [0x80, 0x00, 0x1f, 0x88, 4, 1, 2, 3, 4]
    private static let second: UInt64 = 1_000_000_000
    private static let credential = SNMPCredential(
        user: "campanile", auth: .sha256, authSecret: Secret("authentic-secret"), priv: .aes128,
        privSecret: Secret("private-secret"))
    private static let masters: (auth: [UInt8], priv: [UInt8]) = (
        SecurityLibrary.masterKey(.sha256, password: "authentic-secret"),
        SecurityLibrary.masterKey(.sha256, password: "private-secret")
    )

    /// Our side.
    private final class Side {
        var security = UserSecurity(credential, authMaster: masters.auth, privMaster: masters.priv)

        func open(_ bytes: [UInt8], id: Int32?, now: UInt64 = 0) throws(WireError) -> UserSecurity.Opened {
            let message = try bytes.span.element(Tag.sequence, at: 0, before: bytes.count, "message")
            let version = try bytes.span.element(Tag.integer, at: message.start, before: message.end, "version")
            return try security.open(bytes.span, at: version.end, before: message.end, messageID: id, now: now)
        }

        func accepts(_ bytes: [UInt8], id: Int32, now: UInt64 = 0) -> Bool {
            if case .pdu? = try? open(bytes, id: id, now: now) { true } else { false }
        }
    }

    /// Our side after discovery at second 0: boots 7, time 1000.
    private func known() throws -> Side {
        let side = Side()
        let report = datagram(tag: Tag.report, id: 1, boots: 7, seconds: 1000, keys: nil)
        guard case .discovered = try side.open(report, id: 1) else { throw WireError.unexpected(field: "discovery", value: 0) }
        let hasKeys = side.security.makeKeys()
        #expect(hasKeys)
        return side
    }

    private func keys(engineID: [UInt8] = engineID) -> UserKeys? {
        UserKeys(Self.credential, authMaster: Self.masters.auth, privMaster: Self.masters.priv, engineID: engineID)
    }

    /// What the agent sends: one binding, signed and encrypted when there are keys.
    private func datagram(
        tag: UInt8 = Tag.response, id: Int32, boots: Int64, seconds: Int64, keys: UserKeys?, engineID: [UInt8] = engineID,
        counter: [UInt32] = [1, 3, 6, 1, 6, 3, 15, 1, 1, 4, 0]
    ) -> [UInt8] {
        var writer = MessageWriter()
        writer.integer(1)
        writer.identifier(counter[...])
        writer.header(Tag.sequence, since: 0)
        writer.header(Tag.sequence, since: 0)
        for number in [0, 0, Int64(id)] { writer.integer(number) }
        writer.header(tag, since: 0)
        writer.string([UInt8]())
        writer.string(engineID)
        writer.header(Tag.sequence, since: 0)
        let header = SecuredHeader(
            messageID: id, flags: 0, engineID: engineID, boots: boots, seconds: seconds,
            user: keys == nil ? [] : Array("campanile".utf8))
        if let keys {
            let isSealed = keys.seal(&writer, header, salt: 42)
            #expect(isSealed)
        } else {
            header.write(to: &writer, digestSize: 0, salt: [])
        }
        return Array(writer.message)
    }

    // MARK: Time

    @Test(
        arguments: [
            (7, 1000, true), (7, 851, true), (7, 849, false), (7, 5000, true), (8, 3, true), (6, 1000, false), (6, 9000, false),
        ] as [(Int64, Int64, Bool)])
    func `a message is timely or not (RFC 3414 §3.2 7b)`(boots: Int64, seconds: Int64, isTimely: Bool) throws {
        let side = try known()
        let answer = datagram(id: 2, boots: boots, seconds: seconds, keys: keys())
        #expect(side.accepts(answer, id: 2) == isTimely)
    }

    @Test func `our own clock counts on between two messages`() throws {
        let side = try known()
        let answer = datagram(id: 2, boots: 7, seconds: 1000, keys: keys())
        #expect(side.accepts(answer, id: 2, now: 149 * Self.second))
        #expect(!side.accepts(answer, id: 2, now: 152 * Self.second))
    }

    @Test func `after a reboot of the agent its old messages are refused`() throws {
        let side = try known()
        #expect(side.accepts(datagram(id: 2, boots: 8, seconds: 1, keys: keys()), id: 2))
        #expect(!side.accepts(datagram(id: 3, boots: 7, seconds: 1001, keys: keys()), id: 3))
        #expect(side.security.clockReading(now: 0)?.boots == 8)
    }

    @Test func `an engine that has counted its last boot takes part no more`() throws {
        let side = try known()
        let last = EngineClock.lastBoots
        #expect(!side.accepts(datagram(id: 2, boots: last, seconds: 1, keys: keys()), id: 2))
    }

    @Test func `a replayed message answers no other question`() throws {
        let side = try known()
        let answer = datagram(id: 2, boots: 7, seconds: 1000, keys: keys())
        #expect(side.accepts(answer, id: 2))
        guard case .foreign = try side.open(answer, id: 3) else {
            Issue.record("a replay was taken")
            return
        }
        guard case .foreign = try side.open(answer, id: nil) else {
            Issue.record("an answer to nothing was taken")
            return
        }
    }

    @Test func `a report that is signed sets the clock, one that is not cannot`() throws {
        let side = try known()
        let counter: [UInt32] = [1, 3, 6, 1, 6, 3, 15, 1, 1, 2, 0]
        let forged = datagram(tag: Tag.report, id: 2, boots: 99, seconds: 5, keys: nil, counter: counter)
        guard case .refused(.notInTimeWindow) = try side.open(forged, id: 2) else {
            Issue.record("another verdict was expected")
            return
        }
        #expect(side.security.clockReading(now: 0)?.boots == 7)
        let genuine = datagram(tag: Tag.report, id: 2, boots: 9, seconds: 5, keys: keys(), counter: counter)
        guard case .clockSet = try side.open(genuine, id: 2) else {
            Issue.record("another verdict was expected")
            return
        }
        #expect(side.security.clockReading(now: 0)?.boots == 9)
    }

    // MARK: Keys

    @Test func `what another engine signed is refused`() throws {
        let side = try known()
        let other: [UInt8] = [0x80, 0x00, 0x1f, 0x88, 4, 9, 9, 9, 9]
        let answer = datagram(id: 2, boots: 7, seconds: 1000, keys: keys(engineID: other), engineID: other)
        #expect(!side.accepts(answer, id: 2))
    }

    @Test func `an answer that is less secured than the question is refused`() throws {
        let side = try known()
        #expect(!side.accepts(datagram(id: 2, boots: 7, seconds: 1000, keys: nil), id: 2))
    }

    // MARK: Damage

    @Test func `a message cut off anywhere is none`() throws {
        let whole = datagram(id: 2, boots: 7, seconds: 1000, keys: keys())
        for count in 0..<whole.count {
            let side = try known()
            #expect(!side.accepts(Array(whole[..<count]), id: 2), "\(count) octets were believed")
        }
    }

    @Test func `one octet changed anywhere is never believed`() throws {
        let whole = datagram(id: 2, boots: 7, seconds: 1000, keys: keys())
        let side = try known()
        for place in whole.indices {
            for change: UInt8 in [0x01, 0x80, 0xff] {
                var bytes = whole
                bytes[place] ^= change
                #expect(!side.accepts(bytes, id: 2), "octet \(place) xor \(change) was believed")
            }
        }
    }

    @Test func `a notification cut off or changed anywhere is never believed and never fatal`() throws {
        let whole = datagram(tag: Tag.trapV2, id: 2, boots: 7, seconds: 1000, keys: keys())
        var reader = NotificationReader(credentials: [Self.credential], engine: LocalEngine(name: "test", now: 0))
        let source = IPAddress(v4: 0x7f00_0001)
        for count in 0..<whole.count {
            let verdict = reader.read(Array(whole[..<count]).span, from: source, now: 0)
            #expect(!isAccepted(verdict))
        }
        for place in whole.indices {
            var bytes = whole
            bytes[place] ^= 0x41
            let verdict = reader.read(bytes.span, from: source, now: 0)
            #expect(!isAccepted(verdict))
        }
    }

    private func isAccepted(_ verdict: NotificationReader.Verdict) -> Bool {
        if case .accepted = verdict { true } else { false }
    }
}
