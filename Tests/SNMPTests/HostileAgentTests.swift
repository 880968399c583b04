import Campus
import Logging
import SNMP
import Testing

@Suite struct HostileAgentTests {
    private let engine = SNMPEngine(settings: .impatient, logger: Logger(label: "test"))
    private let column = TableRequest(name: "column", kind: .columns(["1.3.6.1.2.1.2.2.1.1"]))

    private func poll(_ agent: HostileAgent, _ request: TableRequest) async -> SNMPAnswer {
        await engine.poll(SNMPTarget(address: IPAddress(v4: 0x7f00_0001), port: agent.port, credential: .public), [request])
    }

    @Test func `a host that answers nothing is silent after all tries`() async throws {
        let agent = try HostileAgent { _, _ in [] }
        let answer = await poll(agent, .system)
        #expect(answer.outcome == .silent)
        #expect(answer.pduCount == 3)
        #expect(answer.retries == 2)
        #expect(agent.requests == 3)
    }

    @Test func `an answer to another request is no answer`() async throws {
        let agent = try HostileAgent { request, _ in [request.response(request.names.map { ($0, 1) }, id: [0x12, 0x34, 0x56])] }
        let answer = await poll(agent, .system)
        #expect(answer.outcome == .silent)
        #expect(answer.foreign == 3)
        #expect(answer.tables[0].isEmpty)
    }

    @Test func `a late answer to the same question still counts`() async throws {
        // The first request is answered together with the second, which repeats its id.
        let agent = try HostileAgent { request, number in number == 0 ? [] : [request.response(request.names.map { ($0, 7) })] }
        let answer = await poll(agent, .system)
        #expect(answer.outcome == .answered)
        #expect(answer.retries == 1)
        #expect(answer.tables[0].count == 3)
    }

    @Test(arguments: [1, 2, 10, 30])
    func `a truncated answer is counted as malformed`(missing: Int) async throws {
        let agent = try HostileAgent { request, _ in [request.response(request.names.map { ($0, 1) }).dropLast(missing)] }
        let answer = await poll(agent, .system)
        #expect(answer.outcome == .silent)
        #expect(answer.malformed == 3)
        #expect(answer.reason.contains("malformed"))
    }

    @Test func `an oversized answer full of noise is counted as malformed`() async throws {
        let agent = try HostileAgent { _, _ in [[UInt8](repeating: 0x30, count: 60_000)] }
        let answer = await poll(agent, .system)
        #expect(answer.outcome == .silent)
        #expect(answer.malformed == 3)
    }

    @Test func `an answer with thousands of values that nobody asked for keeps what was asked for`() async throws {
        let agent = try HostileAgent { request, _ in
            let extra = (0..<2000).map { (name: [UInt8(0x2b), 6, 1, 2, 1, 99, UInt8($0 % 100)], value: UInt8(1)) }
            return [request.response(request.names.map { ($0, 1) } + extra)]
        }
        let answer = await poll(agent, .system)
        #expect(answer.outcome == .answered)
        #expect(answer.tables[0].count == 3)
    }

    @Test func `a walk that goes in circles ends with an error`() async throws {
        // Whatever is asked, the column's instances 1 and 2 come, again and again.
        let agent = try HostileAgent { request, _ in
            let column: [UInt8] = [0x2b, 6, 1, 2, 1, 2, 2, 1, 1]
            return [request.response([(column + [1], 1), (column + [2], 2)])]
        }
        let answer = await poll(agent, column)
        #expect(answer.outcome == .answered)
        // The first question asks for one row; what else the agent sends is nobody's.
        #expect(answer.tables[0].count == 1)
        #expect(answer.tableErrors[0]?.contains("loop") == true)
        #expect(agent.requests == 2)
    }

    @Test func `a walk without end stops at its limit`() async throws {
        let agent = try HostileAgent { request, number in
            let column: [UInt8] = [0x2b, 6, 1, 2, 1, 2, 2, 1, 1]
            let high = UInt8(number / 100 + 1)
            let low = UInt8(number % 100)
            return [request.response([(column + [high, low], 1)])]
        }
        var request = column
        request.limit = 50
        let answer = await poll(agent, request)
        #expect(answer.tables[0].count == 50)
        #expect(answer.tableErrors[0]?.contains("50") == true)
    }

    @Test func `an agent that calls every answer too big is asked for less down to one value`() async throws {
        let agent = try HostileAgent { request, _ in
            request.names.count > 1
                ? [request.response([], status: 1)]
                : [request.response(request.names.map { ($0 + [1], 1) })]
        }
        let request = TableRequest(name: "columns", kind: .columns(["1.3.6.1.2.1.2.2.1.1", "1.3.6.1.2.1.2.2.1.2"]), limit: 20)
        let answer = await poll(agent, request)
        #expect(answer.outcome == .answered)
        #expect(answer.tables[0].count == 20)
    }

    @Test func `an empty answer ends the column instead of asking for ever`() async throws {
        let agent = try HostileAgent { request, _ in [request.response([])] }
        let answer = await poll(agent, column)
        #expect(answer.tableErrors[0]?.contains("without a value") == true)
        #expect(agent.requests == 1)
    }

    @Test func `a cancelled poll ends at once and the next one is not met by its answer`() async throws {
        let agent = try HostileAgent { request, number in number == 0 ? [] : [request.response(request.names.map { ($0, 7) })] }
        let target = SNMPTarget(address: IPAddress(v4: 0x7f00_0001), port: agent.port, credential: .public)
        let patient = SNMPEngine(logger: Logger(label: "test"))
        let first = Task { await patient.poll(target, [.system]) }
        while agent.requests == 0 { await Task.yield() }
        first.cancel()
        #expect(await first.value.outcome == .cancelled)
        let second = await patient.poll(target, [.system])
        #expect(second.outcome == .answered)
        #expect(second.foreign == 0)
    }

    @Test func `shutdown ends polls that are under way`() async throws {
        let agent = try HostileAgent { _, _ in [] }
        let target = SNMPTarget(address: IPAddress(v4: 0x7f00_0001), port: agent.port, credential: .public)
        let patient = SNMPEngine(logger: Logger(label: "test"))
        async let answer = patient.poll(target, [.system])
        while agent.requests == 0 { await Task.yield() }
        patient.shutdown()
        #expect(await answer.outcome == .cancelled)
        #expect(await patient.poll(target, [.system]).outcome == .cancelled)
    }
}
