import Campus

/// Who has which address, name and port.
struct DeviceIndex {
    let devices: [SurveyedDevice]
    /// Addresses that two devices claim belong to nobody.
    private(set) var byMAC: [MACAddress: Int] = [:]
    private(set) var byAddress: [IPAddress: Int] = [:]
    private var byName: [String: Int] = [:]
    private var bySerial: [String: Int] = [:]
    /// By device: member to aggregation.
    private var aggregates: [[UInt32: UInt32]] = []
    private var places: [[UInt32: Int]] = []
    private var portNames: [Int: PortNames] = [:]

    private static let nobody = -1

    init(_ devices: [SurveyedDevice]) {
        self.devices = devices
        aggregates.reserveCapacity(devices.count)
        places.reserveCapacity(devices.count)
        for (number, device) in devices.enumerated() {
            var own: Set<MACAddress> = []
            var members: [UInt32: UInt32] = [:]
            var rows: [UInt32: Int] = [:]
            for (place, interface) in device.report.interfaces.enumerated() {
                rows[interface.index] = place
                if let mac = interface.mac, mac.isOwn { own.insert(mac) }
                if let group = interface.aggregate, group != interface.index, group != 0 { members[interface.index] = group }
            }
            for mac in own { Self.claim(mac, number, &byMAC) }
            aggregates.append(members)
            places.append(rows)
            var addresses = Set(device.report.addresses.map(\.address).filter(\.isOwn))
            if let address = device.address { addresses.insert(address) }
            for address in addresses { Self.claim(address, number, &byAddress) }
            for name in Set(Self.names(device)) { Self.claim(name, number, &byName) }
            if !device.report.facts.serial.isEmpty { Self.claim(device.report.facts.serial.lowercased(), number, &bySerial) }
        }
    }

    private static func claim<Key: Hashable>(_ key: Key, _ number: Int, _ table: inout [Key: Int]) {
        if let owner = table[key], owner != number {
            table[key] = nobody
        } else {
            table[key] = number
        }
    }

    private static func names(_ device: SurveyedDevice) -> [String] {
        let name = device.report.facts.name.lowercased()
        guard !name.isEmpty else { return [] }
        return [name, String(name.prefix { $0 != "." })]
    }

    func owner(of mac: MACAddress) -> Int? { byMAC[mac].flatMap { $0 == Self.nobody ? nil : $0 } }
    func owner(of address: IPAddress) -> Int? { byAddress[address].flatMap { $0 == Self.nobody ? nil : $0 } }

    // MARK: Ports

    /// The aggregation that the port is a member of, else the port itself.
    func canonical(_ device: Int, _ port: UInt32) -> UInt32 { aggregates[device][port] ?? port }

    func interface(_ device: Int, _ port: UInt32) -> Interface? {
        places[device][port].map { devices[device].report.interfaces[$0] }
    }

    func members(_ device: Int, of aggregate: UInt32) -> [UInt32] {
        aggregates[device].filter { $0.value == aggregate }.map(\.key).sorted()
    }

    func isAggregate(_ device: Int, _ port: UInt32) -> Bool {
        aggregates[device][port] != nil || interface(device, port)?.type == "ieee8023adLag"
            || aggregates[device].values.contains(port)
    }

    /// The interface that `text` names, however it was written.
    mutating func port(_ device: Int, named text: String) -> UInt32? {
        if portNames[device] == nil { portNames[device] = PortNames(devices[device].report.interfaces) }
        return portNames[device]?.index(text)
    }

    // MARK: Neighbours

    /// The device that a neighbour's words mean.
    ///
    /// The chassis id decides, then the management address, then the name: a name that two devices have means neither, and one
    /// whose owner has addresses of another maker only is somebody else's.
    func device(of neighbor: Neighbor) -> Int? {
        let mac = MACAddress(neighbor.remoteChassis)
        if let mac, let owner = owner(of: mac) { return owner }
        if let address = neighbor.remoteAddress, address.isOwn, let owner = owner(of: address) { return owner }
        let name = neighbor.remoteName.lowercased()
        let plain = name.prefix { $0 != "(" }
        for word in [name, String(plain), String(plain.prefix { $0 != "." })] where !word.isEmpty {
            guard let owner = byName[word], owner != Self.nobody else { continue }
            if let mac, !shares(maker: mac, owner) { return nil }
            return owner
        }
        // CDP's `name(serial)`, and chassis ids that are no MAC.
        let inner = name.drop { $0 != "(" }.dropFirst().prefix { $0 != ")" }
        for word in [String(inner), neighbor.remoteChassis.lowercased()] where word.count >= 6 {
            if let owner = bySerial[word], owner != Self.nobody { return owner }
        }
        return nil
    }

    private func shares(maker mac: MACAddress, _ device: Int) -> Bool {
        let own = devices[device].report.interfaces.compactMap(\.mac)
        return own.isEmpty || own.contains { $0.value >> 24 == mac.value >> 24 }
    }

    // MARK: Out of numbers

    func name(_ device: Int, _ port: UInt32?) -> PortName {
        let interface = port.flatMap { self.interface(device, $0) }
        let name = interface.map { $0.name.isEmpty ? $0.description : $0.name } ?? ""
        return PortName(device: devices[device].id, index: port, name: name)
    }

    func link(_ ends: Ends) -> Link {
        let a = name(ends.a, ends.aPort)
        var b = name(ends.b, ends.bPort)
        if b.name.isEmpty { b.name = ends.bName }
        let isOrdered = a.device < b.device
        return Link(a: isOrdered ? a : b, b: isOrdered ? b : a, source: ends.source, isConfirmed: ends.isConfirmed)
    }
}

/// The names of one device's ports.
private struct PortNames {
    private var exact: [String: UInt32] = [:]
    private var short: [String: UInt32] = [:]
    private var indexes: Set<UInt32> = []

    private static let nobody = UInt32.max

    init(_ interfaces: [Interface]) {
        // A name outweighs a description, and that an alias.
        for texts in [\Interface.name, \.description, \.alias] {
            var round: [String: UInt32] = [:]
            for interface in interfaces { Self.add(interface[keyPath: texts].lowercased(), interface.index, &round) }
            exact.merge(round) { first, _ in first }
        }
        for interface in interfaces {
            indexes.insert(interface.index)
            if let mac = interface.mac { Self.add(mac.description, interface.index, &exact) }
            for text in Set([interface.name, interface.description].compactMap(Self.shortened)) {
                Self.add(text, interface.index, &short)
            }
        }
    }

    private static func add(_ text: String, _ index: UInt32, _ table: inout [String: UInt32]) {
        guard !text.isEmpty else { return }
        table[text] = table[text].map { $0 == index ? index : nobody } ?? index
    }

    /// `GigabitEthernet1/0/1` and `Gi1/0/1` alike: two letters and what follows from the first digit on.
    private static func shortened(_ text: String) -> String? {
        let text = text.lowercased()
        guard let digit = text.firstIndex(where: \.isNumber), digit > text.startIndex else { return nil }
        return String(text.prefix(2)) + text[digit...]
    }

    func index(_ text: String) -> UInt32? {
        guard !text.isEmpty else { return nil }
        let found =
            exact[text.lowercased()] ?? MACAddress(text).flatMap { exact[$0.description] }
            ?? Self.shortened(text).flatMap { short[$0] }
        if let found { return found == Self.nobody ? nil : found }
        guard let number = UInt32(text), indexes.contains(number) else { return nil }
        return number
    }
}

extension MACAddress {
    /// Whether one device alone has it: no group address, no zeros, no virtual router's (RFC 5798 §7.3).
    var isOwn: Bool { isHost && value >> 16 != 0x0000_5e00 && value >> 8 != 0x00_0000_5e00_01 && value >> 8 != 0x00_0000_5e00_02 }

    /// Whether a single station may have it.
    var isHost: Bool { value != 0 && value >> 40 & 1 == 0 }
}

extension IPAddress {
    /// Whether it tells one device from others: no loopback, no link-local, no group.
    var isOwn: Bool {
        guard isUnicast else { return false }
        if isIPv4 { return low >> 24 != 127 && low >> 16 != 0xa9fe }
        return !(high == 0 && low == 1) && high >> 54 != 0xfe80 >> 6
    }
}
