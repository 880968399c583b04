import Campus
import GRDB

/// Writes what a full poll learned of a device and tells what became different.
struct ReportRecorder {
    let device: DeviceID
    let at: Int64
    let db: Database

    /// Rows that are as they were are only stamped anew after this long.
    private static let stampEvery: Int64 = 3_600_000

    func record(_ report: DeviceReport, _ changes: inout ChangeLog) throws {
        let before = try recordFacts(report.facts, &changes)
        if !report.interfaces.isEmpty { try recordInterfaces(report, &changes) }
        if !report.inventory.isEmpty { try recordInventory(report.inventory, &changes) }
        try NetworkRecorder(device: device, at: at, before: before, db: db).record(report, &changes)
    }

    // MARK: Facts

    /// Changes that have a name of their own; all others are `facts`.
    private static let named: Set<String> = ["version", "serial"]

    /// Returns when the facts were read the last time.
    private func recordFacts(_ facts: DeviceFacts, _ changes: inout ChangeLog) throws -> Int64? {
        let now: [(column: String, value: String?)] = [
            ("os", facts.os), ("vendor", facts.vendor), ("kind", facts.kind), ("model", facts.model), ("version", facts.version),
            ("serial", facts.serial), ("features", facts.features), ("sys_name", facts.name), ("description", facts.description),
            ("object_id", facts.objectID?.description), ("location", facts.location), ("contact", facts.contact),
            ("engine_id", facts.engineID),
        ]
        let names = now.map(\.column)
        let before = try Row.fetchOne(
            db, sql: "SELECT \(names.joined(separator: ", ")), facts_at FROM device WHERE id = ?", arguments: [device.text])
        let lastAt: Int64? = before?["facts_at"]
        for (column, value) in now where lastAt != nil {
            let old: String? = before?[column]
            guard (old ?? "") != (value ?? "") else { continue }
            if ReportRecorder.named.contains(column) {
                changes.add(column, before: old, after: value)
            } else {
                changes.add("facts", before: "\(column): \(old ?? "")", after: "\(column): \(value ?? "")")
            }
        }
        var values: [(any DatabaseValueConvertible)?] = now.map(\.value)
        values.append(at)
        values.append(device.text)
        try db.cachedStatement(
            sql: "UPDATE device SET \(names.map { "\($0) = ?" }.joined(separator: ", ")), facts_at = ? WHERE id = ?"
        ).execute(arguments: StatementArguments(values))
        return lastAt
    }

    // MARK: Interfaces

    private static let columns = [
        "name", "description", "alias", "type", "mac", "mtu", "speed_bps", "vlan", "uplink", "exit", "aggregate",
    ]

    private func recordInterfaces(_ report: DeviceReport, _ changes: inout ChangeLog) throws {
        let watch = JSONText.list(
            from: try String.fetchOne(db, sql: "SELECT watch FROM device WHERE id = ?", arguments: [device.text]))
        let exits = try Row.fetchAll(db, sql: "SELECT id, interface FROM exit WHERE device = ?", arguments: [device.text])
        var known: [Int64: Row] = [:]
        for row in try Row.fetchAll(db, sql: "SELECT * FROM interface WHERE device = ?", arguments: [device.text]) {
            known[row["idx"]] = row
        }
        // Rows without a type were met by their rates alone.
        let isFirst = !known.values.contains { ($0["type"] as String?) != nil }
        for interface in report.interfaces {
            let exit =
                exits.first { $0["interface"] == interface.name || $0["interface"] == interface.description }?["id"] as String?
            let marked = Uplinks.isUplink(
                name: interface.name, alias: interface.alias, description: interface.description, watch: watch)
            let before = known.removeValue(forKey: Int64(interface.index))
            if before == nil, !isFirst {
                changes.add("interface-added", interface: interface.index, before: nil, after: interface.name)
            }
            let leadsAway = Uplinks.leadsAway(role: before?["role"])
            try write(interface, uplink: exit != nil || marked || leadsAway, exit: exit, before: before)
        }
        // A walk that broke off says nothing of the interfaces it did not reach.
        guard report.errors.isEmpty else { return }
        for (index, row) in known {
            try db.run("DELETE FROM interface WHERE device = ? AND idx = ?", device.text, index)
            changes.add("interface-removed", interface: UInt32(truncatingIfNeeded: index), before: row["name"], after: nil)
        }
    }

    private func write(_ interface: Interface, uplink: Bool, exit: String?, before: Row?) throws {
        let values: [DatabaseValue] = [
            interface.name.databaseValue, interface.description.databaseValue, interface.alias.databaseValue,
            interface.type.databaseValue, interface.mac?.description.databaseValue ?? .null,
            interface.mtu?.databaseValue ?? .null,
            interface.speed.map { Int64(clamping: $0) }?.databaseValue ?? .null, interface.vlan?.databaseValue ?? .null,
            (uplink ? 1 : 0).databaseValue, exit?.databaseValue ?? .null, interface.aggregate.map { Int64($0) }.value,
        ]
        if let before {
            let isSame = zip(ReportRecorder.columns, values).allSatisfy { column, value in
                before[column] as DatabaseValue == value
            }
            if isSame, at - (before["seen_at"] as Int64? ?? 0) < ReportRecorder.stampEvery { return }
        }
        let columns = ReportRecorder.columns
        let arguments = StatementArguments(
            [device.text.databaseValue, Int64(interface.index).databaseValue] + values
                + [at.databaseValue, at.databaseValue])
        try db.cachedStatement(
            sql: """
                INSERT INTO interface (device, idx, \(columns.joined(separator: ", ")), first_seen, seen_at)
                VALUES (?, ?, \(columns.map { _ in "?" }.joined(separator: ", ")), ?, ?)
                ON CONFLICT (device, idx) DO UPDATE SET seen_at = excluded.seen_at,
                    \(columns.map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
                """
        ).execute(arguments: arguments)
    }

    // MARK: Inventory

    private func recordInventory(_ items: [InventoryItem], _ changes: inout ChangeLog) throws {
        var known: [UInt32: InventoryItem] = [:]
        var seenAt: Int64 = 0
        for row in try Row.fetchAll(db, sql: "SELECT * FROM inventory WHERE device = ?", arguments: [device.text]) {
            let item = ReportRecorder.item(row)
            known[item.index] = item
            seenAt = max(seenAt, row["seen_at"] ?? 0)
        }
        let now = Dictionary(items.map { ($0.index, $0) }) { first, _ in first }
        if now == known {
            if at - seenAt >= ReportRecorder.stampEvery {
                try db.run("UPDATE inventory SET seen_at = ? WHERE device = ?", at, device.text)
            }
            return
        }
        if !known.isEmpty { tell(known, now, &changes) }
        try db.run("DELETE FROM inventory WHERE device = ?", device.text)
        for item in now.values {
            try db.run(
                "INSERT INTO inventory VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", device.text, Int64(item.index),
                item.parent.map { Int64($0) }, item.itemClass, item.name, item.description, item.model, item.serial, item.vendor,
                item.hardware, item.firmware, item.software, at)
        }
    }

    private func tell(_ known: [UInt32: InventoryItem], _ now: [UInt32: InventoryItem], _ changes: inout ChangeLog) {
        for index in Set(known.keys).union(now.keys).sorted() where known[index] != now[index] {
            changes.add("inventory", before: known[index].map(ReportRecorder.text), after: now[index].map(ReportRecorder.text))
        }
    }

    private static func text(_ item: InventoryItem) -> String {
        [item.name, item.model, item.serial, item.firmware, item.software].filter { !$0.isEmpty }.joined(separator: " ")
    }

    private static func item(_ row: Row) -> InventoryItem {
        var item = InventoryItem(index: UInt32(truncatingIfNeeded: row["idx"] as Int64))
        item.parent = (row["parent"] as Int64?).map { UInt32(truncatingIfNeeded: $0) }
        item.itemClass = row["class"] ?? ""
        item.name = row["name"] ?? ""
        item.description = row["description"] ?? ""
        item.model = row["model"] ?? ""
        item.serial = row["serial"] ?? ""
        item.vendor = row["vendor"] ?? ""
        item.hardware = row["hardware"] ?? ""
        item.firmware = row["firmware"] ?? ""
        item.software = row["software"] ?? ""
        return item
    }
}

extension Int64 {
    /// The nearest whole number, saturating; 0 for what is no number.
    init(clamping value: Double) {
        if value.isNaN {
            self = 0
        } else {
            self = value >= 9.2e18 ? .max : value <= -9.2e18 ? .min : Int64(value)
        }
    }
}
