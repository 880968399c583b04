/// A notification as evidence takes it.
package struct TrapRecord: Hashable, Sendable {
    package var at: Timestamp
    /// The device that it speaks of; nil for a sender that is none of ours.
    package var device: DeviceID?
    package var source: IPAddress
    /// snmpTrapOID.
    package var identifier: ObjectIdentifier
    /// The MIB's name, or the identifier where no definition names it.
    package var name: String
    package var severity: Severity
    package var title: (zh: String, en: String) {
        get { (titleZH, titleEN) }
        set { (titleZH, titleEN) = newValue }
    }
    private var titleZH = ""
    private var titleEN = ""
    /// ifIndex of the interface that it names (IF-MIB's link traps and others that carry one).
    package var interfaceIndex: UInt32?
    /// `1`, `2c` or `3`.
    package var version: String
    /// `noAuthNoPriv`, `authNoPriv`, `authPriv`; empty below v3.
    package var securityLevel: String
    /// The bindings as `object=value; …`, cut to a bound.
    package var detail: String

    package init(
        at: Timestamp, device: DeviceID?, source: IPAddress, identifier: ObjectIdentifier, name: String, severity: Severity,
        version: String, securityLevel: String = "", detail: String = ""
    ) {
        self.at = at
        self.device = device
        self.source = source
        self.identifier = identifier
        self.name = name
        self.severity = severity
        self.version = version
        self.securityLevel = securityLevel
        self.detail = detail
    }

    /// `device/3f2a…/interface/52`, `device/3f2a…`, or `host/10.1.60.7` for a sender that is none of ours.
    package var subject: String {
        guard let device else { return "host/\(source)" }
        return interfaceIndex.map { "device/\(device)/interface/\($0)" } ?? "device/\(device)"
    }
}
