import Campus
import Glibc
import SNMP
import Testing

@Suite struct ReachabilityTests {
    private let reachability = Reachability()
    /// Link-local without a scope (RFC 4007 §6): the kernel refuses to send.
    private let unreachable = IPAddress(v6High: 0xfe80_0000_0000_0000, low: 1)
    private let loopback = IPAddress(v4: 0x7f00_0001)

    @Test func `a host that is there answers ping in both families`() async {
        guard reachability.pingProblem == nil else { return }
        #expect(await reachability.ping(loopback) != nil)
        #expect(await reachability.ping(IPAddress(v6High: 0, low: 1)) != nil)
    }

    @Test func `many echoes at one time each find their own answer`() async {
        guard reachability.pingProblem == nil else { return }
        let answered = await withTaskGroup(of: Bool.self) { group in
            for host in 1...200 as ClosedRange<UInt32> {
                group.addTask { await reachability.ping(IPAddress(v4: 0x7f00_0000 + host)) != nil }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(answered == 200)
    }

    @Test func `an address that no packet can be sent to does not answer`() async {
        #expect(await reachability.ping(unreachable) == nil)
        #expect(await reachability.connect(unreachable, port: 80) == .silent)
    }

    @Test func `an open port and a closed one are two answers`() async throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let port = try bindLoopback(listener)
        defer { close(listener) }
        guard case .refused = await reachability.connect(loopback, port: port) else {
            Issue.record("a bound port without a listener must refuse")
            return
        }
        listen(listener, 4)
        guard case .open = await reachability.connect(loopback, port: port) else {
            Issue.record("a listening port must be open")
            return
        }
    }

    @Test func `after shutdown every question is answered with nothing`() async {
        let gone = Reachability()
        gone.shutdown()
        #expect(await gone.ping(loopback) == nil)
        #expect(await gone.connect(loopback, port: 1) == .silent)
    }
}
