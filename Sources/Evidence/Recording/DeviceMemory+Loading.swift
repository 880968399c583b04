import Campus
import Foundation
import GRDB

extension DeviceMemory {
    /// What the database has of a device; one that nobody declared is written down as seen now.
    static func load(_ id: DeviceID, at: Timestamp, _ db: Database) throws -> DeviceMemory {
        try db.run("INSERT OR IGNORE INTO device (id, name) VALUES (?, ?)", id.text, id.text)
        try db.run("UPDATE device SET first_seen = ? WHERE id = ? AND first_seen IS NULL", at.milliseconds, id.text)
        guard let row = try Row.fetchOne(db, sql: "SELECT number, first_seen FROM device WHERE id = ?", arguments: [id.text])
        else {
            throw EvidenceError.sql("device \(id.text) vanished")
        }
        var memory = DeviceMemory(number: row["number"], id: id, firstSeen: row["first_seen"])
        try memory.loadReadings(db)
        try memory.loadPoll(db)
        return memory
    }

    private mutating func loadReadings(_ db: Database) throws {
        for row in try Row.fetchAll(db, sql: "SELECT id, number FROM sensor WHERE device = ?", arguments: [id.text]) {
            guard let (kind, oid) = DeviceMemory.split(row["id"]), let sensorClass = SensorClass(rawValue: kind) else { continue }
            remember(.sensor(sensorClass, oid), row["number"])
        }
        for row in try Row.fetchAll(db, sql: "SELECT id, number FROM gauge WHERE device = ?", arguments: [id.text]) {
            guard let (kind, oid) = DeviceMemory.split(row["id"]), let kind = Gauge.Kind(rawValue: kind) else { continue }
            remember(.gauge(kind, oid), row["number"])
        }
    }

    private mutating func remember(_ key: ReadingKey, _ number: Int64) {
        let number = UInt32(truncatingIfNeeded: number)
        readings[key] = ReadingMemory(number: number)
        nextReading = max(nextReading, number &+ 1)
    }

    /// `load/1.3.6.1` into its two halves.
    private static func split(_ id: String) -> (String, ObjectIdentifier)? {
        guard let slash = id.firstIndex(of: "/"), let oid = ObjectIdentifier(String(id[id.index(after: slash)...])) else {
            return nil
        }
        return (String(id[..<slash]), oid)
    }

    private mutating func loadPoll(_ db: Database) throws {
        guard let row = try Row.fetchOne(db, sql: "SELECT * FROM device_poll WHERE device = ?", arguments: [number]) else {
            return
        }
        last = LastPoll(
            state: DeviceState(rawValue: row["state"]) ?? .unknown, since: row["since"], at: row["polled_at"],
            seenAt: row["seen_at"],
            interval: row["interval_ms"], uptime: row["uptime_s"])
        ratesRow = row["rates_row"]
        readingsRow = row["readings_row"]
        availability = HourAvailability(
            hour: row["hour"], up: row["up_ms"], down: row["down_ms"], silent: row["snmp_silent_ms"],
            unauthorised: row["unauthorised_ms"],
            observed: row["observed_ms"], polls: row["polls"])
        if let data: Data = row["rates"], let rates = try? PackedRates.decode(Array(data)) {
            interfaces = rates.map { InterfaceMemory(index: $0.index, oper: $0.oper, speed: $0.speed) }
        }
        if let data: Data = row["readings"], let latest = try? PackedReadings.decode(Array(data)) { take(latest) }
    }

    /// Since when each sensor is in its state.
    private mutating func take(_ latest: [PackedReading]) {
        let byNumber = Dictionary(latest.map { ($0.number, $0) }) { first, _ in first }
        for (key, memory) in readings {
            guard let reading = byNumber[memory.number] else { continue }
            readings[key] = ReadingMemory(number: memory.number, state: reading.state, since: reading.since)
        }
    }
}
