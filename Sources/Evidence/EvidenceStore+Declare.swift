package import Campus
import Foundation
import GRDB
import Synchronization

extension EvidenceStore {
    /// Replaces what the configuration says. Devices that are no longer named keep their evidence and lose `declared`.
    package func declare(
        places: [Place] = [], owners: [Owner] = [], devices: [(id: DeviceID, declared: DeclaredDevice)], exits: [CampusExit] = [],
        systems: [InformationSystem] = [], calendar: [CalendarEntry] = [], settings: [String: String] = [:]
    ) throws(EvidenceError) {
        try write(durably: true) { db in
            try db.execute(
                sql: """
                    DELETE FROM place; DELETE FROM owner; DELETE FROM exit; DELETE FROM system; DELETE FROM calendar;
                    DELETE FROM setting; UPDATE device SET declared = 0;
                    """)
            for place in places {
                try db.run("INSERT OR REPLACE INTO place VALUES (?, ?, ?, ?)", place.id, place.campus, place.building, place.room)
            }
            for owner in owners {
                try db.run("INSERT OR REPLACE INTO owner VALUES (?, ?, ?)", owner.id, owner.department, owner.person)
            }
            for (id, device) in devices { try EvidenceStore.declare(id, device, db) }
            for exit in exits {
                try db.run(
                    "INSERT OR REPLACE INTO exit VALUES (?, ?, ?, ?, ?, ?)", exit.id, exit.device.text, exit.interface,
                    exit.provider,
                    exit.contractedDown.map(Int64.init(clamping:)), exit.contractedUp.map(Int64.init(clamping:)))
            }
            for system in systems {
                try db.run("INSERT OR REPLACE INTO system VALUES (?, ?, ?)", system.id, system.name, system.level)
            }
            for entry in calendar {
                try db.run(
                    "INSERT INTO calendar VALUES (?, ?, ?, ?, ?)", entry.kind.rawValue, entry.start.milliseconds,
                    entry.end.milliseconds,
                    entry.scope, entry.note)
            }
            for (key, value) in settings { try db.run("INSERT OR REPLACE INTO setting VALUES (?, ?)", key, value) }
            try Uplinks.mark(db)
            try Schema.analyse(db)
        }
        recorder.withLock { $0.forget() }
    }

    private static func declare(_ id: DeviceID, _ device: DeclaredDevice, _ db: Database) throws {
        try db.run(
            """
            INSERT INTO device (id, address, port, name, layer, place, owner, credential, tags, watch, management_zone, declared)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
            ON CONFLICT (id) DO UPDATE SET address = excluded.address, port = excluded.port, name = excluded.name,
                layer = excluded.layer, place = excluded.place, owner = excluded.owner, credential = excluded.credential,
                tags = excluded.tags, watch = excluded.watch, management_zone = excluded.management_zone, declared = 1
            """, id.text, device.address.description, Int64(device.port), device.name, device.layer?.rawValue, device.place,
            device.owner,
            device.credential, JSONText.list(device.tags), JSONText.list(device.watch), device.managementZone ? 1 : 0)
    }

    /// Every device with the address it was last declared with: how a start finds the ids that earlier polls gave.
    package func knownDevices() throws(EvidenceError) -> [KnownDevice] {
        try read { db in
            try Row.fetchAll(db, sql: "SELECT id, address, port, engine_id FROM device WHERE address IS NOT NULL ORDER BY number")
                .compactMap {
                    row in
                    guard let address = IPAddress(row["address"] as String), let port = UInt16(exactly: row["port"] as Int64)
                    else { return nil }
                    return KnownDevice(id: DeviceID(row["id"]), address: address, port: port, engineID: row["engine_id"])
                }
        }
    }

    /// Gives a provisional device the id that its first full poll revealed, with all its evidence.
    ///
    /// Where the new id is known already (the device was polled under it before), the declaration moves there and the
    /// provisional device goes with the little it had.
    package func renameDevice(_ old: DeviceID, to new: DeviceID) throws(EvidenceError) {
        guard old != new else { return }
        try write(durably: true) { db in
            let exists = try Int64.fetchOne(db, sql: "SELECT number FROM device WHERE id = ?", arguments: [new.text]) != nil
            if exists { try EvidenceStore.merge(old, into: new, db) } else { try EvidenceStore.rename(old, to: new, db) }
            try db.run("UPDATE exit SET device = ? WHERE device = ?", new.text, old.text)
            try Uplinks.mark(db, device: new)
        }
        recorder.withLock { $0.forget() }
    }

    private static let textTables = [
        "interface", "sensor", "gauge", "inventory", "neighbor", "address", "vlan", "transceiver", "access_point", "arp_stay",
        "mac_stay",
    ]
    /// Columns elsewhere that name a device.
    private static let mentions = [
        ("neighbor", "remote_device"), ("link", "device"), ("link", "remote_device"), ("device", "parent"),
        ("device", "depends_on"),
        ("discovered", "device"),
    ]

    private static func rename(_ old: DeviceID, to new: DeviceID, _ db: Database) throws {
        try db.run("UPDATE device SET id = ? WHERE id = ?", new.text, old.text)
        for table in textTables { try db.run("UPDATE \(table) SET device = ? WHERE device = ?", new.text, old.text) }
        try moveSubjects(old, new, db)
    }

    private static func merge(_ old: DeviceID, into new: DeviceID, _ db: Database) throws {
        try db.run(
            """
            UPDATE device SET (address, port, name, layer, place, owner, credential, tags, watch, management_zone, declared) =
                (SELECT address, port, name, layer, place, owner, credential, tags, watch, management_zone, declared
                 FROM device WHERE id = ?)
            WHERE id = ? AND EXISTS (SELECT 1 FROM device WHERE id = ? AND declared)
            """, old.text, new.text, old.text)
        for table in textTables { try db.run("DELETE FROM \(table) WHERE device = ?", old.text) }
        try db.run("DELETE FROM forwarding WHERE device = (SELECT number FROM device WHERE id = ?)", old.text)
        try db.run("DELETE FROM device_poll WHERE device = (SELECT number FROM device WHERE id = ?)", old.text)
        try db.run("DELETE FROM device WHERE id = ?", old.text)
        try moveSubjects(old, new, db)
    }

    /// Events and conclusions that name the device by subject.
    private static func moveSubjects(_ old: DeviceID, _ new: DeviceID, _ db: Database) throws {
        try db.run("UPDATE change SET device = ? WHERE device = ?", new.text, old.text)
        for (table, column) in mentions {
            try db.run("UPDATE \(table) SET \(column) = ? WHERE \(column) = ?", new.text, old.text)
        }
        let (from, to) = (Subject.device(old), Subject.device(new))
        for table in ["change", "alert", "rule_result", "verdict"] {
            try db.run(
                "UPDATE OR REPLACE \(table) SET subject = ? || substr(subject, ?) WHERE subject = ? OR substr(subject, 1, ?) = ?",
                to, from.count + 1, from, from.count + 1, from + "/")
        }
    }
}

/// JSON for the few columns that hold lists and objects of text.
enum JSONText {
    static func list(_ texts: [String]) -> String { encode(texts) ?? "[]" }
    static func object(_ texts: [String: String]) -> String { encode(texts) ?? "{}" }

    static func list(from text: String?) -> [String] { decode([String].self, text) ?? [] }
    static func object(from text: String?) -> [String: String] { decode([String: String].self, text) ?? [:] }

    private static func encode(_ value: some Encodable) -> String? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func decode<Value: Decodable>(_ type: Value.Type, _ text: String?) -> Value? {
        text.flatMap { try? JSONDecoder().decode(type, from: Data($0.utf8)) }
    }
}

extension Database {
    /// Runs one statement, prepared once a connection.
    func run(_ sql: String, _ values: (any DatabaseValueConvertible)?...) throws {
        let statement = try cachedStatement(sql: sql)
        try statement.execute(arguments: StatementArguments(values))
    }
}
