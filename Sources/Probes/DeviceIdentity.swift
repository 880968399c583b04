package import Campus

/// Where a device's stable id comes from.
package enum DeviceIdentity {
    /// 32 hexadecimal digits made from the engine id, else the chassis serial, else the base MAC, else the address and port.
    package static func deviceID(
        facts: DeviceFacts, inventory: [InventoryItem], interfaces: [Interface], address: IPAddress, port: UInt16 = 161
    ) -> DeviceID {
        provisional(address: address, port: port)
    }

    /// The id of a device of which nothing but its address is known yet.
    package static func provisional(address: IPAddress, port: UInt16 = 161) -> DeviceID {
        DeviceID("\(address)-\(port)")
    }
}
