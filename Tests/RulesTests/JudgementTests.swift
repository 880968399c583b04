import Campus
import Rules
import Testing

private let now = Timestamp(seconds: 1_800_000_000)

@Suite struct JudgementTests {
    @Test(arguments: [
        (Int64(0), Int64(0), Outcome.held), (179, 0, .held), (181, 0, .unknown), (600, 300_000, .held), (901, 300_000, .unknown),
    ])
    func `evidence older than three intervals is unknown`(age: Int64, interval: Int64, outcome: Outcome) throws {
        let row: [String: ColumnValue] = [
            "subject": .text("a"), "outcome": .text("held"), "seen_at": .integer(now.milliseconds - age * 1000),
            "interval_ms": .integer(interval),
        ]
        #expect(try Judgement(row: row).settled(at: now, every: .seconds(60)) == outcome)
    }

    @Test func `a row without its subject or with a wrong outcome is refused with words`() {
        #expect(throws: JudgementError(what: "the row has no `subject`")) { try Judgement(row: ["outcome": .text("held")]) }
        #expect(throws: JudgementError.self) { try Judgement(row: ["subject": .text("a"), "outcome": .text("ok")]) }
        #expect(throws: JudgementError.self) {
            try Judgement(row: ["subject": .text("a"), "outcome": .text("held"), "severity": .text("warn")])
        }
    }

    @Test func `coverage of nothing expected is nothing`() throws {
        var judgement = Judgement(subject: "a", outcome: .held)
        #expect(judgement.coverage == nil)
        (judgement.samples, judgement.expected) = (0, 0)
        #expect(judgement.coverage == 0)
        (judgement.samples, judgement.expected) = (30, 20)
        #expect(judgement.coverage == 1)
    }

    @Test(arguments: [
        ("{a} {b:.1f}", "x 2.5"), ("{c:si}bit/s", "1.2 Gbit/s"), ("{missing}", "?"), ("{{a}", "{a}"), ("{d}", "evil"),
        ("{e:.0f}", "-3"), ("{f:.2f}", "0.01"),
    ])
    func `a message is filled`(template: String, text: String) throws {
        let row: [String: ColumnValue] = [
            "a": .text("x"), "b": .real(2.45), "c": .integer(1_200_000_000), "d": .text("e\u{1B}v\nil"), "e": .real(-2.5),
            "f": .real(0.005),
        ]
        #expect(try MessageTemplate(template).filled(from: row) == text)
    }

    @Test func `parameters are found outside of quotes and comments`() {
        let query = QueryText("SELECT ':no', \":no\", a FROM t WHERE a > :yes -- :no\n AND b = :also_2")
        #expect(query.parameters == ["yes", "also_2"])
    }

    @Test(arguments: [
        ("2026-11-21T09:00:00", true), ("2026-11-21T18:00:00", false), ("2026-11-22T09:00:00", false),
        ("2026-11-23T09:00:00", false),
    ])
    func `working hours are days and minutes, without holidays`(text: String, isWorking: Bool) throws {
        let day = try #require(CivilDate(String(text.prefix(10))))
        var hours = WorkingHours()
        hours.days = [6]
        hours.holidays = [CivilDate(year: 2026, month: 11, day: 23)]
        let hour = try #require(Int64(text.dropFirst(11).prefix(2)))
        let time = CivilTime(Timestamp(seconds: Int64(day.daysSinceEpoch) * 86_400 + hour * 3600), offsetSeconds: 0)
        #expect(hours.contains(time) == isWorking)
    }
}
