package import Campus

/// A span of the site's calendar that an indicator is computed for; `end` is exclusive.
package struct Period: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable { case day, week, month, semester, year, window }

    package let kind: Kind
    /// `2026-11-21`, `2026-W47`, `2026-11`, `2026`, `2025-2026-2`, `window:collection-2026`.
    package let label: String
    package let start: Timestamp
    package let end: Timestamp

    private init(_ kind: Kind, _ label: String, from first: CivilDate, until next: CivilDate, _ calendar: SiteCalendar) {
        self.kind = kind
        self.label = label
        start = calendar.start(of: first)
        end = calendar.start(of: next)
    }

    /// The period that a label names; nil when it is malformed or the calendar does not know it.
    package init?(label: String, calendar: SiteCalendar) {
        let digits = label.split(separator: "-", omittingEmptySubsequences: false)
        if label.hasPrefix("window:"), let span = calendar.windows[String(label.dropFirst(7))] {
            self.init(.window, label, from: span.first, until: span.last.adding(days: 1), calendar)
        } else if let span = calendar.semesters[label] {
            self.init(.semester, label, from: span.first, until: span.last.adding(days: 1), calendar)
        } else if let day = CivilDate(label) {
            self.init(.day, label, from: day, until: day.adding(days: 1), calendar)
        } else if digits.count == 2, digits[1].hasPrefix("W"),
            let monday = Self.monday(year: digits[0], week: digits[1].dropFirst())
        {
            self.init(.week, label, from: monday, until: monday.adding(days: 7), calendar)
        } else if digits.count == 2, let first = CivilDate(label + "-01") {
            self.init(.month, label, from: first, until: Self.nextMonth(first), calendar)
        } else if digits.count == 1, let first = CivilDate(label + "-01-01") {
            self.init(.year, label, from: first, until: CivilDate(year: first.year + 1, month: 1, day: 1), calendar)
        } else {
            return nil
        }
    }

    /// The period of a kind that an instant falls in; nil for semesters and windows outside the calendar's.
    package init?(_ kind: Kind, containing instant: Timestamp, calendar: SiteCalendar) {
        let date = calendar.civil(instant).date
        let label: String?
        switch kind {
        case .day: label = date.description
        case .week:
            let (year, week) = date.isoWeek
            label = "\(year)-W\(week < 10 ? "0" : "")\(week)"
        case .month: label = String(date.description.prefix(7))
        case .year: label = String(date.description.prefix(4))
        case .semester: label = Self.label(of: date, in: calendar.semesters)
        case .window: label = Self.label(of: date, in: calendar.windows).map { "window:" + $0 }
        }
        guard let label, let period = Period(label: label, calendar: calendar) else { return nil }
        self = period
    }

    /// The one before it, for days, weeks, months and years.
    package func previous(_ calendar: SiteCalendar) -> Period? {
        Period(kind, containing: start - .seconds(1), calendar: calendar)
    }

    /// Both have four and two digits; week 53 exists only in some years.
    private static func monday(year: Substring, week: Substring) -> CivilDate? {
        guard year.count == 4, week.count == 2, let year = Int(year), let week = Int(week), (1...53).contains(week) else {
            return nil
        }
        let fourth = CivilDate(year: year, month: 1, day: 4)
        let monday = fourth.adding(days: 1 - fourth.weekday + (week - 1) * 7)
        return monday.isoWeek == (year, week) ? monday : nil
    }

    private static func nextMonth(_ first: CivilDate) -> CivilDate {
        first.month == 12
            ? CivilDate(year: first.year + 1, month: 1, day: 1) : CivilDate(year: first.year, month: first.month + 1, day: 1)
    }

    private static func label(of date: CivilDate, in spans: [String: SiteCalendar.Span]) -> String? {
        spans.filter { $0.value.first <= date && date <= $0.value.last }.keys.min()
    }
}
