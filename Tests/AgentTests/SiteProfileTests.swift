import Agent
import Campus
import Evidence
import Indicators
import Rules
import Testing

struct SiteProfileTests {
    private func told(_ site: String, devices: String = "[]") throws -> (settings: AgentSettings, told: [String]) {
        let folder = try ConfigurationFolder()
        try folder.write("campanile.yaml", "site: {name: a}\ndevices: \(devices)\n")
        try folder.write("site.yaml", site)
        return folder.load()
    }

    @Test func `what the site lists is a closed set for its devices`() throws {
        let answer = try told(
            "places: [{id: 图书馆/机房}]\nowners: [{id: 网络中心}]\n", devices: "[{address: 10.0.0.1, place: 图书馆/机床, owner: 网管中心}]")
        #expect(
            answer.told == [
                "campanile.yaml:2:38: site.yaml knows no place `图书馆/机床`: did you mean `图书馆/机房`?",
                "campanile.yaml:2:53: site.yaml knows no owner `网管中心`: did you mean `网络中心`?",
            ])
    }

    @Test func `a device inside a management zone is managed there unless it says otherwise`() throws {
        let answer = try told(
            "zones: [{id: m, prefixes: [10.1.0.0/16], management: true}]",
            devices: "[{address: 10.1.2.3}, {address: 10.2.2.3}, {address: 10.1.2.4, management_zone: false}]")
        #expect(answer.told == [])
        #expect(answer.settings.devices.map(\.managementZone) == [true, false, false])
    }

    @Test func `zones, systems and exits are checked against what they name`() throws {
        let answer = try told(
            """
            zones:
              - {id: a, prefixes: [10.1.0.1/16], vlans: [5000], may_reach: [bb]}
              - {id: b, prefixes: ["2001:db8::/32"]}
              - {id: b}
            systems: [{id: jw, owner: x}]
            exits: [{id: cernet, device: core-2, interface: ge1, down: 1G}]
            heads: {students: -1}
            """, devices: "[{address: 10.0.0.1, name: core-1}]")
        #expect(
            answer.told == [
                "site.yaml:2:24: `10.1.0.1/16` is no prefix: write e.g. 10.1.0.0/16, with no bit beyond the length",
                "site.yaml:2:45: `5000` is no VLAN: write numbers from 1 to 4094 (IEEE 802.1Q)",
                "site.yaml:4:5: `b` stands twice below `zones`: keep one of them",
                "site.yaml:2:64: no zone is called `bb`: did you mean `b`?",
                "site.yaml:5:11: `level` is missing: add the system's 等保 level, 1 to 4",
                "site.yaml:5:27: no owner is called `x`: declare it first",
                "site.yaml:6:60: `1G` is no bandwidth: write e.g. 1Gbit/s or 500Mbit/s",
                "site.yaml:7:19: `students` is negative: write a count from 0",
                "site.yaml:6:30: no device is called `core-2`: did you mean `core-1`?",
            ])
    }

    @Test func `the calendar gives periods, holidays and windows in the site's own time`() throws {
        let answer = try told(
            """
            calendar:
              terms: [{label: 2026-2027-1, start: 2026-09-01, end: 2027-01-17}]
              windows: [{label: collection-2026, start: 2026-10-01, end: 2026-10-31}]
              holidays: [{start: 2026-10-01, end: 2026-10-07, note: 国庆节}]
              maintenance: [{start: "2026-11-28 22:00", end: "2026-11-29 02:00"}, {start: "2026-11-29 02:00", end: "2026-11-28 22:00"}]
              working_hours: {days: [1, 2, 3, 4, 5, 6], from: "07:30", until: "25:00"}
            """)
        #expect(
            answer.told == [
                "site.yaml:5:71: the window ends before it starts: correct `start` or `end`",
                "site.yaml:6:67: `25:00` is no time of day: write e.g. \"08:00\"",
            ])
        let profile = answer.settings.profile
        #expect(profile.calendar.semesters["2026-2027-1"]?.first == CivilDate(year: 2026, month: 9, day: 1))
        #expect(profile.calendar.windows.keys.sorted() == ["collection-2026"])
        #expect(profile.workingHours.holidays.count == 7)
        #expect(profile.workingHours.from == 450)
        // 22:00 in Shanghai is 14:00 UTC.
        #expect(profile.entries.first { $0.kind == .maintenance }?.start == Timestamp(seconds: 1_795_874_400))
    }
}
