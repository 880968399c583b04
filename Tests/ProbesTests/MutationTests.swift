import Campus
import Foundation
import Probes
import Testing

/// A definition is proved by its recording only if no number in it can change without the result changing too.
@Suite struct MutationTests {
    @Test(arguments: RecordingTests.definitions.filter { !["system", "families"].contains($0) })
    func `every identifier, column and factor of a definition matters to its recording`(name: String) throws {
        let recording = try Fixtures.recording(name)
        let system = try String(contentsOfFile: "\(Fixtures.standard)/system.yaml", encoding: .utf8)
        let text = try String(contentsOfFile: "\(Fixtures.standard)/\(name).yaml", encoding: .utf8)
        let original = try fingerprint(system + "---\n" + text, recording)
        let places = numbers(in: text)
        #expect(!places.isEmpty)
        for place in places {
            var mutant = text
            mutant.insert("7", at: place.upperBound)
            let line = text[..<place.lowerBound].count { $0 == "\n" } + 1
            #expect(
                try fingerprint(system + "---\n" + mutant, recording) != original,
                "\(name).yaml:\(line): \(text[place]) proves nothing")
        }
    }

    @Test(arguments: [
        (1, SensorState.unknown), (2, .unknown), (3, .ok), (4, .warning), (5, .critical), (6, .critical), (7, .critical),
        (8, .unknown),
    ])
    func `the output source of a UPS is judged as its numbers say`(number: Int, state: SensorState) throws {
        let source: ObjectIdentifier = "1.3.6.1.2.1.33.1.4.1.0"
        let recording = try Fixtures.recording("ups").changed { $0 == source ? .integer(Int64(number)) : $1 }
        let sensor = Fixtures.polled(recording, library: Fixtures.library).report.sensors.first { $0.oid == source }
        #expect(sensor?.state == state)
        #expect(sensor?.raw == Int64(number))
    }

    @Test(arguments: [(1, SensorState.unknown), (2, .ok), (3, .critical), (4, .critical), (9, .unknown)])
    func `the battery of a UPS is judged as its numbers say`(number: Int, state: SensorState) throws {
        let status: ObjectIdentifier = "1.3.6.1.2.1.33.1.2.1.0"
        let recording = try Fixtures.recording("ups").changed { $0 == status ? .integer(Int64(number)) : $1 }
        let sensor = Fixtures.polled(recording, library: Fixtures.library).report.sensors.first { $0.oid == status }
        #expect(sensor?.state == state)
    }

    /// The values that are numbers or identifiers, but for those in maps of words: a recording need not hold every word.
    private func numbers(in text: String) -> [Range<String.Index>] {
        var places: [Range<String.Index>] = []
        var isInMap = false
        for line in text.split(separator: "\n") where line.drop(while: { $0 == " " }).first != "#" {
            let opensMap = line.contains(/(names|numbers|states): \{/)
            if !isInMap, !opensMap {
                for match in line.matches(of: /: ([0-9][0-9.]*)(?=[,}]|$)/) {
                    places.append(match.output.1.startIndex..<match.output.1.endIndex)
                }
            }
            if opensMap { isInMap = true }
            if line.contains("}") { isInMap = false }
        }
        return places
    }

    private func fingerprint(_ definitions: String, _ recording: Recording) throws -> String {
        let (library, problems) = try Fixtures.library(of: definitions)
        let report = Fixtures.polled(recording, library: library).report
        let unexported = report.samples.map { "\($0.discontinuity) \($0.wide)" }
        return Fixtures.export(report) + unexported.joined(separator: ",") + problems.joined(separator: "\n")
    }
}
