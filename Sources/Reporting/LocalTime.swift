package import Campus
package import Foundation

/// Writes instants for people and files in the site's time zone.
package struct LocalTime: Sendable {
    package let zone: TimeZone

    /// The IANA name, as pages show it.
    package var zoneName: String { zone.identifier }

    package init(zone: TimeZone) { self.zone = zone }

    /// The zone of an IANA name; UTC when the name is not known.
    package init(zoneName: String) {
        zone = TimeZone(identifier: zoneName) ?? .gmt
    }

    /// `2026-11-21 20:15:03`
    package func text(_ time: Timestamp) -> String {
        let text = rfc3339(time)
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8))"
    }

    /// `20:15:03` on the day of `now`, else `11-20 20:15`: what a dense table has room for.
    package func short(_ time: Timestamp, now: Timestamp) -> String {
        let text = text(time)
        return text.prefix(10) == self.text(now).prefix(10) ? String(text.suffix(8)) : String(text.dropFirst(5).prefix(11))
    }

    /// RFC 3339 with the zone's offset and milliseconds: `2026-11-21T20:15:03.120+08:00`.
    package func rfc3339(_ time: Timestamp) -> String { civil(time).rfc3339 }

    /// The instant at which a day ends at the site: the next day's midnight.
    package func end(of day: CivilDate) -> Timestamp { start(of: day.adding(days: 1)) }

    /// The instant at which a day starts at the site.
    package func start(of day: CivilDate) -> Timestamp {
        let naive = Timestamp(seconds: Int64(day.daysSinceEpoch) * 86_400)
        let first = zone.secondsFromGMT(for: Date(timeIntervalSince1970: naive.seconds))
        let guess = Timestamp(milliseconds: naive.milliseconds - Int64(first) * 1000)
        let offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: guess.seconds))
        return Timestamp(milliseconds: naive.milliseconds - Int64(offset) * 1000)
    }

    /// The wall clock, for the years 0001 to 9999; what lies outside is shown as their ends.
    package func civil(_ time: Timestamp) -> CivilTime {
        let bounded = Timestamp(milliseconds: min(max(time.milliseconds, -62_135_510_400_000), 253_402_214_400_000))
        return CivilTime(bounded, offsetSeconds: zone.secondsFromGMT(for: Date(timeIntervalSince1970: bounded.seconds)))
    }
}
