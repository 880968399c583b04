import Campus
import Definitions
import Foundation
import Probes
import Testing

/// A device may send anything; nothing it sends stops the poller.
@Suite struct HostileAnswerTests {
    private let library = Fixtures.library

    @Test(arguments: RecordingTests.definitions, 0..<12) func `values of other types and sizes are read without a trap`(
        name: String, turn: Int
    ) throws {
        let recording = try Fixtures.recording(name)
        let values: [SNMPValue] = [
            .integer(.min), .integer(-1), .octets([]), .octets([0, 0xff, 0xfe, 0]),
            .octets(Array(repeating: 0xc3, count: 70_000)), .null,
            .objectIdentifier(ObjectIdentifier([])), .ipAddress(.max), .counter64(.max),
            .opaque([0x9f, 0x78, 4, 0x7f, 0xc0, 0, 0]),
            .noSuchInstance, .gauge32(.max),
        ]
        // Who it is stays, so that the definition is for it.
        let hostile = recording.changed { name, value in name.starts(with: "1.3.6.1.2.1.1") ? value : values[turn] }
        let documents = ["system", name].compactMap { Fixtures.definitions[$0] }
        let (plan, answers, report) = Fixtures.polled(hostile, library: ProbeLibrary(documents, problems: Problems()))
        let narrowed = plan.narrowed(to: answers)
        _ = narrowed.fast(answers: hostile.answers(narrowed.fastRequests), baseline: report)
        #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(Fixtures.export(report).utf8)) }
    }

    @Test func `answers that are missing, too many, or another table's are passed over`() throws {
        let recording = try Fixtures.recording("interfaces")
        let (plan, answers, report) = Fixtures.polled(recording, library: library)
        #expect(plan.report(identity: VariableBindings(), answers: []).interfaces.isEmpty)
        #expect(plan.report(identity: VariableBindings(), answers: answers.reversed()).inventory.isEmpty)
        #expect(plan.fast(answers: [], baseline: report).samples.isEmpty)
        #expect(plan.fast(answers: answers + answers, baseline: DeviceReport()).gauges.isEmpty)
    }

    @Test func `interfaces that come unsorted or twice end up sorted and once`() {
        var bindings = VariableBindings()
        for index: UInt32 in [30, 10, 20, 10, 4_294_967_295, 30] {
            bindings.append(name: [1, 3, 6, 1, 2, 1, 2, 2, 1, 8, index], tag: .integer, number: 1)
            bindings.append(name: [1, 3, 6, 1, 2, 1, 2, 2, 1, 10, index], tag: .counter32, number: UInt64(index))
        }
        let plan = library.plan(identity: VariableBindings())
        let answers = plan.fullRequests.map { $0.name == "ifTable" ? bindings : VariableBindings() }
        let report = plan.report(identity: VariableBindings(), answers: answers)
        #expect(report.samples.map(\.index) == [10, 20, 30, 4_294_967_295])
        #expect(report.samples.map { $0[.inOctets] } == [10, 20, 30, 4_294_967_295])
        #expect(report.interfaces.map(\.index) == report.samples.map(\.index))
    }

    @Test func `a row's index of another length is no interface`() {
        var bindings = VariableBindings()
        bindings.append(name: [1, 3, 6, 1, 2, 1, 2, 2, 1, 8], tag: .integer, number: 1)
        bindings.append(name: [1, 3, 6, 1, 2, 1, 2, 2, 1, 8, 1, 2], tag: .integer, number: 1)
        bindings.append(name: [], tag: .integer, number: 1)
        let plan = library.plan(identity: VariableBindings())
        let answers = plan.fullRequests.map { $0.name == "ifTable" ? bindings : VariableBindings() }
        #expect(plan.report(identity: VariableBindings(), answers: answers).interfaces.isEmpty)
    }

    @Test(arguments: [
        ([UInt8]("Eth0\0\0".utf8), "Eth0"), ([0x31, 0xb0, 0x43], "1°C"), ([0xe6, 0xa5, 0xbc, 0], "楼"), ([0, 0, 0], "Gi0"),
    ])
    func `device texts lose NULs, and what is not UTF-8 is Latin-1`(bytes: [UInt8], text: String) {
        var bindings = VariableBindings()
        bindings.append(name: [1, 3, 6, 1, 2, 1, 2, 2, 1, 2, 1], value: .octets(Array("Gi0".utf8)))
        var names = VariableBindings()
        names.append(name: [1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 1, 1], value: .octets(bytes))
        let plan = library.plan(identity: VariableBindings())
        let answers = plan.fullRequests.map {
            $0.name == "ifTable" ? bindings : $0.name == "ifXTable" ? names : VariableBindings()
        }
        #expect(plan.report(identity: VariableBindings(), answers: answers).interfaces.map(\.name) == [text])
    }
}
