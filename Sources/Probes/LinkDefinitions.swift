import Campus

/// What a definition says of a device's links: neighbours, VLANs, learned addresses, optics, managed radios.
struct LinkDefinitions: Sendable {
    var neighbors: [NeighborDefinition] = []
    var vlans: [VLANDefinition] = []
    var forwarding: [ForwardingDefinition] = []
    var arp: [AddressMappingDefinition] = []
    var addresses: [InterfaceAddressDefinition] = []
    var transceivers: [TransceiverDefinition] = []
    var accessPoints: [AccessPointDefinition] = []
    var ports: [PortDefinition] = []
}

/// The columns that tell an entry's interface: the first that one fits wins.
typealias InterfaceColumns = [ColumnReference]

/// Rows of a discovery protocol's table of remote systems.
struct NeighborDefinition: Sendable {
    /// An identifier whose octets mean what another column says: `mac`, `address`, or else text.
    struct Identifier: Sendable {
        var text: [NameTemplate] = []
        var octets: ColumnReference?
        var kind: ColumnReference?
    }

    var source: RowSource
    var discoveryProtocol: String
    var interface: InterfaceColumns
    /// What is shown where no interface fits.
    var localText: [NameTemplate] = []
    var remoteName: [NameTemplate] = []
    var remotePort = Identifier()
    var remoteChassis = Identifier()
    var remoteDescription: [NameTemplate] = []
    var remoteAddress: [ColumnReference] = []
    var capabilities: [CapabilityDefinition] = []
}

/// A column of BITS or of a number in which each bit names a capability.
struct CapabilityDefinition: Sendable {
    var column: ColumnReference
    /// Bit to word; bit 0 is the highest of an OCTET STRING's first octet, the lowest of a number.
    var words: [(bit: Int, word: String)]
}

/// Rows that name a VLAN.
struct VLANDefinition: Sendable {
    var source: RowSource
    var id: ColumnReference
    var name: [NameTemplate]
}

/// Rows of a bridge's table of learned addresses.
struct ForwardingDefinition: Sendable {
    var source: RowSource
    var mac: ColumnReference
    /// The first that is present.
    var vlan: [ColumnReference]
    var interface: InterfaceColumns
}

/// Rows that tell which MAC an address has.
struct AddressMappingDefinition: Sendable {
    var source: RowSource
    /// The first that is one.
    var address: [ColumnReference]
    var mac: ColumnReference
    var interface: InterfaceColumns
}

/// Rows that tell the device's own addresses.
struct InterfaceAddressDefinition: Sendable {
    var source: RowSource
    /// The first that is one.
    var address: [ColumnReference]
    /// A length, a netmask, or an identifier that ends in a length (ipAddressPrefix).
    var prefix: ColumnReference?
    var interface: InterfaceColumns
}

/// Rows that each tell of a pluggable optic.
struct TransceiverDefinition: Sendable {
    var source: RowSource
    var interface: InterfaceColumns
    var vendor: [NameTemplate]
    var model: [NameTemplate]
    var serial: [NameTemplate]
}

/// Rows of a wireless controller's table of access points.
struct AccessPointDefinition: Sendable {
    var source: RowSource
    var name: [NameTemplate]
    var mac: ColumnReference?
    var address: ColumnReference?
    var model: [NameTemplate]
    var serial: [NameTemplate]
    var version: [NameTemplate]
    var location: [NameTemplate]
    var clients: Operand?
    var state: ColumnReference?
    var states: [String: SensorDefinition.State] = [:]
}

/// Rows that add facts to interfaces which another table lists.
struct PortDefinition: Sendable {
    var source: RowSource
    var interface: InterfaceColumns
    /// The VLAN of frames without a tag (dot1qPvid).
    var vlan: ColumnReference?
    /// What tells the aggregation that the interface is a member of.
    var aggregate: InterfaceColumns = []
}
