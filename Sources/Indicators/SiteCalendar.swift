package import Campus
import Foundation

/// What turns labels into instants: the site's time zone, terms and reporting windows.
package struct SiteCalendar: Sendable {
    /// Days from the first to the last, both included.
    package struct Span: Hashable, Sendable {
        package var first: CivilDate
        package var last: CivilDate

        package init(first: CivilDate, last: CivilDate) {
            self.first = first
            self.last = last
        }
    }

    /// By label, `2025-2026-2`.
    package var semesters: [String: Span] = [:]
    /// By name, `collection-2026`.
    package var windows: [String: Span] = [:]
    private let zone: TimeZone

    /// `timeZone` is an IANA name; one that the system does not know counts as UTC.
    package init(timeZone: String = "Asia/Shanghai") {
        zone = TimeZone(identifier: timeZone) ?? .gmt
    }

    package var timeZone: String { zone.identifier }

    package func offsetSeconds(at instant: Timestamp) -> Int {
        zone.secondsFromGMT(for: Date(timeIntervalSince1970: instant.seconds))
    }

    package func civil(_ instant: Timestamp) -> CivilTime { CivilTime(instant, offsetSeconds: offsetSeconds(at: instant)) }

    /// The instant at which a day begins. Where the clock skips midnight, the day begins after the gap.
    package func start(of date: CivilDate) -> Timestamp {
        let local = Int64(date.daysSinceEpoch) * 86_400
        var instant = Timestamp(seconds: local - Int64(offsetSeconds(at: Timestamp(seconds: local))))
        instant = Timestamp(seconds: local - Int64(offsetSeconds(at: instant)))
        return instant
    }

    /// The instant at which a day has ended.
    package func end(of date: CivilDate) -> Timestamp { start(of: date.adding(days: 1)) }
}
