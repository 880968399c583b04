import Campus
import Testing

@testable import Traffic

struct MinuteSummaryTests {
    private func packet(_ source: String, _ destination: String, port: UInt16, bytes: Int, isNew: Bool = false) -> PacketFact {
        let endpoints = Endpoints(
            protocolNumber: 6, source: address(source), sourcePort: 40_000, destination: address(destination),
            destinationPort: port)
        var fact = PacketFact(endpoints: endpoints)
        fact.wireLength = bytes
        fact.isNewFlow = isNew
        return fact
    }

    private func summary(_ settings: MinuteSummary.Settings = MinuteSummary.Settings()) -> MinuteSummary {
        MinuteSummary(interface: "eth1", start: Timestamp(seconds: 65), settings: settings)
    }

    @Test func `talkers and services are summed in both directions`() throws {
        var summary = summary()
        summary.frame(wireLength: 100, at: 0)
        summary.packet(packet("10.0.0.1", "10.0.0.2", port: 443, bytes: 100, isNew: true))
        var back = packet("10.0.0.2", "10.0.0.1", port: 40_000, bytes: 900)
        back.endpoints.sourcePort = 443
        back.isFromInitiator = false
        summary.frame(wireLength: 900, at: 0)
        summary.packet(back)
        let closed = summary.close(at: Timestamp(seconds: 120))
        let minute = try #require(closed)
        #expect(minute.start == Timestamp(seconds: 60))
        #expect([minute.bytes, minute.packets, minute.flows, minute.overflow] == [1000, 2, 1, 0])
        #expect(
            minute.talkers.first { $0.address == address("10.0.0.1") }
                == TrafficMinute.Talker(address: address("10.0.0.1"), bytesIn: 900, bytesOut: 100, packets: 2, flows: 1))
        #expect(
            minute.services == [TrafficMinute.Service(protocolNumber: 6, port: 443, bytes: 1000, packets: 2, flows: 1)])
    }

    @Test func `a minute closes when a later one begins, or when the clock stepped back, but not for a late frame`() {
        var summary = summary()
        let closed = [119, 59, 121, 119, 61, 60].map { summary.close(at: Timestamp(seconds: $0))?.start.milliseconds }
        #expect(closed == [nil, nil, 60_000, nil, nil, 120_000])
        #expect(summary.start == Timestamp(seconds: 60))
    }

    @Test func `a sampled packet counts for as many as its rate says`() {
        var summary = summary()
        summary.weight = 8
        summary.frame(wireLength: 100, at: 0)
        summary.packet(packet("10.0.0.1", "10.0.0.2", port: 80, bytes: 100, isNew: true))
        let minute = summary.finish(next: Timestamp(seconds: 120))
        #expect([minute.bytes, minute.packets, minute.flows] == [800, 8, 8])
    }

    @Test func `what does not fit is counted as overflow`() {
        var settings = MinuteSummary.Settings()
        settings.maximumTalkers = 10
        settings.reportedTalkers = 4
        var summary = summary(settings)
        for host in 1...20 { summary.packet(packet("10.0.0.\(host)", "10.0.1.1", port: 80, bytes: host)) }
        let minute = summary.finish(next: Timestamp(seconds: 120))
        #expect(minute.talkers.count == 4)
        #expect(minute.talkers.first?.address == address("10.0.1.1"))
        #expect(minute.overflow == 11 + 6)
    }

    @Test func `names count their sessions and about their clients`() throws {
        var summary = summary()
        for client in 0..<200 {
            for _ in 0..<3 {
                let endpoints = Endpoints(
                    protocolNumber: 17, source: IPAddress(v4: 0x0a00_0000 + UInt32(client)), sourcePort: 4000,
                    destination: address("10.9.9.9"), destinationPort: 53)
                summary.dns(
                    DNSFact(
                        at: 0, endpoints: endpoints, application: .dns, identifier: 1, isResponse: false, operation: 0,
                        name: "www.example.edu.cn", type: 1, responseCode: 0, answerCount: 0, length: 40, isAmbiguous: false,
                        isTunnelled: false))
            }
        }
        let name = try #require(summary.finish(next: Timestamp(seconds: 120)).names.first)
        #expect(name.source == "dns")
        #expect(name.sessions == 600)
        #expect((180...220).contains(name.clients))
    }

    @Test(arguments: [1, 10, 100, 1000]) func `the number of clients is right within a tenth`(count: Int) {
        var counter = DistinctCounter()
        for client in 0..<count { counter.insert(IPAddress(v4: 0x0a00_0000 &+ UInt32(client) &* 7)) }
        let error = abs(Int(counter.estimate) - count)
        #expect(error <= max(1, count / 10))
    }
}
