package import Campus

/// A trap or inform that was believed: its community or user is one of ours.
package struct SNMPNotification: Sendable {
    /// Who sent the datagram; of an SNMPv1 trap that a proxy passed on, agent-addr (RFC 3584 §3.1).
    package var source: IPAddress
    package var version: SNMPCredential.Version
    /// `noAuthNoPriv`, `authNoPriv` or `authPriv`; empty below v3.
    package var securityLevel: String
    package var isInform: Bool
    /// snmpTrapOID; of an SNMPv1 trap as RFC 3584 §3.1 makes it.
    package var trap: ObjectIdentifier
    /// sysUpTime in seconds.
    package var uptime: Double?
    /// All bindings but sysUpTime.0 and snmpTrapOID.0.
    package var bindings: VariableBindings
    /// The sender's engine id; v3 traps only.
    package var engineID: [UInt8]?

    package init(
        source: IPAddress, version: SNMPCredential.Version, securityLevel: String, isInform: Bool, trap: ObjectIdentifier,
        uptime: Double? = nil, bindings: VariableBindings
    ) {
        self.source = source
        self.version = version
        self.securityLevel = securityLevel
        self.isInform = isInform
        self.trap = trap
        self.uptime = uptime
        self.bindings = bindings
    }
}

/// What a listener counted since it began; each datagram is counted once.
package struct NotificationCounts: Hashable, Sendable {
    package var accepted = 0
    /// Not SNMP, or not whole.
    package var malformed = 0
    /// A community or user that is none of ours, a wrong digest, a message out of its time.
    package var refused = 0
    /// Beyond what one source may send, or what waits to be read.
    package var limited = 0

    package init() {}
}

extension ObjectIdentifier {
    /// SNMPv2-MIB's notifications (RFC 3418 §2), which SNMPv1's generic traps 0 to 5 become.
    package static let standardTraps: ObjectIdentifier = "1.3.6.1.6.3.1.1.5"
    package static let coldStart: ObjectIdentifier = "1.3.6.1.6.3.1.1.5.1"
    package static let warmStart: ObjectIdentifier = "1.3.6.1.6.3.1.1.5.2"
    package static let linkDown: ObjectIdentifier = "1.3.6.1.6.3.1.1.5.3"
    package static let linkUp: ObjectIdentifier = "1.3.6.1.6.3.1.1.5.4"
    package static let authenticationFailure: ObjectIdentifier = "1.3.6.1.6.3.1.1.5.5"
}
