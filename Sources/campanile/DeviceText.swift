import Campus
import Reporting

/// One poll of one device, for people.
enum DeviceText {
    static func text(_ report: DeviceReport, target: String, duration: Duration, pdus: Int) -> String {
        let facts = report.facts
        let pairs = [
            ("name", facts.name), ("description", facts.description), ("object id", facts.objectID?.description ?? ""),
            ("os", facts.os),
            ("vendor", facts.vendor), ("model", facts.model), ("version", facts.version), ("serial", facts.serial),
            ("location", facts.location), ("contact", facts.contact), ("engine id", facts.engineID ?? ""),
            ("uptime", facts.uptime.map { Figures.span($0, language: .en) } ?? ""),
        ]
        var text = "\(target): answered in \(Figures.rounded(duration.inSeconds, decimals: 3)) s with \(pdus) PDUs\n"
        for (name, value) in pairs where !value.isEmpty {
            text += "\(name.padded(to: 12)) \(value.printable.truncated(to: 110))\n"
        }
        text += interfaces(report) + sensors(report) + gauges(report) + inventory(report)
        for error in report.errors { text += "not read: \(error.printable.truncated(to: 160))\n" }
        return text
    }

    private static func interfaces(_ report: DeviceReport) -> String {
        guard !report.interfaces.isEmpty else { return "" }
        let rows = report.interfaces.enumerated().map { position, interface in
            let sample = position < report.samples.count ? report.samples[position] : InterfaceSample(index: interface.index)
            return [
                "\(interface.index)", interface.name, interface.alias == interface.name ? "" : interface.alias, interface.type,
                interface.admin?.name ?? "", interface.oper?.name ?? "",
                interface.speed.map { Figures.bitRate(Double($0)) } ?? "",
                sample[.inOctets].map { Figures.bytes(Double($0)) } ?? "",
                sample[.outOctets].map { Figures.bytes(Double($0)) } ?? "",
            ]
        }
        let columns = ["index", "interface", "alias", "type", "admin", "oper", "speed", "in", "out"]
        return "\n" + TextTable(columns: columns, rows: rows, numeric: [0, 6, 7, 8], cellLimit: 32).text
    }

    private static func sensors(_ report: DeviceReport) -> String {
        guard !report.sensors.isEmpty else { return "" }
        let rows = report.sensors.map { sensor in
            let value = sensor.value.map { "\(Figures.rounded($0, decimals: 2)) \(sensor.sensorClass.unit)" }
            return [sensor.sensorClass.rawValue, sensor.name, value ?? sensor.text ?? "", sensor.state?.rawValue ?? ""]
        }
        return "\n" + TextTable(columns: ["sensor", "name", "value", "state"], rows: rows, numeric: [2]).text
    }

    private static func gauges(_ report: DeviceReport) -> String {
        guard !report.gauges.isEmpty else { return "" }
        let rows = report.gauges.map { gauge in
            let used = gauge.usedBytes.map { Figures.bytes(Double($0)) } ?? ""
            return [
                gauge.kind.rawValue, gauge.name, gauge.usedPercent.map(Figures.percent) ?? "", used,
                gauge.totalBytes.map { Figures.bytes(Double($0)) } ?? "",
            ]
        }
        return "\n" + TextTable(columns: ["gauge", "name", "used", "bytes", "of"], rows: rows, numeric: [2, 3, 4]).text
    }

    private static func inventory(_ report: DeviceReport) -> String {
        guard !report.inventory.isEmpty else { return "" }
        let rows = report.inventory.map { [$0.itemClass, $0.name, $0.model, $0.serial, $0.software] }
        return "\n" + TextTable(columns: ["part", "name", "model", "serial", "software"], rows: rows, cellLimit: 40).text
    }
}
