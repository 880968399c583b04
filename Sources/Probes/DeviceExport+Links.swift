import Campus

extension DeviceExport {
    static func writeWireless(_ report: DeviceReport, to writer: inout JSONWriter) {
        let sensors = report.sensors.filter { $0.sensorClass.wirelessName != nil }
        guard !sensors.isEmpty || !report.accessPoints.isEmpty else { return }
        writer.object("wireless") { wireless in
            wireless.member("access_points", accessPoints(report).map { Int64($0) })
            wireless.member("clients", clients(report).map { Int64($0) })
            wireless.list("sensors", sensors) { sensor, object in
                object.member("class", sensor.sensorClass.wirelessName ?? "")
                object.member("name", sensor.name)
                object.member("value", sensor.value)
                object.member("oid", sensor.oid.description)
            }
            wireless.list("radios", report.accessPoints) { point, object in
                object.member("name", point.name)
                object.present("mac", point.mac?.description ?? "")
                object.present("address", point.address?.description ?? "")
                object.present("model", point.model)
                object.present("serial", point.serial)
                object.present("version", point.version)
                object.present("location", point.location)
                object.member("state", point.state.rawValue)
                object.member("clients", point.clients.map { Int64($0) })
                object.member("oid", point.oid.description)
            }
        }
    }

    private static func accessPoints(_ report: DeviceReport) -> Int? {
        report.accessPoints.isEmpty ? total(.apCount, report) : report.accessPoints.count
    }

    /// What the device itself calls the total, or its only figure; else what its access points have together; else its figures'
    /// sum, or the largest of them where that is the sum of the others.
    private static func clients(_ report: DeviceReport) -> Int? {
        let sensors = report.sensors.filter { $0.sensorClass == .clients }
        let whole = sensors.first { $0.name.lowercased().contains("total") } ?? (sensors.count == 1 ? sensors[0] : nil)
        if let value = whole?.value { return Int(exactly: value.rounded()) }
        let told = report.accessPoints.compactMap(\.clients)
        return told.isEmpty ? total(.clients, report) : told.reduce(0, +)
    }

    private static func total(_ sensorClass: SensorClass, _ report: DeviceReport) -> Int? {
        let values = report.sensors.filter { $0.sensorClass == sensorClass }.compactMap(\.value)
        guard let largest = values.max() else { return nil }
        let sum = values.reduce(0, +)
        return Int(exactly: (values.count > 2 && largest * 2 == sum ? largest : sum).rounded())
    }

    static func writeLinks(_ report: DeviceReport, to writer: inout JSONWriter) {
        writer.list("neighbors", report.neighbors) { neighbor, object in
            object.member("protocol", neighbor.discoveryProtocol)
            object.present("local_interface", neighbor.localInterface)
            object.member("local_index", neighbor.localIndex.map { Int64($0) })
            object.present("remote_name", neighbor.remoteName)
            object.present("remote_port", neighbor.remotePort)
            object.present("remote_chassis", neighbor.remoteChassis)
            object.present("remote_description", neighbor.remoteDescription)
            object.present("remote_address", neighbor.remoteAddress?.description ?? "")
            object.present("capabilities", neighbor.capabilities.joined(separator: " "))
        }
        writer.list("vlans", report.vlans) { vlan, object in
            object.member("id", Int64(vlan.id))
            object.present("name", vlan.name)
        }
        writer.list("fdb", report.forwarding) { entry, object in
            object.member("mac", entry.mac.description)
            object.member("vlan", entry.vlan.map { Int64($0) })
            object.member("interface_index", entry.interfaceIndex.map { Int64($0) })
        }
        writer.list("arp", report.arp) { mapping, object in
            object.member("ip", mapping.address.description)
            object.member("mac", mapping.mac.description)
            object.member("interface_index", mapping.interfaceIndex.map { Int64($0) })
        }
        writer.list("addresses", report.addresses) { address, object in
            object.member("address", address.address.description)
            object.member("prefix", Int64(address.prefixLength))
            object.member("interface_index", address.interfaceIndex.map { Int64($0) })
        }
    }

    static func writeParts(_ report: DeviceReport, to writer: inout JSONWriter) {
        writer.list("transceivers", report.transceivers) { transceiver, object in
            object.member("interface_index", Int64(transceiver.interfaceIndex))
            object.present("vendor", transceiver.vendor)
            object.present("model", transceiver.model)
            object.present("serial", transceiver.serial)
        }
        writer.list("supplies", report.gauges.filter { $0.kind == .supply }) { supply, object in
            object.member("name", supply.name)
            object.present("type", supply.type ?? "")
            object.member("level_percent", supply.usedPercent)
            object.member("oid", supply.oid.description)
        }
    }
}

extension JSONWriter {
    /// A list of objects; left out when there is none.
    fileprivate mutating func list<Element>(
        _ key: String, _ elements: [Element], _ body: (Element, inout JSONWriter) -> Void
    ) {
        guard !elements.isEmpty else { return }
        array(key) { list in for element in elements { list.object { body(element, &$0) } } }
    }
}
