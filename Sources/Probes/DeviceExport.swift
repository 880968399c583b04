package import Campus

/// The JSON of `probe HOST --json`: one object, a member that the device does not have is absent.
package enum DeviceExport {
    /// One poll of one device as a single line of JSON without a line feed; `duration` from the first to the last PDU.
    package static func json(
        _ report: DeviceReport, host: String, port: UInt16, polledAt: Timestamp, duration: Duration, pdus: Int
    ) -> String {
        var writer = JSONWriter()
        writer.object { members in
            members.member("schema", 1 as Int64)
            members.object("target") { target in
                target.member("host", host)
                target.member("port", Int64(port))
                target.member("polled_at", "\(CivilTime(polledAt, offsetSeconds: 0).rfc3339.dropLast(6))Z")
                target.member("duration_s", duration.inSeconds)
                target.member("pdus", Int64(pdus))
                target.array("errors") { list in for error in report.errors { list.element(error) } }
            }
            members.object("device") { write(report.facts, to: &$0) }
            members.array("interfaces") { list in
                for (interface, sample) in zip(report.interfaces, report.samples) {
                    list.object { write(interface, sample, to: &$0) }
                }
            }
            members.array("sensors") { list in
                for sensor in report.sensors where sensor.sensorClass.wirelessName == nil {
                    list.object { write(sensor, to: &$0) }
                }
            }
            for (kind, key) in [(Gauge.Kind.processor, "processors"), (.memory, "memory"), (.storage, "storage")] {
                members.array(key) { list in
                    for gauge in report.gauges where gauge.kind == kind { list.object { write(gauge, to: &$0) } }
                }
            }
            writeWireless(report, to: &members)
            writeLinks(report, to: &members)
            members.array("inventory") { list in for item in report.inventory { list.object { write(item, to: &$0) } } }
            writeParts(report, to: &members)
        }
        return writer.text
    }

    private static func write(_ facts: DeviceFacts, to device: inout JSONWriter) {
        device.present("os", facts.os)
        device.present("vendor", facts.vendor)
        device.present("kind", facts.kind)
        device.present("model", facts.model)
        device.present("version", facts.version)
        device.present("serial", facts.serial)
        device.present("features", facts.features)
        device.present("name", facts.name)
        device.present("description", facts.description)
        device.present("object_id", facts.objectID?.description ?? "")
        device.present("location", facts.location)
        device.present("contact", facts.contact)
        device.present("engine_id", facts.engineID ?? "")
        device.member("uptime_s", facts.uptime)
    }

    private static func write(_ interface: Interface, _ sample: InterfaceSample, to writer: inout JSONWriter) {
        writer.member("index", Int64(interface.index))
        writer.present("name", interface.name)
        writer.present("description", interface.description)
        writer.present("alias", interface.alias)
        writer.present("type", interface.type)
        writer.member("mtu", interface.mtu)
        writer.member("speed_bps", interface.speed)
        writer.present("mac", interface.mac?.description ?? "")
        writer.present("admin", interface.admin?.name ?? "")
        writer.present("oper", interface.oper?.name ?? "")
        writer.member("vlan", interface.vlan.map { Int64($0) })
        writer.member("aggregate", interface.aggregate.map { Int64($0) })
        writer.member("last_change_s", interface.lastChange)
        guard sample.present != 0 else { return }
        writer.object("counters") { counters in
            for counter in InterfaceCounter.allCases { counters.member(counter.name, sample[counter]) }
            let octets = UInt16(1) << UInt16(InterfaceCounter.inOctets.rawValue)
            counters.member("bits", sample.wide & octets != 0 ? 64 : 32 as Int64)
        }
    }

    private static func write(_ sensor: SensorReading, to writer: inout JSONWriter) {
        writer.member("class", sensor.sensorClass.rawValue)
        writer.member("name", sensor.name)
        writer.member("value", sensor.value)
        writer.present("state", sensor.state?.rawValue ?? "")
        writer.member("raw", sensor.raw)
        writer.present("text", sensor.text ?? "")
        writer.member("oid", sensor.oid.description)
    }

    private static func write(_ gauge: Gauge, to writer: inout JSONWriter) {
        writer.member("name", gauge.name)
        writer.present("type", gauge.type ?? "")
        writer.member(gauge.kind == .processor ? "usage_percent" : "used_percent", gauge.usedPercent)
        writer.member("used_bytes", gauge.usedBytes)
        writer.member("total_bytes", gauge.totalBytes)
        writer.member("oid", gauge.oid.description)
    }

    private static func write(_ item: InventoryItem, to writer: inout JSONWriter) {
        writer.member("index", Int64(item.index))
        writer.member("parent", item.parent.map { Int64($0) })
        for field in InventoryField.allCases { writer.present(field.rawValue, item[field]) }
    }
}
