/// An interface of a device; the index is absent where only the other end told of it.
package struct PortName: Hashable, Sendable {
    package var device: DeviceID
    package var index: UInt32?
    package var name: String

    package init(device: DeviceID, index: UInt32?, name: String) {
        self.device = device
        self.index = index
        self.name = name
    }
}

/// Two devices that are next to each other.
package struct Link: Hashable, Sendable {
    /// The end with the lower id.
    package var a: PortName
    package var b: PortName
    /// `lldp`, `cdp`, …; `forwarding` where it was told from learned addresses.
    package var source: String
    /// Whether both ends say so.
    package var isConfirmed: Bool

    package init(a: PortName, b: PortName, source: String, isConfirmed: Bool) {
        self.a = a
        self.b = b
        self.source = source
        self.isConfirmed = isConfirmed
    }

    package func end(of device: DeviceID) -> PortName { a.device == device ? a : b }
    package func other(than device: DeviceID) -> PortName { a.device == device ? b : a }
}

/// What a port is there for, told from what hangs on it.
package enum PortRole: String, CaseIterable, Sendable {
    /// Towards the host that watches.
    case uplink
    /// To another bridge or router.
    case trunk
    /// An aggregation, or a member of one, to something that is none of these.
    case lag
    case accessPoint = "access-point"
    case camera
    case server
    /// To a neighbour that names itself and is no end station.
    case neighbor
    case access
}

/// Where an address hangs.
package struct HostPlace: Hashable, Sendable {
    package var mac: MACAddress
    package var vlan: Int?
    package var device: DeviceID
    package var index: UInt32
    /// False where the port leads to another device, so that the host is somewhere behind it.
    package var isExact: Bool

    package init(mac: MACAddress, vlan: Int?, device: DeviceID, index: UInt32, isExact: Bool) {
        self.mac = mac
        self.vlan = vlan
        self.device = device
        self.index = index
        self.isExact = isExact
    }
}

/// How a device is reached from the viewpoint.
package struct DevicePath: Hashable, Sendable {
    /// The next device on a shortest way to the viewpoint; nil for the first one.
    package var parent: DeviceID?
    /// The nearest device without which this one cannot be reached; nil where every way goes round all others.
    package var dependsOn: DeviceID?
    /// Devices on the way; 0 for the first one.
    package var distance: Int

    package init(parent: DeviceID?, dependsOn: DeviceID?, distance: Int) {
        self.parent = parent
        self.dependsOn = dependsOn
        self.distance = distance
    }
}

/// A neighbour that no device of the survey is.
package struct Stranger: Hashable, Sendable {
    package var port: PortName
    package var neighbor: Neighbor

    package init(port: PortName, neighbor: Neighbor) {
        self.port = port
        self.neighbor = neighbor
    }
}

/// The map of a campus: pure values told from the reports of its devices.
package struct CampusMap: Sendable {
    package var links: [Link] = []
    package var strangers: [Stranger] = []
    package var hosts: [HostPlace] = []
    /// Only ports of which something is known.
    package var roles: [DeviceID: [UInt32: PortRole]] = [:]
    package var paths: [DeviceID: DevicePath] = [:]
    /// Which device each neighbour is that a device names.
    package var neighbors: [DeviceID: [Neighbor: DeviceID]] = [:]
    /// The device at the viewpoint, where the ways begin; nil where it is not known, and they begin at the device with the most
    /// links.
    package var root: DeviceID?

    package init() {}
}
