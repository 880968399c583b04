import Campus
import Logging
import SNMP
import Testing

/// Against a real snmpd, serially: one daemon a test.
@Suite(.enabled(if: SNMPDaemon.isInstalled, "snmpd is not installed"), .serialized)
struct DaemonTests {
    private let engine = SNMPEngine(settings: .impatient, logger: Logger(label: "test"))

    @Test func `v1, v2c and v3 with every protocol read the same table`() async throws {
        let daemon = try SNMPDaemon()
        #expect(await daemon.waitUntilReady(engine))
        let credentials: [SNMPCredential] = [
            SNMPCredential(version: .v1, community: Secret("public")), .public,
            .user("md5des", .md5, .des), .user("shaaes", .sha1, .aes128), .user("sha256aes256", .sha256, .aes256),
            .user("sha512aes192", .sha512, .aes192), .user("sha224", .sha224, nil), .user("sha384", .sha384, nil),
            .user("nobody", nil, nil),
        ]
        for credential in credentials {
            let answer = await engine.poll(daemon.target(credential), [.system, .interfaces])
            try #require(answer.outcome == .answered, "\(credential.user) \(credential.version): \(answer.reason)")
            #expect(answer.tableErrors == [nil, nil])
            #expect(answer.tables[0].value(2) == .octets(Array("test bench".utf8)))
            #expect(answer.tables[1].count >= 3)
            #expect((answer.engineID != nil) == (credential.version == .v3))
        }
    }

    @Test(arguments: [
        (SNMPCredential.user("nosuchuser", .sha1, .aes128), USMReason.unknownUserName),
        (.user("shaaes", .sha1, .aes128, authSecret: "not the password"), .wrongDigest),
        (.user("shaaes", .sha1, .aes128, privSecret: "not the password"), .decryptionError),
        (.user("md5des", .md5, .des, privSecret: "not the password"), .decryptionError),
        (.user("sha224", .sha224, .aes128), .unsupportedSecurityLevel),
    ])
    func `a wrong user, password or privacy key each has its own word`(credential: SNMPCredential, reason: USMReason) async throws
    {
        let daemon = try SNMPDaemon()
        #expect(await daemon.waitUntilReady(engine))
        let answer = await engine.poll(daemon.target(credential), [.system])
        #expect(answer.outcome == .unauthorised(reason))
        #expect(answer.reason == reason.words)
    }

    @Test func `a right user works after a wrong password was tried under the same name`() async throws {
        let daemon = try SNMPDaemon()
        #expect(await daemon.waitUntilReady(engine))
        let wrong = SNMPCredential.user("shaaes", .sha1, .aes128, authSecret: "not the password")
        #expect(await engine.poll(daemon.target(wrong), [.system]).outcome == .unauthorised(.wrongDigest))
        let right = SNMPCredential.user("shaaes", .sha1, .aes128)
        #expect(await engine.poll(daemon.target(right), [.system]).outcome == .answered)
        #expect(await engine.poll(daemon.target(wrong), [.system]).outcome == .unauthorised(.wrongDigest))
        #expect(await engine.poll(daemon.target(right), [.system]).outcome == .answered)
    }

    @Test func `a wrong community looks like silence and says so`() async throws {
        let daemon = try SNMPDaemon()
        #expect(await daemon.waitUntilReady(engine))
        let answer = await engine.poll(daemon.target(SNMPCredential(version: .v2c, community: Secret("wrong"))), [.system])
        #expect(answer.outcome == .silent)
        #expect(answer.reason.contains("wrong community"))
        #expect(answer.pduCount == 3)
    }

    @Test func `a restarted agent is resynchronised without a failed poll`() async throws {
        let credential = SNMPCredential.user("shaaes", .sha1, .aes128)
        let daemon = try SNMPDaemon()
        #expect(await daemon.waitUntilReady(engine))
        #expect(await engine.poll(daemon.target(credential), [.system]).outcome == .answered)
        try daemon.restart()
        #expect(await daemon.waitUntilReady(engine))
        let answer = await engine.poll(daemon.target(credential), [.system])
        #expect(answer.outcome == .answered, "\(answer.reason)")
    }
}
