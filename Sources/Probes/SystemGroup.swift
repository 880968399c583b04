package import Campus

/// The instances of SNMPv2-MIB's system group (RFC 3418) and snmpEngineID (RFC 3411) that tell one device from another.
package enum SystemGroup {
    package static let description: ObjectIdentifier = "1.3.6.1.2.1.1.1.0"
    package static let objectID: ObjectIdentifier = "1.3.6.1.2.1.1.2.0"
    package static let uptime: ObjectIdentifier = "1.3.6.1.2.1.1.3.0"
    package static let contact: ObjectIdentifier = "1.3.6.1.2.1.1.4.0"
    package static let name: ObjectIdentifier = "1.3.6.1.2.1.1.5.0"
    package static let location: ObjectIdentifier = "1.3.6.1.2.1.1.6.0"
    package static let engineID: ObjectIdentifier = "1.3.6.1.6.3.10.2.1.1.0"

    package static let scalars = [description, objectID, uptime, contact, name, location, engineID]
}
