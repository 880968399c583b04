import Campus
import Testing

@testable import Polling

@Suite struct DeviceHealthTests {
    private let silent = Sighting.snmpSilent(reason: "no answer to SNMP")
    private let gone = Sighting.unreachable(reason: "answers nothing")

    private func at(_ seconds: Int64) -> Timestamp { Timestamp(seconds: seconds) }

    /// What each sighting changes, in order, 5 s apart.
    private func changes(_ health: inout DeviceHealth, _ sightings: [Sighting], from start: Int64 = 100) -> [DeviceHealth.Change]
    {
        sightings.enumerated().map { health.observe($1, at: at(start + 5 * Int64($0)), confirmations: 3) }
    }

    @Test func `an answer makes a device up at once`() {
        var health = DeviceHealth()
        #expect(changes(&health, [.answered, .answered]) == [.changed(since: at(100)), .none])
        #expect(health.state == .up)
    }

    @Test func `three misses make a loss that dates from the first`() {
        var health = DeviceHealth(state: .up)
        #expect(changes(&health, [gone, gone, gone]) == [.suspect, .suspect, .changed(since: at(100))])
        #expect(health.state == .down)
        #expect(health.reason == "answers nothing")
    }

    @Test func `an answer after two misses is no outage`() {
        var health = DeviceHealth(state: .up)
        #expect(changes(&health, [gone, gone, .answered, gone]) == [.suspect, .suspect, .none, .suspect])
        #expect(health.state == .up)
    }

    @Test func `a refusal needs no confirmation, for it is an answer`() {
        var health = DeviceHealth(state: .up)
        #expect(changes(&health, [.refused(reason: "wrong password")]) == [.changed(since: at(100))])
        #expect(health.state == .unauthorised)
    }

    @Test func `silence that turns into absence is counted anew`() {
        var health = DeviceHealth(state: .up)
        let seen = changes(&health, [silent, silent, gone, gone, gone])
        #expect(seen == [.suspect, .suspect, .suspect, .suspect, .changed(since: at(110))])
        #expect(health.state == .down)
    }

    @Test func `a device that stays lost changes nothing more`() {
        var health = DeviceHealth(state: .up)
        _ = changes(&health, [gone, gone, gone])
        #expect(changes(&health, [gone, gone], from: 200) == [.none, .none])
        #expect(changes(&health, [.answered], from: 300) == [.changed(since: at(300))])
    }
}
