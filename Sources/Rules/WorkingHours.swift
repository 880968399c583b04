package import Campus

/// When the site works, in its own wall-clock time; holidays are days like Sundays.
package struct WorkingHours: Hashable, Sendable {
    /// 1 Monday … 7 Sunday.
    package var days: Set<Int> = [1, 2, 3, 4, 5]
    /// Minutes since midnight; `until` is exclusive.
    package var from = 8 * 60
    package var until = 18 * 60
    package var holidays: Set<CivilDate> = []

    package init() {}

    package func contains(_ time: CivilTime) -> Bool {
        let minute = time.hour * 60 + time.minute
        return days.contains(time.date.weekday) && !holidays.contains(time.date) && minute >= from && minute < until
    }
}

extension Rule.Hours {
    /// Whether a rule with these hours judges at `time`.
    package func include(_ time: CivilTime, working: WorkingHours) -> Bool {
        switch self {
        case .always: true
        case .working: working.contains(time)
        case .closed: !working.contains(time)
        }
    }
}
