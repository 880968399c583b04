import Campus
import Testing

@Suite struct TimeTests {
    @Test func `a minute starts at the full minute, also before 1970`() {
        #expect(Timestamp(milliseconds: 119_999).floored(to: .seconds(60)) == Timestamp(milliseconds: 60_000))
        #expect(Timestamp(milliseconds: -1).floored(to: .seconds(60)) == Timestamp(milliseconds: -60_000))
        #expect(Timestamp(milliseconds: 60_000).floored(to: .seconds(60)) == Timestamp(milliseconds: 60_000))
    }

    @Test func `a clock that stepped back shows as time below zero`() {
        #expect(Timestamp(seconds: 5).since(Timestamp(seconds: 8)) == .seconds(-3))
        #expect(Timestamp(seconds: 5) + .milliseconds(1500) - .seconds(1) == Timestamp(milliseconds: 5500))
    }

    @Test func `a span longer than milliseconds can hold saturates`() {
        #expect(Duration.seconds(Int64.max).milliseconds == .max)
        #expect(Duration.seconds(Int64.min).milliseconds == .min)
    }

    @Test func `a window that begins before milliseconds do starts at the first of them`() {
        #expect(Timestamp(milliseconds: .min).floored(to: .seconds(60)) == Timestamp(milliseconds: .min))
    }

    @Test(arguments: [
        (Int64.min, 0, "0000-01-01T00:00:00.000+00:00"), (Int64.min, -43200, "0000-01-01T00:00:00.000-12:00"),
        (Int64.max, 0, "9999-12-31T23:59:59.999+00:00"), (Int64.max, 28800, "9999-12-31T23:59:59.999+08:00"),
    ])
    func `an instant outside of what a calendar can write shows as the nearest inside`(at: Int64, offset: Int, text: String) {
        #expect(CivilTime(Timestamp(milliseconds: at), offsetSeconds: offset).rfc3339 == text)
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000+00:00"), (28800, "1970-01-01T08:00:00.000+08:00"), (-12600, "1969-12-31T20:30:00.000-03:30"),
    ])
    func `an instant prints as the wall clock at an offset shows it`(offset: Int, text: String) {
        #expect(CivilTime(Timestamp(seconds: 0), offsetSeconds: offset).rfc3339 == text)
    }

    @Test(arguments: [
        ("2026-11-21", 6, 2026, 47), ("2027-01-01", 5, 2026, 53), ("2024-02-29", 4, 2024, 9), ("2024-12-30", 1, 2025, 1),
    ])
    func `a day knows its weekday and ISO week`(text: String, weekday: Int, year: Int, week: Int) throws {
        let day = try #require(CivilDate(text))
        #expect(day.description == text)
        #expect(day.weekday == weekday)
        #expect(day.isoWeek == (year, week))
    }

    @Test(arguments: ["2026-02-29", "2026-13-01", "2026-00-10", "26-01-01", "2026-1-1", "2026-01-32", "", "2026-01-01-"])
    func `a day that no calendar has is refused`(text: String) {
        #expect(CivilDate(text) == nil)
    }
}
