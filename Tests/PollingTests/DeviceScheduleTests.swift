import Campus
import Testing

@testable import Polling

@Suite struct DeviceScheduleTests {
    private let settings = PollingSettings()

    private func look(_ schedule: DeviceSchedule, _ seconds: Double, wantsFull: Bool = false) -> DeviceSchedule.Look? {
        schedule.look(at: .seconds(seconds), settings: settings, wantsFull: wantsFull)
    }

    @Test func `the first look is a full poll, then pulses, then a fast poll`() {
        var schedule = DeviceSchedule(first: .seconds(1), phase: 1)
        #expect(look(schedule, 0.9) == nil)
        #expect(look(schedule, 1) == .full)
        schedule.answered(.full, start: .seconds(1), settings: settings)
        #expect(look(schedule, 6.9) == nil)
        #expect(look(schedule, 7) == .pulse)
        schedule.answered(.pulse, start: .seconds(7), settings: settings)
        #expect(look(schedule, 61) == .fast)
    }

    @Test(arguments: [0.0, 0.3, 0.99]) func `polls keep their distance whatever the phase`(phase: Double) {
        var schedule = DeviceSchedule(first: .zero, phase: phase)
        schedule.answered(.full, start: .zero, settings: settings)
        var times: [Duration] = []
        var now = Duration.zero
        while times.count < 4 {
            now += .milliseconds(100)
            guard let look = schedule.look(at: now, settings: settings, wantsFull: false) else { continue }
            if look == .fast { times.append(now) }
            schedule.answered(look, start: now, settings: settings)
        }
        #expect(times[0] >= .seconds(15) && times[0] <= .seconds(61))
        for (before, after) in zip(times, times.dropFirst()) { #expect(abs((after - before).inSeconds - 60) < 0.2) }
    }

    @Test func `a full poll comes each hour and when something asks for it`() {
        var schedule = DeviceSchedule(first: .zero, phase: 0)
        schedule.answered(.full, start: .zero, settings: settings)
        schedule.answered(.fast, start: .seconds(3550), settings: settings)
        #expect(look(schedule, 3615) == .full)
        schedule.answered(.full, start: .seconds(3615), settings: settings)
        schedule.hurry(at: .seconds(3620))
        #expect(look(schedule, 3620, wantsFull: true) == .full)
        #expect(look(schedule, 3620) == .fast)
    }

    @Test func `a suspicion is looked into every five seconds by the cheap look`() {
        var schedule = DeviceSchedule(first: .zero, phase: 0)
        schedule.answered(.full, start: .zero, settings: settings)
        schedule.suspected(start: .seconds(15), settings: settings)
        #expect(look(schedule, 19.9) == nil)
        #expect(look(schedule, 20) == .pulse)
    }

    @Test func `a lost device is looked for less and less often, up to the interval`() {
        var schedule = DeviceSchedule(first: .zero, phase: 0)
        var now = Duration.zero
        var waits: [Duration] = []
        for _ in 0..<5 {
            schedule.lost(start: now, settings: settings)
            waits.append(schedule.next - now)
            now = schedule.next
        }
        #expect(waits == [.seconds(6), .seconds(12), .seconds(24), .seconds(48), .seconds(60)])
    }

    @Test func `polls that were missed are not made up for`() {
        var schedule = DeviceSchedule(first: .zero, phase: 0)
        schedule.answered(.full, start: .zero, settings: settings)
        schedule.answered(.fast, start: .seconds(1000), settings: settings)
        #expect(look(schedule, 1001) == nil)
        schedule.answered(.pulse, start: .seconds(1010), settings: settings)
        #expect(look(schedule, 1060) == .fast)
    }
}
