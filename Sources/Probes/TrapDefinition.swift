package import Campus
import Definitions

/// A notification that a device may send, and what it means for people.
package struct TrapDefinition: Sendable {
    /// snmpTrapOID as SNMPv2 has it; of an SNMPv1 trap enterprise.0.specific (RFC 3584 §3).
    package var identifier: ObjectIdentifier
    /// The MIB's name, e.g. `upsOnBattery`.
    package var name: String
    package var severity: Severity
    package var title: (zh: String, en: String)
}

extension TrapDefinition {
    init?(_ fields: Reader, _ problems: Problems) {
        defer { fields.finish() }
        guard let text = fields.requiredString("oid"), let name = fields.requiredString("name"),
            let identifier = ObjectIdentifier(text, at: fields.element("oid") ?? fields.element, problems)
        else { return nil }
        self.identifier = identifier
        self.name = name
        severity = fields.choice("severity", Severity.self) ?? .info
        title = fields.texts("title") ?? (name, name)
    }
}
