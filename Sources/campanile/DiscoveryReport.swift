import Agent
import Campus
import Evidence
import Polling
import Reporting
import Topology

/// What a sweep found, for people and programs.
enum DiscoveryReport {
    static func text(_ discovery: Discovery) -> String {
        let progress = discovery.result.progress
        let addresses = progress.asked == 1 ? "1 address" : "\(progress.asked) addresses"
        var text = "\(addresses) asked in \(Figures.rounded(discovery.result.duration.inSeconds, decimals: 1)) s: "
        text += "\(progress.answered) answered, \(Figures.several(discovery.devices.count, "device")) read\n"
        if !discovery.devices.isEmpty { text += "\n" + table(discovery.devices) + "\n" + drawing(discovery).text }
        text += silent(discovery) + proposals(discovery)
        return text
    }

    static func table(_ devices: [DiscoveredDevice]) -> String {
        let rows = devices.map { device in
            let facts = device.facts
            return [
                device.address.description, device.name, facts.vendor, facts.model, facts.version, facts.kind,
                device.layer?.rawValue ?? "",
                device.place ?? facts.location, "\(device.credential) (v\(device.snmpVersion))",
            ]
        }
        let columns = ["address", "name", "vendor", "model", "version", "kind", "layer", "place", "credential"]
        return TextTable(columns: columns, rows: rows, cellLimit: 32).text
    }

    private static func drawing(_ discovery: Discovery) -> NetworkDrawing {
        NetworkDrawing(
            discovery.map,
            nodes: discovery.devices.map { device in
                NetworkDrawing.Node(
                    id: device.id.text, name: device.name, address: device.address.description, kind: device.facts.kind,
                    model: device.facts.model, place: device.place ?? "")
            })
    }

    private static func silent(_ discovery: Discovery) -> String {
        let silent = discovery.result.silent
        guard !silent.isEmpty else { return "" }
        var text = "\nanswers, but let none of the credentials in:\n"
        for (address, reason) in silent.prefix(20) { text += "  \(address.description.padded(to: 15))  \(reason.printable)\n" }
        return text + (silent.count > 20 ? "  and \(silent.count - 20) more\n" : "")
    }

    private static func proposals(_ discovery: Discovery) -> String {
        var lines: [String] = []
        for device in discovery.additions { lines.append("+ add     \(device.name)  \(device.address)") }
        for merge in discovery.merges {
            lines.append("= merge   \(merge.addresses.map(\.description).joined(separator: ", ")) into \(merge.declared.name)")
        }
        for change in discovery.changes {
            lines.append("~ change  \(change.device.name)  \(change.what): \(change.before) → \(change.after)")
        }
        for device in discovery.unanswered { lines.append("- silent  \(device.name)  \(device.address)") }
        for note in discovery.notes { lines.append("! \(note)") }
        return lines.isEmpty ? "" : "\n" + lines.map { $0.printable + "\n" }.joined()
    }

    // MARK: JSON

    static func json(_ discovery: Discovery) -> JSONValue {
        let progress = discovery.result.progress
        return .members([
            "status": .text(discovery.devices.isEmpty ? "nothing found" : "ok"), "addresses": .integer(Int64(progress.asked)),
            "answered": .integer(Int64(progress.answered)), "seconds": .number(discovery.result.duration.inSeconds),
            "devices": .array(
                zip(discovery.devices, discovery.result.devices).map { device, swept in
                    guard case .object(let members) = json(device) else { return .null }
                    return .object(members + [.init("also_at", .array(swept.alsoAt.map { .text($0.description) }))])
                }),
            "add": .array(discovery.additions.map { .text($0.address.description) }),
            "merge": .array(
                discovery.merges.map {
                    .members([
                        "device": .text($0.declared.name), "addresses": .array($0.addresses.map { .text($0.description) }),
                    ])
                }),
            "change": .array(
                discovery.changes.map {
                    .members([
                        "device": .text($0.device.name), "what": .text($0.what), "before": .text($0.before),
                        "after": .text($0.after),
                    ])
                }),
            "silent": .array(discovery.unanswered.map { .text($0.address.description) }),
            "refused": .array(
                discovery.result.silent.map { .members(["address": .text($0.address.description), "reason": .text($0.reason)]) }),
            "notes": .array(discovery.notes.map { .text($0) }), "topology": drawing(discovery).json,
        ])
    }

    static func json(_ device: DiscoveredDevice) -> JSONValue {
        .members([
            "id": .text(device.id.text), "address": .text(device.address.description), "port": .integer(Int64(device.port)),
            "name": .text(device.name), "credential": .text(device.credential), "snmp_version": .text(device.snmpVersion),
            "vendor": .text(device.facts.vendor), "model": .text(device.facts.model), "version": .text(device.facts.version),
            "serial": .text(device.facts.serial), "os": .text(device.facts.os), "kind": .text(device.facts.kind),
            "location": .text(device.facts.location), "place": .optional(device.place),
            "layer": .optional(device.layer?.rawValue),
        ])
    }
}
