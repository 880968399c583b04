import Campus
import Probes
import Testing

/// A definition is proved by its recording only if no number in it can change without the result changing too.
@Suite struct MutationTests {
    @Test(arguments: Fixtures.definitions.keys.sorted().filter { !["system", "families"].contains($0) })
    func `every identifier, column, factor, pattern and map of a definition matters to its recording`(id: String) throws {
        let document = try #require(Fixtures.definitions[id])
        for survivor in try Fixtures.survivingMutations(of: document, recording: Fixtures.recording(id)) {
            Issue.record("\(survivor)")
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
}
