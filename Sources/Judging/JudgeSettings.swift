import Campus
package import Evidence
package import Indicators
package import Rules

/// How judging works at this site.
package struct JudgeSettings: Sendable {
    package var calendar = SiteCalendar()
    package var workingHours = WorkingHours()
    /// How often the clock looks for new observations and due rules.
    package var tick: Duration = .seconds(1)
    /// How often 等保 items and indicators are computed.
    package var assessmentInterval: Duration = .seconds(3600)
    /// What one run of a rule may cost; beyond it the rule has failed.
    package var ruleLimits = QueryLimits(time: .seconds(5), rows: 200_000)
    /// What one item or indicator may cost: they read weeks.
    package var assessmentLimits = QueryLimits(time: .seconds(60), rows: 200_000)

    package init() {}

    func isWorking(at now: Timestamp) -> Bool { workingHours.contains(calendar.civil(now)) }

    /// What is bound for rules, items and indicators alike.
    func siteParameters(at now: Timestamp) -> [String: ColumnValue] {
        [
            "now": .integer(now.milliseconds), "working": .integer(isWorking(at: now) ? 1 : 0),
            "utc_offset_ms": .integer(Int64(calendar.offsetSeconds(at: now)) * 1000),
        ]
    }
}
