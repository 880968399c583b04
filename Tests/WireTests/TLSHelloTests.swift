import Testing
import Wire

@Suite struct TLSHelloTests {
    static func extensions(_ list: [(type: Int, data: Bytes)]) -> Bytes {
        list.reduce(Bytes()) { $0.u16($1.type).counted(2, $1.data) }
    }

    static func clientHello(serverName: String = "WWW.Example.edu.cn") -> Bytes {
        let name = Bytes().counted(2, Bytes().u8(0).counted(2, Bytes().text(serverName)))
        return Bytes().u16(0x0303).zeros(32).counted(1, Bytes())
            .counted(2, Bytes().u16(0x1a1a).u16(0x1301).u16(0xc02f)).counted(1, Bytes().u8(0))
            .counted(
                2,
                extensions([
                    (0x2a2a, Bytes()), (0, name), (10, Bytes().counted(2, Bytes().u16(29).u16(23))),
                    (11, Bytes().counted(1, Bytes().u8(0))),
                    (16, Bytes().counted(2, Bytes().counted(1, Bytes().text("h2")).counted(1, Bytes().text("http/1.1")))),
                    (43, Bytes().counted(1, Bytes().u16(0x0304).u16(0x0303))),
                ]))
    }

    static func serverHello() -> Bytes {
        Bytes().u16(0x0303).zeros(32).counted(1, Bytes().zeros(32)).u16(0x1301).u8(0)
            .counted(2, extensions([(43, Bytes().u16(0x0304)), (51, Bytes().zeros(4))]))
    }

    @Test func `a client hello tells name, protocols and what fingerprints need`() throws {
        let bytes = Self.clientHello().all
        let hello = try ClientHello(parsing: bytes.span)
        #expect(hello.serverName == "www.example.edu.cn")
        #expect(hello.cipherSuites == [0x1a1a, 0x1301, 0xc02f])
        #expect(hello.extensions == [0x2a2a, 0, 10, 11, 16, 43])
        #expect(hello.groups == [29, 23])
        #expect(hello.pointFormats == [0])
        #expect(hello.protocols == ["h2", "http/1.1"])
        #expect(hello.supportedVersions == [0x0304, 0x0303])
    }

    /// Where the compression methods end, a hello may end too: extensions are optional.
    @Test func `every strict prefix of a client hello but that without extensions is refused`() throws {
        let whole = Self.clientHello().all
        let bare = 2 + 32 + 1 + 2 + 6 + 2
        for count in 0..<whole.count where count != bare {
            let bytes = Array(whole.prefix(count))
            #expect(throws: WireError.self) { try ClientHello(parsing: bytes.span) }
        }
        let bytes = Array(whole.prefix(bare))
        #expect(try ClientHello(parsing: bytes.span).extensions.isEmpty)
    }

    @Test func `every strict prefix of a server hello but that without extensions is refused`() throws {
        let whole = Self.serverHello().all
        let bare = 2 + 32 + 33 + 3
        for count in 0..<whole.count where count != bare {
            let bytes = Array(whole.prefix(count))
            #expect(throws: WireError.self) { try ServerHello(parsing: bytes.span) }
        }
    }

    @Test func `the version of a server hello is the one it selected`() throws {
        let bytes = Self.serverHello().all
        let hello = try ServerHello(parsing: bytes.span)
        #expect(hello.version == 0x0303)
        #expect(hello.selectedVersion == 0x0304)
        #expect(hello.cipherSuite == 0x1301)
    }

    @Test func `drafts of TLS 1.3 have no session id in the server hello`() throws {
        let bytes = Bytes().u16(0x7f12).zeros(32).u16(0x1301).counted(2, Bytes().u16(51).counted(2, Bytes().zeros(2))).all
        let hello = try ServerHello(parsing: bytes.span)
        #expect(hello.cipherSuite == 0x1301)
        #expect(hello.extensions == [51])
    }

    @Test func `the leaf is the first certificate of the list`() throws {
        let list = Bytes().counted(3, Bytes().counted(3, Bytes([1, 2, 3])).counted(3, Bytes([4]))).all
        #expect(try CertificateMessage(parsing: list.span).leaf == 6..<9)
        for count in 0..<9 {
            let bytes = Array(list.prefix(count))
            #expect(throws: WireError.self) { try CertificateMessage(parsing: bytes.span) }
        }
    }

    @Test(arguments: [[22, 3, 1, 0x48, 1], [99, 3, 1, 0, 1], [22, 2, 1, 0, 1], [22, 3, 1, 0]] as [[UInt8]])
    func `records of impossible length, type or version are refused`(bytes: [UInt8]) {
        #expect(throws: WireError.self) { try TLSRecord(parsing: bytes.span) }
    }

    @Test func `a hello is recognised by its first bytes, however few`() {
        let record = Bytes([22, 3, 1]).counted(2, Bytes().u8(1).counted(3, Self.clientHello())).all
        for count in 1..<6 {
            let bytes = Array(record.prefix(count))
            let may = TLSRecord.mayStartHello(bytes.span)
            #expect(may)
        }
        for count in 6..<record.count {
            let bytes = Array(record.prefix(count))
            let starts = TLSRecord.startsHello(bytes.span)
            #expect(starts)
        }
    }
}
