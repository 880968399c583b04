/// What a device says of the one at the other end of a wire (LLDP, IEEE 802.1AB; CDP and its kin).
package struct Neighbor: Hashable, Sendable {
    /// `lldp`, `cdp`, `edp`, `fdp`, `ndp`, …
    package var discoveryProtocol: String
    /// ifIndex of the own port; nil when no interface fits what the device names.
    package var localIndex: UInt32?
    /// The interface's name; the text that the device gives where no interface fits.
    package var localInterface = ""
    /// lldpRemSysName, cdpCacheDeviceId.
    package var remoteName = ""
    /// lldpRemPortId (a MAC as `00:11:22:33:44:55`) or lldpRemPortDesc, cdpCacheDevicePort.
    package var remotePort = ""
    /// lldpRemChassisId, a MAC as `00:11:22:33:44:55`.
    package var remoteChassis = ""
    /// lldpRemSysDesc, cdpCachePlatform.
    package var remoteDescription = ""
    /// The management address it announces.
    package var remoteAddress: IPAddress?
    /// LldpSystemCapabilitiesMap's words that are set: `bridge`, `router`, `wlanAccessPoint`, `telephone`, …
    package var capabilities: [String] = []

    package init(discoveryProtocol: String) { self.discoveryProtocol = discoveryProtocol }
}

/// A VLAN that a device has (IEEE 802.1Q, 1–4094).
package struct VLAN: Hashable, Sendable {
    package var id: Int
    package var name: String

    package init(id: Int, name: String) {
        self.id = id
        self.name = name
    }
}

/// A learned address of a bridge (dot1dTpFdbTable, dot1qTpFdbTable).
package struct ForwardingEntry: Hashable, Sendable {
    package var mac: MACAddress
    /// The VLAN's number; nil where the bridge does not tell.
    package var vlan: Int?
    /// ifIndex of the port behind which it was learned; nil when the bridge-port table lacks it.
    package var interfaceIndex: UInt32?

    package init(mac: MACAddress, vlan: Int? = nil, interfaceIndex: UInt32? = nil) {
        self.mac = mac
        self.vlan = vlan
        self.interfaceIndex = interfaceIndex
    }
}

/// Which MAC an IP address has (ipNetToMediaTable, ipNetToPhysicalTable; ARP and Neighbour Discovery).
package struct AddressMapping: Hashable, Sendable {
    package var address: IPAddress
    package var mac: MACAddress
    package var interfaceIndex: UInt32?

    package init(address: IPAddress, mac: MACAddress, interfaceIndex: UInt32? = nil) {
        self.address = address
        self.mac = mac
        self.interfaceIndex = interfaceIndex
    }
}

/// An address of the device itself (ipAddrTable, ipAddressTable).
package struct InterfaceAddress: Hashable, Sendable {
    package var address: IPAddress
    package var prefixLength: Int
    package var interfaceIndex: UInt32?

    package init(address: IPAddress, prefixLength: Int, interfaceIndex: UInt32? = nil) {
        self.address = address
        self.prefixLength = prefixLength
        self.interfaceIndex = interfaceIndex
    }
}

/// A pluggable optic and its port.
package struct Transceiver: Hashable, Sendable {
    package var interfaceIndex: UInt32
    package var vendor = ""
    package var model = ""
    package var serial = ""

    package init(interfaceIndex: UInt32) { self.interfaceIndex = interfaceIndex }
}

/// A radio unit that a wireless controller manages.
package struct AccessPoint: Hashable, Sendable {
    package var name = ""
    package var mac: MACAddress?
    package var address: IPAddress?
    package var model = ""
    package var serial = ""
    package var version = ""
    /// Where the controller says it is: a group, a location.
    package var location = ""
    package var state: SensorState = .unknown
    package var clients: Int?
    /// The instance that it was read from; its identity beside the controller.
    package var oid: ObjectIdentifier

    package init(oid: ObjectIdentifier) { self.oid = oid }
}
