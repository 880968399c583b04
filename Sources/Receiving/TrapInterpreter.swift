package import Campus
package import Probes
package import SNMP

/// What a notification means: its name and severity by the definitions, its device by the address that it came from.
package struct TrapInterpreter: Sendable {
    /// Bindings and characters of each that are kept.
    private static let maximumBindings = 16
    private static let maximumCharacters = 200
    private static let ifEntry: ObjectIdentifier = "1.3.6.1.2.1.2.2.1"
    private static let ifXEntry: ObjectIdentifier = "1.3.6.1.2.1.31.1.1.1"

    private let definitions: [ObjectIdentifier: TrapDefinition]
    /// Every address that is a device's own.
    package var devices: [IPAddress: DeviceID]

    package init(traps: [TrapDefinition], devices: [IPAddress: DeviceID] = [:]) {
        definitions = Dictionary(traps.map { ($0.identifier, $0) }, uniquingKeysWith: { first, _ in first })
        self.devices = devices
    }

    package func record(of notification: SNMPNotification, at: Timestamp) -> TrapRecord {
        let definition = self.definition(of: notification.trap)
        var record = TrapRecord(
            at: at, device: devices[notification.source], source: notification.source, identifier: notification.trap,
            name: definition?.name ?? notification.trap.description, severity: definition?.severity ?? .info,
            version: notification.version.rawValue, securityLevel: notification.securityLevel,
            detail: Self.detail(notification.bindings))
        record.title = definition?.title ?? (record.name, record.name)
        record.interfaceIndex = Self.interface(notification.bindings)
        return record
    }

    /// RFC 3584 §3.1 puts a 0 before the number of an SNMPv1 trap; some MIBs of that time are written without it.
    private func definition(of trap: ObjectIdentifier) -> TrapDefinition? {
        if let known = definitions[trap] { return known }
        var arcs = trap.arcs
        guard arcs.count > 2 else { return nil }
        if arcs[arcs.count - 2] == 0 { arcs.remove(at: arcs.count - 2) } else { arcs.insert(0, at: arcs.count - 1) }
        return definitions[ObjectIdentifier(arcs)]
    }

    /// The index of the first ifTable or ifXTable object among the bindings.
    private static func interface(_ bindings: VariableBindings) -> UInt32? {
        for binding in 0..<bindings.count {
            for entry in [ifEntry, ifXEntry] {
                if let rest = bindings.index(binding, after: entry), rest.count == 2 { return rest.last }
            }
        }
        return nil
    }

    private static func detail(_ bindings: VariableBindings) -> String {
        (0..<min(bindings.count, maximumBindings)).map { binding in
            let name = bindings.name(binding).map { String($0) }.joined(separator: ".")
            return "\(name)=\(text(bindings, binding).prefix(maximumCharacters))"
        }.joined(separator: "; ")
    }

    private static func text(_ bindings: VariableBindings, _ binding: Int) -> String {
        switch bindings.value(binding) {
        case .octets(let bytes), .opaque(let bytes): SNMPText.decoded(bytes[...])
        case .objectIdentifier(let identifier): identifier.description
        case .ipAddress(let address): IPAddress(v4: address).description
        case .counter64(let number): String(number)
        default: bindings.integer(binding).map { String($0) } ?? ""
        }
    }
}
