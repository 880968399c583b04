import Campus
import Testing

@testable import SNMP

/// What is asked, in what portions, of an agent that is a list of instances; no sockets, no clock.
@Suite struct RequestRunTests {
    /// Answers as RFC 3416 §4.2 has it, in at most `room` bindings.
    private struct Agent {
        var names: [[UInt32]]
        var room = 60
        var questions = 0

        mutating func answer(_ question: Question) -> [(name: [UInt32], tag: VariableBindings.Tag)] {
            questions += 1
            var cursors = (0..<question.count).map { Array(question.arcs[question.range($0)]) }
            var reply: [(name: [UInt32], tag: VariableBindings.Tag)] = []
            if case .get = question.command {
                return cursors.map { ($0, names.contains($0) ? .integer : .noSuchInstance) }
            }
            var repetitions = 1
            if case .getBulk(let asked) = question.command { repetitions = asked }
            for _ in 0..<repetitions {
                for place in cursors.indices where reply.count < room {
                    let next = names.first { cursors[place].lexicographicallyPrecedes($0) }
                    reply.append((next ?? cursors[place], next == nil ? .endOfMibView : .integer))
                    cursors[place] = next ?? cursors[place]
                }
            }
            return reply
        }
    }

    private func table(_ number: UInt32, columns: ClosedRange<UInt32> = 1...3) -> TableRequest {
        TableRequest(name: "table\(number)", kind: .columns(columns.map { ObjectIdentifier([1, 3, 6, 1, 9, number, 1, $0]) }))
    }

    private func instances(_ number: UInt32, columns: ClosedRange<UInt32> = 1...3, rows: ClosedRange<UInt32>) -> [[UInt32]] {
        columns.flatMap { column in rows.map { [1, 3, 6, 1, 9, number, 1, column, $0] } }
    }

    private func take(_ reply: [(name: [UInt32], tag: VariableBindings.Tag)], into run: inout RequestRun, attempt: Int = 0) {
        run.beginReply()
        for (name, tag) in reply {
            if run.admits(name.span, tag: tag) { run.append { $0.append(name: name, tag: tag, number: 1) } }
        }
        run.endReply(ReplyHead(errorStatus: 0, errorIndex: 0), attempt: attempt)
    }

    private func finish(_ run: inout RequestRun, _ agent: inout Agent) {
        var question = Question()
        while !run.isDone, agent.questions < 1000 {
            run.ask(&question, attempt: 0)
            take(agent.answer(question), into: &run)
        }
    }

    private func run(_ requests: [TableRequest], usesBulk: Bool = true) -> RequestRun {
        RequestRun(requests, usesBulk: usesBulk, size: ReplySize(capacity: 640, fitting: 96))
    }

    @Test(arguments: [true, false]) func `a hundred tables that are absent cost a few questions`(usesBulk: Bool) {
        var agent = Agent(names: instances(50, rows: 1...52) + [[1, 3, 6, 1, 10, 1, 0]])
        var run = run((1...100).map { table($0) }, usesBulk: usesBulk)
        finish(&run, &agent)
        #expect(run.tables[49].count == 156)
        #expect(run.tables.count { $0.isEmpty } == 99)
        #expect(run.errors.allSatisfy { $0 == nil })
        // Three hundred columns, 48 to a question, and the rows of one table.
        #expect(agent.questions <= (usesBulk ? 13 : 62))
    }

    @Test(arguments: [1, 2, 7, 13, 60, 500]) func `every value comes once, whatever the agent's replies hold`(room: Int) {
        let names = instances(1, rows: 1...40) + instances(2, columns: 1...5, rows: 3...3) + instances(4, rows: 1...9)
        var agent = Agent(names: names, room: room)
        var run = run([table(1), table(2, columns: 1...5), table(3), table(4)])
        finish(&run, &agent)
        #expect(run.tables.map(\.count) == [120, 5, 0, 27])
        for answer in run.tables {
            #expect(Set((0..<answer.count).map { Array(answer.name($0)) }).count == answer.count)
        }
    }

    @Test func `what changes of a switch comes in as many questions as its values fill`() {
        var uptime = TableRequest(name: "scalars", kind: .scalars(["1.3.6.1.2.1.1.3.0"]))
        var interfaces = table(7, columns: 1...16)
        interfaces.expectedRows = 52
        var processors = table(8, columns: 1...1)
        processors.expectedRows = 1
        uptime.limit = 10
        var agent = Agent(
            names: [[1, 3, 6, 1, 2, 1, 1, 3, 0]] + instances(7, columns: 1...16, rows: 1...52)
                + instances(8, columns: 1...1, rows: 1...1), room: 80)
        var run = run([uptime, interfaces, processors])
        finish(&run, &agent)
        #expect(run.tables.map(\.count) == [1, 832, 1])
        #expect(agent.questions <= 12)
    }

    @Test func `a scalar that only GET brings is asked by GET`() {
        // The agent's next name after sysUpTime is another's: its tree is out of order, and GET alone works.
        var agent = Agent(names: instances(1, rows: 1...2))
        let uptime: [UInt32] = [1, 3, 6, 1, 2, 1, 1, 3, 0]
        var run = run([TableRequest(name: "scalars", kind: .scalars(["1.3.6.1.2.1.1.3.0"])), table(1)])
        var question = Question()
        while !run.isDone, agent.questions < 20 {
            run.ask(&question, attempt: 0)
            if case .get = question.command { agent.names.append(uptime) }
            take(agent.answer(question), into: &run)
        }
        #expect(run.tables.map(\.count) == [1, 6])
    }

    @Test func `a table that is never answered starves none of the others`() {
        let slow: UInt32 = 3
        var agent = Agent(names: (1...6).flatMap { instances($0, rows: 1...4) })
        var run = run((1...6).map { table($0) })
        var question = Question()
        var given = 0
        while !run.isDone, agent.questions < 100, given < 20 {
            run.ask(&question, attempt: 0)
            if (0..<question.count).contains(where: { question.arcs[question.range($0)].dropFirst(5).first == slow }) {
                run.giveUp("no answer")
                given += 1
            } else {
                take(agent.answer(question), into: &run)
            }
        }
        #expect(run.tables.map(\.count) == [12, 12, 0, 12, 12, 12])
        #expect(run.errors.map { $0 != nil } == [false, false, true, false, false, false])
        #expect(given == 2)
    }

    @Test func `an agent that has gone is given up, not asked for each table`() {
        var run = run((1...100).map { table($0) })
        var question = Question()
        var tries = 0
        while !run.isDone {
            run.ask(&question, attempt: 0)
            run.giveUp("no answer")
            tries += 1
        }
        #expect(tries == 4)
        #expect(run.errors.allSatisfy { $0 != nil })
    }

    @Test func `an error without a place is looked for table by table`() {
        var run = run([table(1), table(2)])
        var question = Question()
        run.ask(&question, attempt: 0)
        #expect(question.count == 6)
        run.beginReply()
        run.endReply(ReplyHead(errorStatus: 5, errorIndex: 0), attempt: 0)
        run.ask(&question, attempt: 0)
        #expect(question.count == 3)
        run.beginReply()
        run.endReply(ReplyHead(errorStatus: 5, errorIndex: 0), attempt: 0)
        var agent = Agent(names: instances(2, rows: 1...2))
        finish(&run, &agent)
        #expect(run.errors[0]?.contains("genErr") == true)
        #expect(run.tables[1].count == 6)
    }
}
