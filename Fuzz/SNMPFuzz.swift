import Campus

@testable import SNMP

/// What an agent or a stranger sends to us: an answer in the middle of a walk, and a notification.
enum SNMPFuzz {
    static func response(_ bytes: Span<UInt8>) {
        let request = TableRequest(name: "table", kind: .columns(["1.3.6.1.2.1.2.2.1.1", "1.3.6.1.2.1.2.2.1.2"]), limit: 64)
        var exchange = Exchange()
        exchange.run = RequestRun([request], usesBulk: true, size: ReplySize(capacity: 64, fitting: 64))
        exchange.openRequest = 1
        exchange.collects = true
        var question = Question()
        exchange.run?.ask(&question, attempt: 0)
        var reader = BindingReader()
        _ = try? exchange.take(bytes, at: 0, before: bytes.count, &reader)
        var security = UserSecurity(SNMPCredential(user: "fuzz"), authMaster: [], privMaster: [])
        _ = try? security.open(bytes, at: 0, before: bytes.count, messageID: 1, now: 0)
        _ = try? security.open(bytes, at: 0, before: bytes.count, messageID: 1, now: 0)
    }

    static func notification(_ bytes: Span<UInt8>) {
        let credentials = [SNMPCredential(version: .v2c, community: Secret("public")), SNMPCredential(user: "fuzz")]
        var reader = NotificationReader(credentials: credentials, engine: LocalEngine(name: "fuzz", now: 0))
        _ = reader.read(bytes, from: IPAddress(v4: 0x7f00_0001), now: 0)
    }
}
