import Campus
import GRDB

/// Writes a map: what is as it was costs nothing, what has gone keeps its row with the time.
struct MapRecorder {
    let at: Int64
    /// When the map before was drawn.
    let before: Int64?
    let db: Database

    /// An address that comes back to where it was last within this time was never away.
    private static let absence: Int64 = 7 * 86_400_000
    /// Past places kept of one address; the oldest goes for a new one.
    private static let placesEach = 64

    func record(_ map: CampusMap) throws {
        try recordLinks(map.links)
        try recordHosts(map.hosts)
        try recordRoles(map.roles)
        try recordPaths(map)
        try recordNeighbors(map.neighbors)
        try db.run("INSERT OR REPLACE INTO map_drawn VALUES (1, ?)", at)
    }

    // MARK: Links

    private struct Wire: Hashable {
        var device: String
        var index: Int64?
        var port: String
        var remote: String
        var remoteIndex: Int64?
        var remotePort: String
    }

    private func recordLinks(_ links: [Link]) throws {
        var known: [Wire: Row] = [:]
        for row in try Row.fetchAll(db, sql: "SELECT * FROM link WHERE gone_at IS NULL") {
            let wire = Wire(
                device: row["device"], index: row["idx"], port: row["port"], remote: row["remote_device"],
                remoteIndex: row["remote_idx"], remotePort: row["remote_port"])
            known[wire] = row
        }
        let isFirst = try Int64.fetchOne(db, sql: "SELECT id FROM link LIMIT 1") == nil
        for link in links {
            let wire = Wire(
                device: link.a.device.text, index: link.a.index.map { Int64($0) }, port: link.a.name, remote: link.b.device.text,
                remoteIndex: link.b.index.map { Int64($0) }, remotePort: link.b.name)
            if let row = known.removeValue(forKey: wire) {
                if row["source"] != link.source || row["confirmed"] != link.isConfirmed {
                    try db.run(
                        "UPDATE link SET source = ?, confirmed = ? WHERE id = ?", link.source, link.isConfirmed ? 1 : 0,
                        row["id"] as Int64)
                }
                continue
            }
            try db.run(
                """
                INSERT INTO link (device, idx, port, remote_device, remote_idx, remote_port, source, confirmed, first_seen)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """, wire.device, wire.index, wire.port, wire.remote, wire.remoteIndex, wire.remotePort, link.source,
                link.isConfirmed ? 1 : 0, at)
            if !isFirst { try tell("link-added", wire, isNew: true) }
        }
        for (wire, row) in known {
            try db.run("UPDATE link SET gone_at = ? WHERE id = ?", at, row["id"] as Int64)
            try tell("link-removed", wire, isNew: false)
        }
    }

    private func tell(_ what: String, _ wire: Wire, isNew: Bool) throws {
        let name = { (id: String) in try String.fetchOne(db, sql: "SELECT name FROM device WHERE id = ?", arguments: [id]) ?? id }
        let words = try "\(name(wire.device)) \(wire.port) – \(name(wire.remote)) \(wire.remotePort)"
        let device = DeviceID(wire.device)
        let index = wire.index.map { UInt32(truncatingIfNeeded: $0) }
        var changes = ChangeLog(device: device, at: at)
        changes.add(what, interface: index, before: isNew ? nil : words, after: isNew ? words : nil)
        try changes.write(db)
    }

    // MARK: Hosts

    private struct Stay: Hashable {
        var device: String
        var index: Int64
        var vlan: Int64?
        var isExact: Bool
    }

    private func recordHosts(_ hosts: [HostPlace]) throws {
        var known: [String: (id: Int64, stay: Stay)] = [:]
        let rows = try Row.fetchCursor(db, sql: "SELECT id, mac, device, idx, vlan, exact FROM mac_stay WHERE last_seen IS NULL")
        while let row = try rows.next() {
            known[row["mac"]] = (
                row["id"], Stay(device: row["device"], index: row["idx"], vlan: row["vlan"], isExact: row["exact"])
            )
        }
        for host in hosts {
            let mac = host.mac.description
            let stay = Stay(
                device: host.device.text, index: Int64(host.index), vlan: host.vlan.map { Int64($0) }, isExact: host.isExact)
            if let before = known.removeValue(forKey: mac) {
                if before.stay == stay { continue }
                if before.stay.device == stay.device, before.stay.index == stay.index {
                    try db.run("UPDATE mac_stay SET vlan = ?, exact = ? WHERE id = ?", stay.vlan, stay.isExact ? 1 : 0, before.id)
                    continue
                }
                try close(before.id)
            }
            try begin(mac, stay)
        }
        for (_, gone) in known { try close(gone.id) }
    }

    /// Goes on with the last stay where it was at the same port, else begins one.
    private func begin(_ mac: String, _ stay: Stay) throws {
        let last = try Row.fetchOne(
            db.cachedStatement(
                sql: "SELECT id, device, idx, last_seen FROM mac_stay WHERE mac = ? ORDER BY first_seen DESC LIMIT 1"),
            arguments: [mac])
        if let last, last["device"] == stay.device, last["idx"] == stay.index,
            at - (last["last_seen"] as Int64? ?? at) < Self.absence
        {
            try db.run(
                "UPDATE mac_stay SET last_seen = NULL, vlan = ?, exact = ? WHERE id = ?", stay.vlan, stay.isExact ? 1 : 0,
                last["id"] as Int64)
            return
        }
        try db.run(
            "INSERT INTO mac_stay (mac, device, idx, vlan, exact, first_seen) VALUES (?, ?, ?, ?, ?, ?)", mac, stay.device,
            stay.index,
            stay.vlan, stay.isExact ? 1 : 0, at)
        guard last != nil else { return }
        try db.run(
            """
            DELETE FROM mac_stay WHERE mac = ?1 AND last_seen IS NOT NULL AND id <=
                (SELECT id FROM mac_stay WHERE mac = ?1 AND last_seen IS NOT NULL ORDER BY id DESC LIMIT 1 OFFSET ?2)
            """, mac, Self.placesEach)
    }

    /// It was there when the map before this one was drawn.
    private func close(_ id: Int64) throws {
        try db.run("UPDATE mac_stay SET last_seen = max(first_seen, ?) WHERE id = ?", before ?? at, id)
    }

    // MARK: Ports and ways

    private func recordRoles(_ roles: [DeviceID: [UInt32: PortRole]]) throws {
        var isChanged = false
        let update = try db.cachedStatement(sql: "UPDATE interface SET role = ? WHERE device = ? AND idx = ?")
        for row in try Row.fetchAll(db, sql: "SELECT device, idx, role FROM interface") {
            let device: String = row["device"]
            let index: Int64 = row["idx"]
            // A port of which the map says nothing (it is down, or nothing was learned) is what it was.
            guard let role = roles[DeviceID(device)]?[UInt32(truncatingIfNeeded: index)], role.rawValue != row["role"] as String?
            else {
                continue
            }
            try update.execute(arguments: [role.rawValue, device, index])
            isChanged = true
        }
        if isChanged { try Uplinks.mark(db) }
    }

    private func recordPaths(_ map: CampusMap) throws {
        for row in try Row.fetchAll(db, sql: "SELECT id, parent, depends_on FROM device WHERE declared = 1") {
            let id: String = row["id"]
            // A device that the map cannot reach now keeps the way that it had: just then it is asked for.
            guard let path = map.paths[DeviceID(id)], path.parent != nil || map.root?.text == id else { continue }
            let depends = path.dependsOn?.text
            guard path.parent?.text != row["parent"] as String? || depends != row["depends_on"] as String? else { continue }
            try db.run("UPDATE device SET parent = ?, depends_on = ? WHERE id = ?", path.parent?.text, depends, id)
        }
    }

    private func recordNeighbors(_ neighbors: [DeviceID: [Neighbor: DeviceID]]) throws {
        for row in try Row.fetchAll(db, sql: "SELECT * FROM neighbor") {
            let device = DeviceID(row["device"] as String)
            let remote = neighbors[device]?[StoredRows.neighbor(row)]?.text
            guard remote != row["remote_device"] as String? else { continue }
            try db.run(
                """
                UPDATE neighbor SET remote_device = ? WHERE device = ? AND port = ? AND protocol = ? AND remote_chassis = ?
                    AND remote_name = ? AND remote_port = ?
                """, remote, device.text, row["port"] as String, row["protocol"] as String, row["remote_chassis"] as String,
                row["remote_name"] as String, row["remote_port"] as String)
        }
    }
}
