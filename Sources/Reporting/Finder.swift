package import Campus
package import Evidence

/// Answers where a MAC address, an IP address or a name is: which switch port, from evidence alone.
package struct Finder {
    private let store: EvidenceStore
    private let vendor: (MACAddress) -> String?

    package init(_ store: EvidenceStore, vendor: @escaping (MACAddress) -> String? = { _ in nil }) {
        self.store = store
        self.vendor = vendor
    }

    /// A port where an address is or was.
    package struct Stay: Sendable {
        package var device = ""
        package var deviceID = ""
        package var port = ""
        package var alias = ""
        package var role = ""
        package var vlan: Int64?
        package var place = ""
        /// What names itself at the other end of the port.
        package var neighbor = ""
        package var isExact = true
        package var isCurrent = true
        package var firstSeen: Int64?
        package var lastSeen: Int64?
        /// How it is known, in English.
        package var how = ""
    }

    /// An IP address that goes with a MAC address, and who said so.
    package struct Mapping: Sendable {
        package var address: String
        package var device: String
        package var lastSeen: Int64?
        package var isCurrent: Bool
    }

    package struct Finding: Sendable {
        /// `host`, `device`, `access point`, `neighbour`.
        package var what: String
        package var name = ""
        package var mac: String?
        package var vendor: String?
        package var mappings: [Mapping] = []
        /// Where it is, the newest first, then where it was.
        package var stays: [Stay] = []
    }

    package struct Answer: Sendable {
        package var asked: String
        package var findings: [Finding] = []
        /// What was looked through, for who finds nothing.
        package var searched: String
    }

    package func find(_ text: String) throws(EvidenceError) -> Answer {
        let size = try store.select(
            """
            SELECT (SELECT count(*) FROM mac_stay) AS stays, (SELECT count(*) FROM arp_stay) AS mappings,
                (SELECT count(*) FROM device WHERE declared = 1) AS devices, (SELECT count(*) FROM access_point) AS points,
                (SELECT count(*) FROM neighbor) AS neighbors
            """)
        let count = { (column: String) in "\(size[0, column].int64 ?? 0)" }
        var answer = Answer(
            asked: text,
            searched: "\(count("devices")) devices, \(count("stays")) places of MAC addresses, \(count("mappings")) ARP entries, "
                + "\(count("points")) access points, \(count("neighbors")) neighbours")
        if let mac = MACAddress(text) {
            answer.findings = try find(macs: [mac.description])
        } else if let address = IPAddress(text) {
            answer.findings = try find(address: address.description)
        } else {
            answer.findings = try find(name: text)
        }
        return answer
    }

    // MARK: By what was asked

    private func find(macs: [String]) throws(EvidenceError) -> [Finding] {
        var findings: [Finding] = []
        for mac in macs {
            let owners = try store.select(
                """
                SELECT DISTINCT d.id FROM interface i JOIN device d ON d.id = i.device WHERE i.mac = :mac AND d.declared = 1
                """, parameters: ["mac": .text(mac)])
            for row in owners.rows.indices { findings += try device(owners[row, "id"]) }
            if owners.rows.isEmpty, let found = try host(mac) { findings.append(found) }
        }
        return findings
    }

    private func find(address: String) throws(EvidenceError) -> [Finding] {
        let parameters: [String: EvidenceValue] = ["address": .text(address)]
        let owners = try store.select(
            """
            SELECT id FROM device WHERE declared = 1 AND (address = :address OR id IN (SELECT device FROM address WHERE address = :address))
            """, parameters: parameters)
        var findings: [Finding] = []
        for row in owners.rows.indices { findings += try device(owners[row, "id"]) }
        if !findings.isEmpty { return findings }
        let macs = try store.select(
            """
            SELECT mac FROM (SELECT mac, max(current) AS current, max(last_seen) AS last_seen FROM arp WHERE address = :address GROUP BY mac
                UNION SELECT mac, 1, NULL FROM access_point WHERE address = :address AND mac IS NOT NULL)
             ORDER BY current DESC, last_seen DESC LIMIT 10
            """, parameters: parameters)
        return try find(macs: unique(macs))
    }

    private func find(name: String) throws(EvidenceError) -> [Finding] {
        for condition in ["lower(WORD) = lower(:name)", "instr(lower(WORD), lower(:name)) > 0"] {
            let parameters: [String: EvidenceValue] = ["name": .text(name)]
            let test = { (column: String) in condition.replacing("WORD", with: column) }
            var findings: [Finding] = []
            let devices = try store.select(
                "SELECT id FROM device WHERE declared = 1 AND (\(test("name")) OR \(test("sys_name"))) ORDER BY name LIMIT 20",
                parameters: parameters)
            for row in devices.rows.indices { findings += try device(devices[row, "id"]) }
            let points = try store.select(
                "SELECT DISTINCT mac FROM access_point WHERE mac IS NOT NULL AND \(test("name")) LIMIT 20", parameters: parameters
            )
            findings += try find(macs: unique(points))
            if findings.isEmpty { findings = try neighbors("\(test("n.remote_name"))", parameters) }
            if !findings.isEmpty { return findings }
        }
        return []
    }

    private func unique(_ table: ResultTable) -> [String] {
        var seen: Set<String> = []
        return table.rows.indices.compactMap { table[$0, "mac"].string }.filter { seen.insert($0).inserted }
    }

    // MARK: What is found

    private func host(_ mac: String) throws(EvidenceError) -> Finding? {
        var finding = Finding(what: "host", mac: mac, vendor: MACAddress(mac).flatMap(vendor))
        let points = try store.select("SELECT name FROM access_point WHERE mac = :mac LIMIT 1", parameters: ["mac": .text(mac)])
        if !points.rows.isEmpty {
            finding.what = "access point"
            finding.name = points[0, "name"].string ?? ""
        }
        finding.mappings = try mappings(mac)
        finding.stays = try stays(mac)
        if finding.stays.isEmpty {
            let seen = try neighbors("n.remote_chassis = :mac", ["mac": .text(mac)])
            finding.stays = seen.first?.stays ?? []
            finding.name = finding.name.isEmpty ? seen.first?.name ?? "" : finding.name
        }
        return finding.stays.isEmpty && finding.mappings.isEmpty && points.rows.isEmpty ? nil : finding
    }

    private func mappings(_ mac: String) throws(EvidenceError) -> [Mapping] {
        let table = try store.select(
            """
            SELECT a.address, d.name, a.last_seen, a.current FROM arp a JOIN device d ON d.id = a.device
             WHERE a.mac = :mac ORDER BY a.current DESC, a.last_seen DESC LIMIT 50
            """, parameters: ["mac": .text(mac)])
        var seen: Set<String> = []
        return table.rows.indices.compactMap { row in
            guard let address = table[row, "address"].string, seen.insert(address).inserted else { return nil }
            return Mapping(
                address: address, device: table[row, "name"].string ?? "", lastSeen: table[row, "last_seen"].int64,
                isCurrent: table[row, "current"].int64 == 1)
        }
    }

    private static let port = """
        d.name AS device, d.id AS id, coalesce(nullif(i.name, ''), i.description, 'port ' || x.idx) AS port, coalesce(i.alias, '') AS alias,
        coalesce(i.role, '') AS role, coalesce(d.place, d.location, '') AS place,
        (SELECT group_concat(DISTINCT n.remote_name) FROM neighbor n WHERE n.device = x.device AND n.idx = x.idx) AS neighbor
        """

    private func stays(_ mac: String) throws(EvidenceError) -> [Stay] {
        let table = try store.select(
            """
            SELECT \(Self.port), x.vlan, x.exact, x.first_seen, x.last_seen, x.current
              FROM mac_location x JOIN device d ON d.id = x.device LEFT JOIN interface i ON i.device = x.device AND i.idx = x.idx
             WHERE x.mac = :mac ORDER BY x.current DESC, x.last_seen DESC LIMIT 50
            """, parameters: ["mac": .text(mac)])
        return table.rows.indices.map { row in
            var stay = Self.stay(table, row)
            stay.vlan = table[row, "vlan"].int64
            stay.isExact = table[row, "exact"].int64 == 1
            stay.isCurrent = table[row, "current"].int64 == 1
            stay.firstSeen = table[row, "first_seen"].int64
            stay.lastSeen = table[row, "last_seen"].int64
            stay.how =
                stay.isExact ? "learned by the switch" : "learned by the switch on a port that leads to another one: behind it"
            return stay
        }
    }

    private static func stay(_ table: ResultTable, _ row: Int) -> Stay {
        let text = { (column: String) in table[row, column].string ?? "" }
        return Stay(
            device: text("device"), deviceID: text("id"), port: text("port"), alias: text("alias"), role: text("role"),
            place: text("place"),
            neighbor: text("neighbor"))
    }

    /// A device of ours, and the ports that it hangs at.
    private func device(_ id: EvidenceValue) throws(EvidenceError) -> [Finding] {
        let parameters = ["id": id]
        let facts = try store.select(
            "SELECT name, address, vendor, coalesce(place, location) AS place FROM device WHERE id = :id", parameters: parameters)
        guard !facts.rows.isEmpty else { return [] }
        var finding = Finding(what: "device", name: facts[0, "name"].string ?? "")
        finding.vendor = facts[0, "vendor"].string.flatMap { $0.isEmpty ? nil : $0 }
        if let address = facts[0, "address"].string {
            finding.mappings = [Mapping(address: address, device: finding.name, lastSeen: nil, isCurrent: true)]
        }
        let links = try store.select(
            """
            SELECT \(Self.port), x.source, x.far, x.first_seen, f.facts_at AS last_seen, d.id = f.parent AS is_parent
              FROM (SELECT device, idx, remote_port AS far, source, first_seen FROM link WHERE remote_device = :id AND gone_at IS NULL
                    UNION ALL SELECT remote_device, remote_idx, port, source, first_seen FROM link WHERE device = :id AND gone_at IS NULL) x
              JOIN device d ON d.id = x.device JOIN device f ON f.id = :id
              LEFT JOIN interface i ON i.device = x.device AND i.idx = x.idx ORDER BY is_parent DESC, d.name, x.idx LIMIT 100
            """, parameters: parameters)
        finding.stays = links.rows.indices.map { row in
            var stay = Self.stay(links, row)
            let far = links[row, "far"].string ?? ""
            let source = links[row, "source"].string ?? ""
            stay.firstSeen = links[row, "first_seen"].int64
            stay.lastSeen = links[row, "last_seen"].int64
            stay.neighbor = ""
            stay.how =
                (source == "forwarding" ? "learned addresses" : source.uppercased()) + (far.isEmpty ? "" : ", to its port \(far)")
            return stay
        }
        return [finding]
    }

    private func neighbors(_ condition: String, _ parameters: [String: EvidenceValue]) throws(EvidenceError) -> [Finding] {
        let table = try store.select(
            """
            SELECT \(Self.port.replacing("(SELECT group_concat(DISTINCT n.remote_name) FROM neighbor n WHERE n.device = x.device AND n.idx = x.idx)", with: "x.remote_name")),
                x.remote_chassis AS mac, x.protocol, x.first_seen, d.facts_at AS last_seen
              FROM neighbor x JOIN device d ON d.id = x.device LEFT JOIN interface i ON i.device = x.device AND i.idx = x.idx
             WHERE \(condition.replacing("n.", with: "x.")) ORDER BY d.name, x.idx LIMIT 50
            """, parameters: parameters)
        return table.rows.indices.map { row in
            var stay = Self.stay(table, row)
            var finding = Finding(
                what: "neighbour", name: stay.neighbor, mac: table[row, "mac"].string.flatMap { MACAddress($0)?.description })
            finding.vendor = finding.mac.flatMap { MACAddress($0) }.flatMap(vendor)
            stay.neighbor = ""
            stay.firstSeen = table[row, "first_seen"].int64
            stay.lastSeen = table[row, "last_seen"].int64
            stay.how = "names itself by \((table[row, "protocol"].string ?? "").uppercased())"
            finding.stays = [stay]
            return finding
        }
    }
}
