package import Campus

/// Where a device's stable id comes from.
package enum DeviceIdentity {
    /// 32 hexadecimal digits made from the engine id, else the chassis serial, else the base MAC, else the address and port.
    package static func deviceID(
        facts: DeviceFacts, inventory: [InventoryItem], interfaces: [Interface], address: IPAddress, port: UInt16 = 161
    ) -> DeviceID {
        if let engine = facts.engineID, isOwn(engineID: engine) { return hashed("engine", engine) }
        if let serial = chassisSerial(facts, inventory) { return hashed("serial", serial) }
        if let mac = baseMAC(interfaces) { return hashed("mac", mac.description) }
        return provisional(address: address, port: port)
    }

    /// The id of a device of which nothing but its address is known yet.
    package static func provisional(address: IPAddress, port: UInt16 = 161) -> DeviceID {
        hashed("address", "\(address) \(port)")
    }

    /// Whether an engine id (hexadecimal) tells one device from all others. RFC 3411 makes it from the enterprise number, a
    /// format and what follows: a MAC or octets do; a text or an IP address is what somebody chose and copies.
    static func isOwn(engineID: String) -> Bool {
        let bytes = stride(from: 0, to: engineID.utf8.count - 1, by: 2).compactMap { offset in
            UInt8(engineID.dropFirst(offset).prefix(2), radix: 16)
        }
        guard (5...32).contains(bytes.count), bytes.count * 2 == engineID.utf8.count, let first = bytes.first else {
            return false
        }
        let isNew = first & 0x80 != 0
        let body = bytes.dropFirst(isNew ? 5 : 4)
        if isNew, [1, 2, 4].contains(bytes[4]) { return false }
        // Factory settings: zeros, ones, 01 02 03 04 …
        let isCounting = zip(body, body.dropFirst()).allSatisfy { $1 == $0 &+ 1 }
        return body.count >= 5 && Set(body).count > 1 && !isCounting
    }

    private static func chassisSerial(_ facts: DeviceFacts, _ inventory: [InventoryItem]) -> String? {
        let chassis = inventory.filter { $0.itemClass == "chassis" }.sorted { $0.index < $1.index }
        let found = chassis.lazy.map { ($0.vendor, $0.serial) }.first { isSerial($1) }
        if let (vendor, serial) = found { return "\(vendor) \(serial)" }
        return isSerial(facts.serial) ? "\(facts.vendor) \(facts.serial)" : nil
    }

    private static func isSerial(_ text: String) -> Bool {
        let plain = text.lowercased().filter { $0.isLetter || $0.isNumber }
        guard plain.count >= 5, Set(plain).count > 1 else { return false }
        return ![
            "unknown", "notavailable", "notspecified", "notapplicable", "tobefilledbyoem", "defaultstring", "none0", "private",
        ].contains(plain)
    }

    /// The lowest universally administered address of the Ethernet ports: a module more or less above it changes nothing.
    private static func baseMAC(_ interfaces: [Interface]) -> MACAddress? {
        interfaces.lazy.filter { $0.type == "ethernetCsmacd" }.compactMap(\.mac)
            .filter { $0.value >> 40 & 3 == 0 && $0.value & 0xff_ffff != 0 }.min()
    }

    /// Two FNV-1a sums of 64 bits with different starts (draft-eastlake-fnv): no secret, but no two devices of a campus alike.
    private static func hashed(_ kind: String, _ text: String) -> DeviceID {
        let sums = [0xcbf2_9ce4_8422_2325 as UInt64, 0x6c62_272e_07bb_0142].map { start in
            "\(kind):\(text)".utf8.reduce(start) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        }
        return DeviceID(
            sums.map { sum in Hexadecimal.text((0..<8).map { UInt8(truncatingIfNeeded: sum >> UInt64(56 - 8 * $0)) }) }.joined())
    }
}
