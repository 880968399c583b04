import Campus
import Foundation
import GRDB

/// Writes what a full poll learned of a device's neighbours and addresses; only what changed costs a write.
struct NetworkRecorder {
    let device: DeviceID
    let at: Int64
    /// The full poll before this one; what is gone now was last seen then.
    let before: Int64?
    let db: Database

    func record(_ report: DeviceReport, _ changes: inout ChangeLog) throws {
        let isWhole = report.errors.isEmpty
        try recordNeighbors(report.neighbors, isWhole, &changes)
        try recordPlain(report, isWhole)
        try recordAccessPoints(report.accessPoints, isWhole, &changes)
        try recordARP(report.arp, isWhole)
        try recordForwarding(report.forwarding, isWhole)
    }

    // MARK: Neighbours

    private static let neighbors = RowDifference(
        table: "neighbor", keys: ["port", "protocol", "remote_chassis", "remote_name", "remote_port"],
        values: ["idx", "remote_description", "remote_address", "capabilities"])

    private func recordNeighbors(_ neighbors: [Neighbor], _ isWhole: Bool, _ changes: inout ChangeLog) throws {
        var rows: [[DatabaseValue]: [DatabaseValue]] = [:]
        for neighbor in neighbors {
            let key = [
                neighbor.localInterface, neighbor.discoveryProtocol, neighbor.remoteChassis, neighbor.remoteName,
                neighbor.remotePort,
            ].map(\.databaseValue)
            rows[key] = [
                neighbor.localIndex.map { Int64($0) }.value, neighbor.remoteDescription.databaseValue,
                (neighbor.remoteAddress?.description).value, JSONText.list(neighbor.capabilities).databaseValue,
            ]
        }
        let isFirst = before == nil
        let interfaces = try Dictionary(
            Row.fetchAll(db, sql: "SELECT port, idx FROM neighbor WHERE device = ?", arguments: [device.text])
                .map { ($0["port"] as String, $0["idx"] as Int64?) }, uniquingKeysWith: { first, _ in first })
        let result = try Self.neighbors.write(rows, device: device.text, at: at, isWhole: isWhole, db)
        guard !isFirst else { return }
        let added = Dictionary(grouping: result.added) { String.fromDatabaseValue($0[0]) ?? "" }
        let removed = Dictionary(grouping: result.removed) { String.fromDatabaseValue($0[0]) ?? "" }
        for port in Set(added.keys).union(removed.keys).sorted() {
            let (new, old) = (Self.names(added[port]), Self.names(removed[port]))
            if new == old { continue }
            let index =
                (rows.first { $0.key[0] == port.databaseValue }?.value[0]).flatMap { Int64.fromDatabaseValue($0) } ?? interfaces[
                    port] ?? nil
            changes.add(
                old.isEmpty ? "neighbor-added" : new.isEmpty ? "neighbor-removed" : "rewired",
                interface: index.map { UInt32(truncatingIfNeeded: $0) },
                before: old.isEmpty ? nil : "\(port): \(old)", after: new.isEmpty ? nil : "\(port): \(new)")
        }
    }

    /// `access-1 Gi0/8`, several in order.
    private static func names(_ keys: [[DatabaseValue]]?) -> String {
        let names = (keys ?? []).map { key in
            let texts = key.map { String.fromDatabaseValue($0) ?? "" }
            return (texts[3].isEmpty ? texts[2] : texts[3]) + (texts[4].isEmpty ? "" : " " + texts[4])
        }
        return Set(names).sorted().joined(separator: ", ")
    }

    // MARK: Addresses, VLANs, optics

    private static let addresses = RowDifference(table: "address", keys: ["address"], values: ["prefix", "idx"])
    private static let vlans = RowDifference(table: "vlan", keys: ["id"], values: ["name"])
    private static let transceivers = RowDifference(table: "transceiver", keys: ["idx"], values: ["vendor", "model", "serial"])

    private func recordPlain(_ report: DeviceReport, _ isWhole: Bool) throws {
        var rows: [[DatabaseValue]: [DatabaseValue]] = [:]
        for own in report.addresses {
            rows[[own.address.description.databaseValue]] = [
                own.prefixLength.databaseValue, own.interfaceIndex.map { Int64($0) }.value,
            ]
        }
        _ = try Self.addresses.write(rows, device: device.text, at: at, isWhole: isWhole, db)
        rows = [:]
        for vlan in report.vlans { rows[[Int64(vlan.id).databaseValue]] = [vlan.name.databaseValue] }
        _ = try Self.vlans.write(rows, device: device.text, at: at, isWhole: isWhole, db)
        rows = [:]
        for optic in report.transceivers {
            rows[[Int64(optic.interfaceIndex).databaseValue]] = [optic.vendor, optic.model, optic.serial].map(\.databaseValue)
        }
        _ = try Self.transceivers.write(rows, device: device.text, at: at, isWhole: isWhole, db)
    }

    // MARK: Access points

    private static let accessPoints = RowDifference(
        table: "access_point", keys: ["id"],
        values: ["name", "mac", "address", "model", "serial", "version", "location", "state", "clients"])

    private func recordAccessPoints(_ points: [AccessPoint], _ isWhole: Bool, _ changes: inout ChangeLog) throws {
        var rows: [[DatabaseValue]: [DatabaseValue]] = [:]
        for point in points {
            rows[[point.oid.description.databaseValue]] = [
                point.name.databaseValue, (point.mac?.description).value, (point.address?.description).value,
                point.model.databaseValue, point.serial.databaseValue, point.version.databaseValue, point.location.databaseValue,
                point.state.rawValue.databaseValue, point.clients.map { Int64($0) }.value,
            ]
        }
        let names = try Dictionary(
            Row.fetchAll(db, sql: "SELECT id, name FROM access_point WHERE device = ?", arguments: [device.text])
                .map { ($0["id"] as String, $0["name"] as String?) }, uniquingKeysWith: { first, _ in first })
        let result = try Self.accessPoints.write(rows, device: device.text, at: at, isWhole: isWhole, db)
        guard before != nil else { return }
        for key in result.added {
            changes.add("access-point-added", before: nil, after: (rows[key]?.first).flatMap { String.fromDatabaseValue($0) })
        }
        for key in result.removed {
            let id = String.fromDatabaseValue(key[0]) ?? ""
            changes.add("access-point-removed", before: names[id] ?? id, after: nil)
        }
    }

    // MARK: Stays

    private struct Mapping: Hashable {
        var address: String
        var mac: String
    }

    private func recordARP(_ entries: [AddressMapping], _ isWhole: Bool) throws {
        var known: Set<Mapping> = []
        for row in try Row.fetchAll(
            db, sql: "SELECT address, mac FROM arp_stay WHERE device = ? AND last_seen IS NULL", arguments: [device.text])
        {
            known.insert(Mapping(address: row["address"], mac: row["mac"]))
        }
        let insert = try db.cachedStatement(
            sql: """
                INSERT INTO arp_stay (device, address, mac, idx, first_seen) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (device, address, mac) DO UPDATE SET idx = excluded.idx, last_seen = NULL
                """)
        for entry in entries {
            let mapping = Mapping(address: entry.address.description, mac: entry.mac.description)
            guard known.remove(mapping) == nil else { continue }
            try insert.execute(arguments: [device.text, mapping.address, mapping.mac, entry.interfaceIndex.map { Int64($0) }, at])
        }
        guard isWhole, !known.isEmpty else { return }
        let close = try db.cachedStatement(sql: "UPDATE arp_stay SET last_seen = ? WHERE device = ? AND address = ? AND mac = ?")
        for mapping in known { try close.execute(arguments: [before ?? at, device.text, mapping.address, mapping.mac]) }
    }

    private func recordForwarding(_ entries: [ForwardingEntry], _ isWhole: Bool) throws {
        guard isWhole || !entries.isEmpty else { return }
        let number = "(SELECT number FROM device WHERE id = ?)"
        guard !entries.isEmpty else {
            return try db.run("DELETE FROM forwarding WHERE device = \(number)", device.text)
        }
        try db.run(
            """
            INSERT INTO forwarding (device, at, data) VALUES (\(number), ?, ?)
            ON CONFLICT (device) DO UPDATE SET at = excluded.at, data = excluded.data
            """, device.text, at, Data(PackedForwarding.encode(entries)))
    }
}

extension Optional where Wrapped: DatabaseValueConvertible {
    /// NULL for nil.
    var value: DatabaseValue { self?.databaseValue ?? .null }
}
