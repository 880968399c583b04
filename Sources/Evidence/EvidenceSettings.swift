/// How long evidence is kept and how the store behaves; the defaults are those of `store.keep`.
package struct EvidenceSettings: Hashable, Sendable {
    /// Raw samples.
    package var samples: Duration = .days(14)
    /// 5-minute roll-ups of everything but uplinks.
    package var fiveMinutes: Duration = .days(90)
    /// 5-minute roll-ups of exits and uplinks: percentiles of a semester need them.
    package var uplinkFiveMinutes: Duration = .days(400)
    /// Hourly roll-ups and availability.
    package var hours: Duration = .days(400)
    /// Alerts, observations, changes, gaps and the audit trail.
    package var alerts: Duration = .days(180)
    /// Log lines and rule runs.
    package var logs: Duration = .days(180)
    /// Flow, talker, protocol and name summaries.
    package var flows: Duration = .days(180)
    /// Where an address was, and which MAC an IP address had, after it has gone.
    package var locations: Duration = .days(180)
    /// How often `beat` is called; three missed beats are a gap.
    package var beat: Duration = .seconds(5)
    /// How many talkers, and how many names, of one interface and hour are kept once the hour is over, busiest first.
    package var talkersPerHour = 2000
    /// Queries that may run at once; a further one waits.
    package var queryConnections = 3

    package init() {}
}

/// What a query may cost.
package struct QueryLimits: Hashable, Sendable {
    package var time: Duration = .seconds(10)
    package var rows = 100_000
    /// Bytes of the whole result.
    package var bytes = 64 << 20
    /// Bytes of one value, read or built.
    package var valueBytes = 16 << 20

    package init() {}

    package init(time: Duration, rows: Int) {
        self.time = time
        self.rows = rows
    }
}

extension Duration {
    package static func days(_ count: Int) -> Duration { .seconds(count * 86_400) }
}
