import Campus
import Indicators
import Testing

private let shanghai = {
    var calendar = SiteCalendar(timeZone: "Asia/Shanghai")
    calendar.semesters["2025-2026-2"] = .init(
        first: CivilDate(year: 2026, month: 2, day: 23), last: CivilDate(year: 2026, month: 7, day: 10))
    calendar.windows["collection-2026"] = .init(
        first: CivilDate(year: 2026, month: 11, day: 1), last: CivilDate(year: 2026, month: 12, day: 15))
    return calendar
}()

@Suite struct PeriodTests {
    @Test(arguments: [
        ("2026-11-21", "2026-11-21T00:00:00.000+08:00", "2026-11-22T00:00:00.000+08:00", Period.Kind.day),
        ("2026-W47", "2026-11-16T00:00:00.000+08:00", "2026-11-23T00:00:00.000+08:00", .week),
        ("2020-W53", "2020-12-28T00:00:00.000+08:00", "2021-01-04T00:00:00.000+08:00", .week),
        ("2026-W01", "2025-12-29T00:00:00.000+08:00", "2026-01-05T00:00:00.000+08:00", .week),
        ("2026-11", "2026-11-01T00:00:00.000+08:00", "2026-12-01T00:00:00.000+08:00", .month),
        ("2026-12", "2026-12-01T00:00:00.000+08:00", "2027-01-01T00:00:00.000+08:00", .month),
        ("2026", "2026-01-01T00:00:00.000+08:00", "2027-01-01T00:00:00.000+08:00", .year),
        ("2025-2026-2", "2026-02-23T00:00:00.000+08:00", "2026-07-11T00:00:00.000+08:00", .semester),
        ("window:collection-2026", "2026-11-01T00:00:00.000+08:00", "2026-12-16T00:00:00.000+08:00", .window),
    ])
    func `a label names a span of the site's time`(label: String, start: String, end: String, kind: Period.Kind) throws {
        let period = try #require(Period(label: label, calendar: shanghai))
        #expect(period.kind == kind)
        #expect(shanghai.civil(period.start).rfc3339 == start)
        #expect(shanghai.civil(period.end).rfc3339 == end)
        #expect(Period(kind, containing: period.start, calendar: shanghai)?.label == label)
        #expect(Period(kind, containing: period.end - .milliseconds(1), calendar: shanghai)?.label == label)
    }

    @Test(arguments: [
        "", "2026-13", "2026-1", "2026-02-30", "26-11-21", "2026-W54", "2025-W53", "2026-W1", "2026-Wxx", "window:other",
        "2024-2025-1",
        "2026-11-21-1", "-2026", "２０２６",
    ])
    func `a label that names nothing is refused`(label: String) {
        #expect(Period(label: label, calendar: shanghai) == nil)
    }

    @Test func `a day with a clock change has 23 or 25 hours`() throws {
        let berlin = SiteCalendar(timeZone: "Europe/Berlin")
        for (label, hours) in [("2026-03-29", Int64(23)), ("2026-10-25", 25), ("2026-06-01", 24)] {
            let day = try #require(Period(label: label, calendar: berlin))
            #expect(day.end.milliseconds - day.start.milliseconds == hours * 3_600_000)
        }
    }

    @Test func `the period before is found across a year's end`() throws {
        #expect(Period(label: "2026-01", calendar: shanghai)?.previous(shanghai)?.label == "2025-12")
        #expect(Period(label: "2026-W01", calendar: shanghai)?.previous(shanghai)?.label == "2025-W52")
    }

    @Test func `days and dates turn into each other for four centuries`() {
        var date = CivilDate(year: 1900, month: 1, day: 1)
        for days in (date.daysSinceEpoch...date.daysSinceEpoch + 146_097) where days % 7 == 0 {
            date = CivilDate(daysSinceEpoch: days)
            #expect(date.daysSinceEpoch == days)
        }
        #expect(CivilDate(year: 2026, month: 11, day: 23).weekday == 1)
    }
}
