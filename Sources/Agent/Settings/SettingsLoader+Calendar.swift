import Campus
import Definitions
import Evidence
import Indicators
import Reporting
import Rules

/// `calendar` of site.yaml: terms, windows, holidays, maintenance, working hours.
extension SettingsLoader {
    mutating func readCalendar(_ calendar: Reader) {
        for (label, span, _) in spans(calendar, "terms", key: "label") {
            settings.profile.calendar.semesters[label] = span
            append(.term, span, note: label)
        }
        for (label, span, _) in spans(calendar, "windows", key: "label") { settings.profile.calendar.windows[label] = span }
        for (note, span, _) in spans(calendar, "holidays", key: "note") {
            append(.holiday, span, note: note)
            var date = span.first
            while date <= span.last {
                settings.profile.workingHours.holidays.insert(date)
                date = date.adding(days: 1)
            }
        }
        readMaintenance(calendar)
        if let hours = calendar.mapping("working_hours") { readWorkingHours(hours) }
        calendar.finish()
    }

    private mutating func append(_ kind: CalendarEntry.Kind, _ span: SiteCalendar.Span, note: String) {
        let time = settings.localTime
        settings.profile.entries.append(
            CalendarEntry(kind: kind, start: time.start(of: span.first), end: time.end(of: span.last), note: note))
    }

    /// Lists of `{label: …, start: DAY, end: DAY}`, both days included.
    private func spans(_ calendar: Reader, _ list: String, key: String) -> [(
        text: String, span: SiteCalendar.Span, entry: Reader
    )] {
        calendar.list(list).compactMap { element in
            let entry = Reader(element, problems)
            defer { entry.finish() }
            let text = key == "label" ? entry.requiredString(key) : entry.string(key) ?? ""
            for bound in ["start", "end"] where !entry.has(bound) {
                complain(element, "`\(bound)` is missing", "add a day such as 2026-09-01")
            }
            guard let first = day(entry, "start"), let last = day(entry, "end"), let text else { return nil }
            guard first <= last, last.daysSinceEpoch - first.daysSinceEpoch < 3660 else {
                complain(element, "it ends before it starts, or lasts more than ten years", "correct `start` or `end`")
                return nil
            }
            return (text, SiteCalendar.Span(first: first, last: last), entry)
        }
    }

    private mutating func readMaintenance(_ calendar: Reader) {
        for element in calendar.list("maintenance") {
            let entry = Reader(element, problems)
            let start = instant(entry, "start")
            let end = instant(entry, "end")
            let scope = entry.string("scope") ?? ""
            let note = [entry.string("ticket"), entry.string("note")].compactMap { $0 }.joined(separator: " ")
            entry.finish()
            guard let start, let end else { continue }
            if start < end {
                settings.profile.entries.append(
                    CalendarEntry(kind: .maintenance, start: start, end: end, scope: scope, note: note))
            } else {
                complain(element, "the window ends before it starts", "correct `start` or `end`")
            }
        }
    }

    /// `2026-11-21 22:00` on the site's wall clock.
    private func instant(_ entry: Reader, _ key: String) -> Timestamp? {
        guard let text = entry.requiredString(key) else { return nil }
        let parts = text.split(whereSeparator: { $0 == " " || $0 == "T" })
        if parts.count == 2, let date = CivilDate(String(parts[0])), let minutes = SettingsLoader.minutes(String(parts[1])) {
            return settings.localTime.start(of: date) + .seconds(minutes * 60)
        }
        complain(
            entry.element(key) ?? entry.element, "`\(text)` is no time",
            "write e.g. \"2026-11-21 22:00\", as clocks at the site show it")
        return nil
    }

    private mutating func readWorkingHours(_ hours: Reader) {
        let days = hours.strings("days").compactMap { Int($0) }
        if hours.has("days") {
            if days.isEmpty || !days.allSatisfy({ (1...7).contains($0) }) {
                complain(
                    hours.element("days") ?? hours.element, "`days` must be weekdays", "write e.g. [1, 2, 3, 4, 5]; 1 is Monday")
            } else {
                settings.profile.workingHours.days = Set(days)
            }
        }
        for (key, field) in [("from", \WorkingHours.from), ("until", \WorkingHours.until)] {
            guard let text = hours.string(key) else { continue }
            if let minutes = SettingsLoader.minutes(text) {
                settings.profile.workingHours[keyPath: field] = minutes
            } else {
                complain(hours.element(key) ?? hours.element, "`\(text)` is no time of day", "write e.g. \"08:00\"")
            }
        }
        hours.finish()
    }

    /// Minutes since midnight of `08:00` to `24:00`.
    private static func minutes(_ text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }), let hour = Int(parts[0]), let minute = Int(parts[1]),
            (0...24).contains(hour), (0...59).contains(minute), hour * 60 + minute <= 1440
        else { return nil }
        return hour * 60 + minute
    }
}
