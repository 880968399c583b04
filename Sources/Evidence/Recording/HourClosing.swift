import Campus
import Foundation
import GRDB

/// Transposes one finished hour from rows a poll into chunks and roll-ups a device, a batch of devices a transaction.
///
/// `closing` remembers how far it came and how many rows it took. Rows are deleted when all devices are done, for they lie
/// in the order of time; when there are then more than were taken, a late poll came in between and the hour is gone through
/// again, which changes nothing for what was closed already.
struct HourClosing {
    let hour: Int64
    let settings: EvidenceSettings
    let db: Database

    /// Some 60 ms of work.
    private static let batch = 32
    /// Rows deleted a step: their pages fit into the writer's cache, so that they are freed without being written first.
    private static let slice = 4000

    private var start: Int64 { hour * HourKey.hour }
    private var end: Int64 { start + HourKey.hour }

    /// Returns how many polls could not be read.
    func step() throws -> Int {
        try db.run("INSERT OR IGNORE INTO closing VALUES (?, 0, 0, 0)", hour)
        let reached = try Int64.fetchOne(db, sql: "SELECT device FROM closing WHERE hour = ?", arguments: [hour]) ?? 0
        let devices = try Row.fetchAll(
            db,
            sql: """
                SELECT d.number, d.id, d.first_seen, coalesce(p.interval_ms, 60000) AS interval_ms
                FROM device d LEFT JOIN device_poll p ON p.device = d.number WHERE d.number > ? ORDER BY d.number LIMIT ?
                """, arguments: [reached, HourClosing.batch])
        guard let last = devices.last?["number"] as Int64? else { return try finish() }
        var builders: [Int64: [HourBuilder]] = [:]
        let rows = try Row.fetchCursor(
            db, sql: "SELECT t, device, tbl, data FROM sample_recent WHERE t >= ? AND t < ? AND device > ? AND device <= ?",
            arguments: [start, end, reached, last])
        var taken = 0
        while let row = try rows.next() {
            taken += 1
            let table: Int64 = row["tbl"]
            guard table == 0 || table == 1 else { continue }
            let data: Data = row["data"]
            builders[row["device"], default: PackedTable.allCases.map(HourBuilder.init)][Int(table)].add(t: row["t"], Array(data))
        }
        var damaged = 0
        for device in devices {
            let uplinks = try uplinks(of: device["id"])
            let closing = DeviceHour(hour: hour, device: device, uplinks: uplinks, db: db)
            if let polls = builders[device["number"]] { damaged += try closing.close(polls) }
        }
        try db.run("UPDATE closing SET device = ?, rows = rows + ? WHERE hour = ?", last, taken, hour)
        return damaged
    }

    private func uplinks(of device: String) throws -> Set<UInt32> {
        let indices = try Int64.fetchAll(db, sql: "SELECT idx FROM interface WHERE device = ? AND uplink", arguments: [device])
        return Set(indices.map { UInt32(truncatingIfNeeded: $0) })
    }

    /// Checks that every row was taken, then deletes them a slice a step.
    private func finish() throws -> Int {
        guard let closing = try Row.fetchOne(db, sql: "SELECT rows, is_taken FROM closing WHERE hour = ?", arguments: [hour])
        else { return 0 }
        let taken: Int = closing["rows"]
        if closing["is_taken"] == false {
            // Rows of a device that is no longer known are never taken; they may not keep the hour open for ever.
            let present = try Int.fetchOne(
                db, sql: "SELECT count(*) FROM sample_recent WHERE t >= ? AND t < ? AND device IN (SELECT number FROM device)",
                arguments: [start, end])
            if let present, present > taken { return try again() }
            try db.run("UPDATE closing SET is_taken = 1 WHERE hour = ?", hour)
            return 0
        }
        let slice = try Int64.fetchOne(
            db, sql: "SELECT t FROM sample_recent WHERE t >= ? AND t < ? ORDER BY t LIMIT 1 OFFSET ?",
            arguments: [start, end, HourClosing.slice])
        if let slice {
            try db.run("DELETE FROM sample_recent WHERE t >= ? AND t <= ?", start, slice)
            return 0
        }
        try db.run("DELETE FROM sample_recent WHERE t >= ? AND t < ?", start, end)
        try db.run("DELETE FROM closing WHERE hour = ?", hour)
        try Schema.analyse(db)
        try trimTalkers()
        return 0
    }

    private func again() throws -> Int {
        try db.run("DELETE FROM closing WHERE hour = ?", hour)
        return 0
    }

    /// Keeps the busiest talkers and names of an hour that is over.
    private func trimTalkers() throws {
        let tables = [("talker_hour", "bytes_in + bytes_out", "address"), ("name_hour", "sessions", "source || ' ' || name")]
        for (table, measure, key) in tables {
            try db.execute(
                sql: """
                    DELETE FROM \(table) WHERE t = ?1 AND (interface, \(key)) IN (
                        SELECT interface, key FROM (
                            SELECT interface, \(key) AS key, row_number() OVER (PARTITION BY interface ORDER BY \(measure) DESC) AS place
                            FROM \(table) WHERE t = ?1)
                        WHERE place > ?2)
                    """, arguments: [start, settings.talkersPerHour])
        }
    }
}

/// One device of an hour that is being closed.
private struct DeviceHour {
    let hour: Int64
    let number: Int64
    let interval: Int64
    let firstSeen: Int64?
    let uplinks: Set<UInt32>
    let db: Database

    init(hour: Int64, device: Row, uplinks: Set<UInt32>, db: Database) {
        self.hour = hour
        number = device["number"]
        interval = device["interval_ms"]
        firstSeen = device["first_seen"]
        self.uplinks = uplinks
        self.db = db
    }

    /// Returns how many polls could not be read.
    func close(_ polls: [HourBuilder]) throws -> Int {
        guard number < HourKey.mostDevices else { return 0 }
        var damaged = 0
        var isSilent = true
        for (table, var builder) in zip(PackedTable.allCases, polls) where !builder.isEmpty {
            let key = HourKey.key(hour: hour, device: number, table: table)
            let kept: Data? = try Data.fetchOne(db, sql: "SELECT data FROM chunk WHERE key = ?", arguments: [key])
            let (chunk, unread) = builder.chunk(joining: kept.flatMap { try? SampleChunk(Array($0)) })
            damaged += unread
            guard !chunk.keys.isEmpty else { continue }
            isSilent = false
            try store("chunk", key, chunk.encoded())
            try roll(chunk, table, key)
        }
        if isSilent { for table in PackedTable.allCases { try carry(table) } }
        return damaged
    }

    private func roll(_ chunk: SampleChunk, _ table: PackedTable, _ key: Int64) throws {
        let start = hour * HourKey.hour
        let five = RollUp(chunk, start: start, step: 300_000, expected: expected(300_000))
        let whole = RollUp(chunk, start: start, step: HourKey.hour, expected: expected(HourKey.hour))
        try store(five, whole, table, key)
    }

    private func store(_ five: RollUp, _ whole: RollUp, _ table: PackedTable, _ key: Int64) throws {
        let isUplink = { (series: UInt64) in table == .interfaces && uplinks.contains(PackedTable.group(series)) }
        if let data = five.encoded({ !isUplink($0) }) { try store("rollup_5m", key, data) }
        if let data = five.encoded(isUplink) { try store("rollup_5m_uplink", key, data) }
        if let data = whole.encoded() { try store("rollup_hour", key, data) }
    }

    private func expected(_ step: Int64) -> [Int] {
        let start = hour * HourKey.hour
        return stride(from: start, to: start + HourKey.hour, by: Int(step)).map { bucket in
            Expected.samples(from: bucket, to: bucket + step, interval: interval, firstSeen: firstSeen)
        }
    }

    /// A device that was polled and never answered has the series of the hour before, with no samples: what is missing must
    /// be counted as expected. One that was not polled has nothing.
    private func carry(_ table: PackedTable) throws {
        let key = HourKey.key(hour: hour, device: number, table: table)
        let before = HourKey.key(hour: hour - 1, device: number, table: table)
        let exists = try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM rollup_hour WHERE key = ?)", arguments: [key])
        guard exists == false,
            let data = try Data.fetchOne(db, sql: "SELECT data FROM rollup_hour WHERE key = ?", arguments: [before]),
            let last = try? RollUp(Array(data))
        else { return }
        let start = hour * HourKey.hour
        var five = RollUp(start: start, step: 300_000, expected: expected(300_000))
        var whole = RollUp(start: start, step: HourKey.hour, expected: expected(HourKey.hour))
        five.fill(last)
        whole.fill(last)
        try store(five, whole, table, key)
    }

    private func store(_ table: String, _ key: Int64, _ bytes: [UInt8]) throws {
        try db.run("INSERT OR REPLACE INTO \(table) VALUES (?, ?)", key, Data(bytes))
    }
}

extension RollUp {
    /// Takes over the series of another roll-up, without samples.
    fileprivate mutating func fill(_ other: RollUp) {
        keys = other.keys
        decimals = other.decimals
        buckets = Array(repeating: Bucket(), count: keys.count * expected.count)
    }
}
