package import Campus
package import SNMP

/// One device to poll: what was declared of it, and what it is to be asked with.
package struct PolledDevice: Sendable {
    package var id: DeviceID
    package var declared: DeclaredDevice
    /// nil: the device is only looked for by ICMP and TCP.
    package var credential: SNMPCredential?

    package init(id: DeviceID, declared: DeclaredDevice, credential: SNMPCredential?) {
        self.id = id
        self.declared = declared
        self.credential = credential
    }

    package var target: SNMPTarget? {
        credential.map { SNMPTarget(address: declared.address, port: declared.port, credential: $0) }
    }
}
