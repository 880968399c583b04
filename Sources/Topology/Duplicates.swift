import Campus

/// Which answers come from one device: several addresses, one box.
package enum Duplicates {
    /// Groups of places in `devices`, each in order; a device alone is a group of one.
    ///
    /// Engine id, serial number, a shared interface address (MAC) or an IP address that the other one lists join two answers;
    /// a name never does. Two that both have a serial number and differ in it stay apart, and so do two with one engine id
    /// and no MAC in common: that is a copied configuration.
    package static func groups(_ devices: [SurveyedDevice]) -> [[Int]] {
        var sets = DisjointSets(devices.count)
        let macs = devices.map { Set($0.report.interfaces.compactMap(\.mac).filter(\.isOwn)) }
        var owners: [String: [Int]] = [:]
        for (number, device) in devices.enumerated() {
            let facts = device.report.facts
            var keys: Set<String> = ["id \(device.id)"]
            if let engine = facts.engineID { keys.insert("engine \(engine)") }
            if facts.serial.count >= 5 { keys.insert("serial \(facts.vendor) \(facts.serial)") }
            for mac in macs[number] where mac.value >> 41 & 1 == 0 { keys.insert("mac \(mac)") }
            if let address = device.address { keys.insert("address \(address)") }
            for own in device.report.addresses where own.address.isOwn { keys.insert("address \(own.address)") }
            for key in keys { owners[key, default: []].append(number) }
        }
        for (_, numbers) in owners where numbers.count > 1 {
            // Compared with the first of each group that is there already, so that a key of many stays cheap.
            var heads: [Int] = []
            for number in numbers.prefix(4096) {
                if let head = heads.first(where: { areOne(devices[$0], devices[number], macs[$0], macs[number]) }) {
                    sets.join(head, number)
                } else {
                    heads.append(number)
                }
            }
        }
        return sets.groups()
    }

    private static func areOne(
        _ left: SurveyedDevice, _ right: SurveyedDevice, _ leftMACs: Set<MACAddress>, _ rightMACs: Set<MACAddress>
    ) -> Bool {
        let (a, b) = (left.report.facts, right.report.facts)
        if a.serial.count >= 5, b.serial.count >= 5, a.serial != b.serial { return false }
        if a.objectID != b.objectID { return false }
        if a.name != b.name, a.engineID != b.engineID || a.engineID == nil { return false }
        return leftMACs.isEmpty || rightMACs.isEmpty || !leftMACs.isDisjoint(with: rightMACs)
    }
}

/// Union–find with path halving.
private struct DisjointSets {
    private var parent: [Int]

    init(_ count: Int) { parent = Array(0..<count) }

    private mutating func root(_ number: Int) -> Int {
        var number = number
        while parent[number] != number {
            parent[number] = parent[parent[number]]
            number = parent[number]
        }
        return number
    }

    mutating func join(_ left: Int, _ right: Int) {
        let (a, b) = (root(left), root(right))
        parent[max(a, b)] = min(a, b)
    }

    mutating func groups() -> [[Int]] {
        var groups: [Int: [Int]] = [:]
        for number in parent.indices { groups[root(number), default: []].append(number) }
        return groups.keys.sorted().compactMap { groups[$0] }
    }
}
