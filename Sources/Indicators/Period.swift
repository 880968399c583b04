package import Campus

/// A span of the site's calendar that an indicator is computed for.
package struct Period: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable { case day, week, month, semester, year, window }

    package var kind: Kind
    /// `2026-11-21`, `2026-W47`, `2026-11`, `2026`, `2025-2026-2`, `window:collection-2026`.
    package var label: String
    package var start: Timestamp
    package var end: Timestamp
}

/// What turns labels into instants: the site's time zone, terms and windows.
package struct SiteCalendar: Sendable {
    /// IANA name, e.g. `Asia/Shanghai`.
    package var timeZone: String
    /// Label → first and last day, both inclusive.
    package var semesters: [String: (first: CivilDate, last: CivilDate)] = [:]
    package var windows: [String: (first: CivilDate, last: CivilDate)] = [:]

    package init(timeZone: String = "Asia/Shanghai") { self.timeZone = timeZone }
}
