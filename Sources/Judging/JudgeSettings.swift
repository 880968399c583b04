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

    package init() {}
}
