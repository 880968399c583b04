import Campus
import Foundation
import GRDB

/// Turns polls into rows. A device costs three to five statements: its `device_poll` row and its samples; everything else is
/// written when it changed.
struct PollRecorder: Sendable {
    private var devices: [DeviceID: DeviceMemory] = [:]

    /// Times outside of 1970–3084 are a broken clock's; a key of hour and device holds no more.
    static let times: Range<Int64> = 0..<(1 << 45)

    mutating func forget() { devices.removeAll() }

    mutating func record(_ polls: [DevicePoll], _ db: Database) throws {
        for poll in polls where PollRecorder.times.contains(poll.startedAt.milliseconds) {
            var device = try devices.removeValue(forKey: poll.device) ?? DeviceMemory.load(poll.device, at: poll.startedAt, db)
            try PollRecorder.record(poll, &device, db)
            devices[poll.device] = device
        }
    }

    private static func record(_ poll: DevicePoll, _ device: inout DeviceMemory, _ db: Database) throws {
        let t = poll.startedAt.milliseconds
        var changes = ChangeLog(device: device.id, at: t)
        try device.availability.observe(t, after: device.last) { hour in
            try close(hour, of: device.number, device.firstSeen, device.last, db)
        }
        let since = follow(poll, device.last, &changes)
        if let report = poll.report { try ReportRecorder(device: device.id, at: t, db: db).record(report, &changes) }
        let rates = try recordRates(poll, &device, &changes, db)
        let readings = try recordReadings(poll, &device, db)
        let isSeen = poll.state == .up
        device.last = LastPoll(
            state: poll.state, since: since, at: t, seenAt: isSeen ? t : device.last?.seenAt,
            interval: poll.interval.milliseconds,
            uptime: poll.uptime ?? device.last?.uptime)
        try write(poll, device, since: since, rates: rates, readings: readings, db)
        try changes.write(db)
    }

    /// State changes and reboots; returns since when the state holds.
    private static func follow(_ poll: DevicePoll, _ last: LastPoll?, _ changes: inout ChangeLog) -> Int64 {
        let t = poll.startedAt.milliseconds
        guard let last else { return t }
        if let before = last.uptime, let now = poll.uptime, rebooted(before, now, elapsed: Double(t - last.at) / 1000) {
            changes.add("reboot", before: "\(Int64(clamping: before))", after: "\(Int64(clamping: now))")
        }
        guard last.state != poll.state else { return last.since }
        changes.add("state", before: last.state.rawValue, after: poll.state.rawValue)
        return t
    }

    /// sysUpTime goes back at a reboot, and every 497 days when its 32 bits of hundredths overflow (RFC 3418).
    private static func rebooted(_ before: Double, _ now: Double, elapsed: Double) -> Bool {
        guard now < before else { return false }
        let wrapped = 42_949_672.96 - before + now
        return abs(wrapped - elapsed) > 60
    }

    private static func close(
        _ hour: HourAvailability, of device: Int64, _ firstSeen: Int64?, _ last: LastPoll?, _ db: Database
    ) throws {
        let start = hour.hour * HourAvailability.milliseconds
        let expected = Expected.samples(
            from: start, to: start + HourAvailability.milliseconds, interval: last?.interval ?? 0, firstSeen: firstSeen)
        try db.run(
            """
            INSERT INTO availability_closed VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (t, device) DO UPDATE SET up_ms = up_ms + excluded.up_ms, down_ms = down_ms + excluded.down_ms,
                snmp_silent_ms = snmp_silent_ms + excluded.snmp_silent_ms, observed_ms = observed_ms + excluded.observed_ms,
                unauthorised_ms = unauthorised_ms + excluded.unauthorised_ms, polls = polls + excluded.polls
            """, start, device, hour.up, hour.down, hour.silent, hour.unauthorised, hour.observed, hour.polls, expected)
    }

    // MARK: Samples

    /// The packed rates when the poll brought any.
    private static func recordRates(
        _ poll: DevicePoll, _ device: inout DeviceMemory, _ changes: inout ChangeLog, _ db: Database
    ) throws -> Data? {
        if poll.samples.isEmpty, poll.rates.isEmpty {
            // A poll that failed is a row without interfaces, so that its hour is closed and tells what is missing.
            if poll.state != .up {
                device.ratesRow = try append(
                    Data(PackedRates.encode([])), poll.startedAt, device, .interfaces, previous: device.ratesRow, db)
            }
            return nil
        }
        let rates = poll.rates.isEmpty ? poll.samples.map(PackedRate.init) : poll.rates.map(PackedRate.init)
        try InterfaceRecorder.follow(rates, &device, &changes, db)
        let data = Data(PackedRates.encode(rates))
        device.ratesRow = try append(data, poll.startedAt, device, .interfaces, previous: device.ratesRow, db)
        return data
    }

    private static func recordReadings(_ poll: DevicePoll, _ device: inout DeviceMemory, _ db: Database) throws -> Data? {
        let readings = try ReadingRecorder.readings(of: poll, &device, db)
        var samples = readings
        if let latency = poll.latency {
            samples.append(PackedReading(number: 0, value: (latency.inSeconds * 1e6).rounded() / 1e3))
        }
        if !samples.isEmpty {
            let data = Data(PackedReadings.encodeSamples(samples))
            device.readingsRow = try append(data, poll.startedAt, device, .readings, previous: device.readingsRow, db)
        }
        return readings.isEmpty ? nil : Data(PackedReadings.encode(readings))
    }

    /// Appends a row under its time, or the first free millisecond after it: a clock that stepped back may bring the same
    /// time twice.
    private static func append(
        _ data: Data, _ at: Timestamp, _ device: DeviceMemory, _ table: PackedTable, previous: Int64?, _ db: Database
    ) throws -> Int64 {
        let statement = try db.cachedStatement(sql: "INSERT OR IGNORE INTO sample_recent VALUES (?, ?, ?, ?, ?)")
        var t = at.milliseconds
        while true {
            try statement.execute(arguments: [t, device.number, table.rawValue, previous, data])
            if db.changesCount > 0 { return t }
            t += 1
        }
    }

    // MARK: The device's row

    private static let columns = [
        "device", "state", "since", "reason", "seen_at", "polled_at", "interval_ms", "duration_ms", "latency_ms", "uptime_s",
        "pdus",
        "snmp_version", "security_level", "hour", "up_ms", "down_ms", "snmp_silent_ms", "unauthorised_ms", "observed_ms", "polls",
        "rates_at", "readings_at", "rates_row", "readings_row", "counters_uptime_s", "rates", "readings", "counters",
    ]
    /// What a poll without interfaces or without readings leaves as it was.
    private static let kept: Set<String> = ["rates_at", "readings_at", "rates", "readings", "counters"]

    private static let upsert: String = {
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        let updates = columns.dropFirst().map { column in
            if column == "counters_uptime_s" {
                return "\(column) = iif(excluded.counters IS NULL, \(column), excluded.\(column))"
            }
            return kept.contains(column)
                ? "\(column) = coalesce(excluded.\(column), \(column))" : "\(column) = excluded.\(column)"
        }
        return
            "INSERT INTO device_poll (\(columns.joined(separator: ", "))) VALUES (\(marks)) ON CONFLICT (device) DO UPDATE SET "
            + updates.joined(separator: ", ")
    }()

    private static func write(
        _ poll: DevicePoll, _ device: DeviceMemory, since: Int64, rates: Data?, readings: Data?, _ db: Database
    ) throws {
        let t = poll.startedAt.milliseconds
        let hour = device.availability
        let counters = poll.samples.isEmpty ? nil : Data(PackedCounters.encode(poll.samples))
        let values: [(any DatabaseValueConvertible)?] = [
            device.number, poll.state.rawValue, since, poll.reason, device.last?.seenAt, t, poll.interval.milliseconds,
            poll.duration.milliseconds, poll.latency.map { ($0.inSeconds * 1e6).rounded() / 1e3 }, poll.uptime, poll.pduCount,
            poll.snmpVersion, poll.securityLevel, hour.hour, hour.up, hour.down, hour.silent, hour.unauthorised, hour.observed,
            hour.polls, rates == nil ? nil : t, readings == nil ? nil : t, device.ratesRow, device.readingsRow,
            counters == nil ? nil : poll.uptime, rates, readings, counters,
        ]
        try db.cachedStatement(sql: upsert).execute(arguments: StatementArguments(values))
    }
}
