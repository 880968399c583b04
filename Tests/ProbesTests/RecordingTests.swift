import Campus
import Definitions
import Foundation
import Probes
import Testing

@Suite struct RecordingTests {
    static let definitions = Fixtures.definitions.keys.sorted()

    @Test func `the shipped definitions have no mistakes`() {
        let problems = Problems()
        _ = ProbeLibrary.load(directories: ["\(Fixtures.repository)/Probes/snmp"], problems: problems)
        #expect(problems.all == [])
        #expect(!Self.definitions.isEmpty)
    }

    @Test(arguments: definitions) func `every definition has a recording, and says of it what is expected`(name: String) throws {
        let recording = try Fixtures.recording(name)
        let report = Fixtures.polled(recording, library: Fixtures.library).report
        let expected = try String(contentsOfFile: "\(Fixtures.recordings)/\(name)/expected.json", encoding: .utf8)
        #expect(try pretty(Fixtures.export(report)) == pretty(expected))
    }

    @Test(arguments: definitions) func `a fast poll of the same values says the same as the full one`(name: String) throws {
        let recording = try Fixtures.recording(name)
        let (plan, answers, report) = Fixtures.polled(recording, library: Fixtures.library)
        let narrowed = plan.narrowed(to: answers)
        let poll = narrowed.fast(answers: recording.answers(narrowed.fastRequests), baseline: report)
        #expect(poll.sensors == report.sensors)
        #expect(poll.gauges == report.gauges)
        #expect(poll.uptime == report.facts.uptime)
        // A recording with no more than the names of ports has nothing to ask again.
        let live = report.samples.filter { $0.present != 0 || $0.oper != .unknown || $0.admin != .unknown || $0.speed != 0 }
        #expect(poll.samples.map(\.index) == live.map(\.index))
        for (fast, full) in zip(poll.samples, live) {
            #expect(fast.speed == full.speed)
            #expect(fast.oper == full.oper)
            #expect(InterfaceCounter.allCases.allSatisfy { fast[$0] == nil || fast[$0] == full[$0] })
        }
    }

    private func pretty(_ json: String) throws -> String {
        let object = try JSONSerialization.jsonObject(with: Data(json.utf8))
        let data = try JSONSerialization.data(
            withJSONObject: object, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        return String(decoding: data, as: UTF8.self)
    }
}
