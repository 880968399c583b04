import Campus
import GRDB

/// Which interfaces are exits and uplinks.
enum Uplinks {
    /// Words by which administrators mark what leads away from the users.
    private static let words = ["uplink", "trunk", "上联", "上行", "级联", "出口"]

    static func isUplink(name: String, alias: String, description: String, watch: [String]) -> Bool {
        if watch.contains(name) { return true }
        let text = (alias + "\n" + description).lowercased()
        return words.contains { text.contains($0) }
    }

    /// Whether the map says that the port leads to other switches.
    static func leadsAway(role: String?) -> Bool {
        role.flatMap(PortRole.init).map { [.uplink, .trunk, .lag].contains($0) } ?? false
    }

    /// Marks the interfaces anew after the declarations changed, of one device or of all.
    static func mark(_ db: Database, device: DeviceID? = nil) throws {
        let filter = device == nil ? "" : "WHERE d.id = ?"
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT i.device, i.idx, i.name, i.alias, i.description, i.uplink, i.role, i.exit, d.watch,
                    (SELECT e.id FROM exit e WHERE e.device = i.device AND (e.interface = i.name OR e.interface = i.description)) AS declared
                FROM device d JOIN interface i ON i.device = d.id \(filter)
                """, arguments: device.map { [$0.text] } ?? [])
        var watch: (text: String?, names: [String]) = (nil, [])
        for row in rows {
            let text: String? = row["watch"]
            if text != watch.text { watch = (text, JSONText.list(from: text)) }
            let exit: String? = row["declared"]
            let marked = isUplink(
                name: row["name"] ?? "", alias: row["alias"] ?? "", description: row["description"] ?? "",
                watch: watch.names)
            let uplink = exit != nil || marked || leadsAway(role: row["role"])
            guard uplink != (row["uplink"] as Bool) || exit != (row["exit"] as String?) else { continue }
            try db.run(
                "UPDATE interface SET uplink = ?, exit = ? WHERE device = ? AND idx = ?", uplink ? 1 : 0, exit,
                row["device"] as String,
                row["idx"] as Int64)
        }
    }
}
