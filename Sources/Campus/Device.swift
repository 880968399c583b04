/// A device's stable name in the store, derived from engine id, chassis serial or base MAC; never from its name or address.
///
/// Until one of those has been read the id is derived from the configured address and replaced at the first full poll.
package struct DeviceID: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    package let text: String

    package init(_ text: String) { self.text = text }

    package init(from decoder: any Decoder) throws {
        text = try decoder.singleValueContainer().decode(String.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    package var description: String { text }
    package static func < (left: DeviceID, right: DeviceID) -> Bool { left.text < right.text }
}

/// The part a device plays; availability indicators are told by layer.
package enum Layer: String, CaseIterable, Sendable, Codable {
    case core, aggregation, access, wireless, egress, security, server, power, room, endpoint
}

/// A device as the administrator declared it.
package struct DeclaredDevice: Hashable, Sendable {
    package var address: IPAddress
    package var port: UInt16
    /// The administrator's label; the address when none was given.
    package var name: String
    package var layer: Layer?
    package var place: String?
    package var owner: String?
    /// The name of a credential, never the credential.
    package var credential: String?
    package var tags: [String]
    /// Interfaces that matter when they go down although nothing marks them as uplinks, by name.
    package var watch: [String]
    /// Whether the device lies in the management zone (等保 8.1.4.1-c reads SNMPv2c there as partial).
    package var managementZone: Bool

    package init(
        address: IPAddress, port: UInt16 = 161, name: String? = nil, layer: Layer? = nil, place: String? = nil,
        owner: String? = nil, credential: String? = nil, tags: [String] = [], watch: [String] = [], managementZone: Bool = false
    ) {
        self.address = address
        self.port = port
        self.name = name ?? address.description
        self.layer = layer
        self.place = place
        self.owner = owner
        self.credential = credential
        self.tags = tags
        self.watch = watch
        self.managementZone = managementZone
    }
}

/// IF-MIB ifAdminStatus and ifOperStatus (RFC 2863) by their numbers.
package enum InterfaceStatus: UInt8, Sendable, Codable, CaseIterable {
    case up = 1, down, testing, unknown, dormant, notPresent, lowerLayerDown

    package var name: String {
        switch self {
        case .up: "up"
        case .down: "down"
        case .testing: "testing"
        case .unknown: "unknown"
        case .dormant: "dormant"
        case .notPresent: "notPresent"
        case .lowerLayerDown: "lowerLayerDown"
        }
    }
}

/// What rarely changes of an interface (ifTable, ifXTable, dot1q).
package struct Interface: Hashable, Sendable {
    package var index: UInt32
    package var name: String
    package var description: String
    package var alias: String
    /// IANAifType's name, e.g. `ethernetCsmacd`.
    package var type: String
    package var mtu: Int64?
    /// bit/s; ifHighSpeed where ifSpeed cannot tell.
    package var speed: UInt64?
    package var mac: MACAddress?
    package var admin: InterfaceStatus?
    package var oper: InterfaceStatus?
    package var vlan: Int?
    /// ifIndex of the aggregation that the port is a member of (dot3adAggPortAttachedAggID).
    package var aggregate: UInt32?
    /// sysUpTime at the last change of oper, in seconds (ifLastChange).
    package var lastChange: Double?

    package init(index: UInt32, name: String = "", description: String = "", alias: String = "", type: String = "") {
        self.index = index
        self.name = name
        self.description = description
        self.alias = alias
        self.type = type
    }
}

/// The counters of one interface, in the order in which they are stored.
package enum InterfaceCounter: Int, CaseIterable, Sendable {
    case inOctets, outOctets, inUcastPackets, outUcastPackets, inMulticastPackets, outMulticastPackets
    case inBroadcastPackets, outBroadcastPackets, inErrors, outErrors, inDiscards, outDiscards, inUnknownProtocols

    /// As the export names it.
    package var name: String {
        switch self {
        case .inOctets: "in_octets"
        case .outOctets: "out_octets"
        case .inUcastPackets: "in_ucast_packets"
        case .outUcastPackets: "out_ucast_packets"
        case .inMulticastPackets: "in_multicast_packets"
        case .outMulticastPackets: "out_multicast_packets"
        case .inBroadcastPackets: "in_broadcast_packets"
        case .outBroadcastPackets: "out_broadcast_packets"
        case .inErrors: "in_errors"
        case .outErrors: "out_errors"
        case .inDiscards: "in_discards"
        case .outDiscards: "out_discards"
        case .inUnknownProtocols: "in_unknown_protocols"
        }
    }
}

/// One interface at one poll: plain numbers, so that a thousand devices cost one array each.
package struct InterfaceSample: Sendable {
    package var index: UInt32
    package var admin: InterfaceStatus = .unknown
    package var oper: InterfaceStatus = .unknown
    /// Bit n: counter n was answered.
    package var present: UInt16 = 0
    /// Bit n: counter n came from a 64-bit column.
    package var wide: UInt16 = 0
    /// ifCounterDiscontinuityTime in hundredths of a second; 0 when absent.
    package var discontinuity: UInt32 = 0
    /// bit/s; 0 when not known.
    package var speed: UInt64 = 0
    package var counters: InlineArray<13, UInt64> = .init(repeating: 0)

    package init(index: UInt32) { self.index = index }

    package subscript(_ counter: InterfaceCounter) -> UInt64? {
        get { present & (1 << UInt16(counter.rawValue)) == 0 ? nil : counters[counter.rawValue] }
        set {
            let bit = UInt16(1) << UInt16(counter.rawValue)
            present = newValue == nil ? present & ~bit : present | bit
            counters[counter.rawValue] = newValue ?? 0
        }
    }
}

/// What two polls of one interface say: per second, except that a rate that could not be known is absent.
package struct InterfaceRate: Sendable {
    package var index: UInt32
    package var admin: InterfaceStatus = .unknown
    package var oper: InterfaceStatus = .unknown
    /// Why rates are absent, when they are.
    package var gap: RateGap?
    /// Bit n: rate n is known.
    package var present: UInt16 = 0
    /// bit/s; 0 when not known.
    package var speed: UInt64 = 0
    /// By `InterfaceCounter`: octets are given as **bit/s**, all others as 1/s.
    package var rates: InlineArray<13, Double> = .init(repeating: 0)

    package init(index: UInt32) { self.index = index }

    package subscript(_ counter: InterfaceCounter) -> Double? {
        get { present & (1 << UInt16(counter.rawValue)) == 0 ? nil : rates[counter.rawValue] }
        set {
            let bit = UInt16(1) << UInt16(counter.rawValue)
            present = newValue == nil ? present & ~bit : present | bit
            rates[counter.rawValue] = newValue ?? 0
        }
    }
}

/// Why a rate is not known although two polls answered.
package enum RateGap: UInt8, Sendable, Codable, CaseIterable {
    case firstPoll = 1, reboot, discontinuity, tooLong, impossible
}

/// Sensor classes of the export, each with its unit.
package enum SensorClass: String, CaseIterable, Sendable, Codable {
    case temperature, humidity, charge, load, percent, voltage, current, power
    case powerConsumed = "power_consumed"
    case powerFactor = "power_factor"
    case frequency, runtime, fanspeed, pressure, airflow, waterflow, cooling
    case dbm, signal, snr
    case tvSignal = "tv_signal"
    case bitrate, count, ber, delay, loss
    case qualityFactor = "quality_factor"
    case chromaticDispersion = "chromatic_dispersion"
    case eer, state

    // What radios and their controllers tell; the export lists them under `wireless`, without the prefix.
    case apCount = "wireless_ap-count"
    case clients = "wireless_clients"
    case capacity = "wireless_capacity"
    case utilization = "wireless_utilization"
    case ccq = "wireless_ccq"
    case quality = "wireless_quality"
    case errors = "wireless_errors"
    case errorRatio = "wireless_error-ratio"
    case errorRate = "wireless_error-rate"
    case channel = "wireless_channel"
    case cell = "wireless_cell"
    case mcs = "wireless_mcs"
    case xpi = "wireless_xpi"
    case ssr = "wireless_ssr"
    case rssi = "wireless_rssi"
    case radioPower = "wireless_power"
    case noiseFloor = "wireless_noise-floor"
    case rsrp = "wireless_rsrp"
    case rsrq = "wireless_rsrq"
    case sinr = "wireless_sinr"
    case radioSNR = "wireless_snr"
    case mse = "wireless_mse"
    case rate = "wireless_rate"
    case radioFrequency = "wireless_frequency"
    case distance = "wireless_distance"

    /// The name within `wireless` of the export, e.g. `ap-count`; nil for every other class.
    package var wirelessName: String? {
        rawValue.hasPrefix("wireless_") ? String(rawValue.dropFirst("wireless_".count)) : nil
    }

    /// The unit's symbol; empty for plain numbers and states.
    package var unit: String {
        switch self {
        case .temperature: "°C"
        case .humidity, .charge, .load, .percent: "%"
        case .voltage: "V"
        case .current: "A"
        case .power, .cooling: "W"
        case .powerConsumed: "Wh"
        case .frequency: "Hz"
        case .runtime: "s"
        case .fanspeed: "rpm"
        case .pressure: "Pa"
        case .airflow: "cfm"
        case .waterflow: "l/min"
        case .dbm, .signal: "dBm"
        case .snr: "dB"
        case .tvSignal: "dBmV"
        case .bitrate: "bit/s"
        case .chromaticDispersion: "ps/nm"
        case .capacity, .utilization, .ccq, .quality, .errorRatio: "%"
        case .rssi, .radioPower, .noiseFloor, .rsrp: "dBm"
        case .rsrq, .sinr, .radioSNR, .mse: "dB"
        case .rate: "bit/s"
        case .radioFrequency: "Hz"
        case .distance: "m"
        case .powerFactor, .count, .ber, .delay, .loss, .qualityFactor, .eer, .state, .apCount, .clients, .errors, .errorRate,
            .channel, .cell, .mcs, .xpi, .ssr:
            ""
        }
    }
}

/// How a state sensor is, whatever words the device has for it.
package enum SensorState: String, CaseIterable, Sendable, Codable {
    case ok, warning, critical, unknown
}

/// One sensor with its value at one poll.
package struct SensorReading: Hashable, Sendable {
    package var sensorClass: SensorClass
    package var name: String
    /// In the class's unit; nil for states.
    package var value: Double?
    package var state: SensorState?
    /// The number and the word of a state as the device gives them.
    package var raw: Int64?
    package var text: String?
    /// The instance it was read from; with the class, its identity.
    package var oid: ObjectIdentifier

    package init(
        sensorClass: SensorClass, name: String, value: Double? = nil, state: SensorState? = nil, raw: Int64? = nil,
        text: String? = nil, oid: ObjectIdentifier
    ) {
        self.sensorClass = sensorClass
        self.name = name
        self.value = value
        self.state = state
        self.raw = raw
        self.text = text
        self.oid = oid
    }

    /// `load/1.3.6.1.2.1.33.1.4.4.1.5.1`
    package var id: String { "\(sensorClass.rawValue)/\(oid)" }
}

/// A processor, memory pool, storage volume or a printer's supply (of which the share tells what is left).
package struct Gauge: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable { case processor, memory, storage, supply }

    package var kind: Kind
    package var name: String
    /// Storage only: `fixedDisk`, `flash`, …
    package var type: String?
    /// 0–100.
    package var usedPercent: Double?
    package var usedBytes: UInt64?
    package var totalBytes: UInt64?
    package var oid: ObjectIdentifier

    package init(
        kind: Kind, name: String, type: String? = nil, usedPercent: Double? = nil, usedBytes: UInt64? = nil,
        totalBytes: UInt64? = nil, oid: ObjectIdentifier
    ) {
        self.kind = kind
        self.name = name
        self.type = type
        self.usedPercent = usedPercent
        self.usedBytes = usedBytes
        self.totalBytes = totalBytes
        self.oid = oid
    }

    /// `memory/1.3.6.1.2.1.25.2.3.1.6.1`
    package var id: String { "\(kind.rawValue)/\(oid)" }
}

/// A row of entPhysicalTable (RFC 6933).
package struct InventoryItem: Hashable, Sendable {
    package var index: UInt32
    package var parent: UInt32?
    package var itemClass = ""
    package var name = ""
    package var description = ""
    package var model = ""
    package var serial = ""
    package var vendor = ""
    package var hardware = ""
    package var firmware = ""
    package var software = ""

    package init(index: UInt32) { self.index = index }
}

/// What a device says of itself.
package struct DeviceFacts: Hashable, Sendable {
    /// The family's short name as LibreNMS has it, e.g. `vrp`; empty when no definition matched.
    package var os = ""
    package var vendor = ""
    package var kind = ""
    package var model = ""
    package var version = ""
    package var serial = ""
    package var features = ""
    /// sysName, sysDescr, sysObjectID, sysLocation, sysContact.
    package var name = ""
    package var description = ""
    package var objectID: ObjectIdentifier?
    package var location = ""
    package var contact = ""
    /// sysUpTime in seconds.
    package var uptime: Double?
    /// snmpEngineID in hexadecimal, when the device has one.
    package var engineID: String?

    package init() {}
}

/// All that one full poll learned; the value behind `probe --json` and the evidence tables.
package struct DeviceReport: Sendable {
    package var facts = DeviceFacts()
    package var interfaces: [Interface] = []
    /// Aligned with `interfaces` by index, sorted by it.
    package var samples: [InterfaceSample] = []
    package var sensors: [SensorReading] = []
    package var gauges: [Gauge] = []
    package var inventory: [InventoryItem] = []
    package var neighbors: [Neighbor] = []
    package var vlans: [VLAN] = []
    package var forwarding: [ForwardingEntry] = []
    package var arp: [AddressMapping] = []
    package var addresses: [InterfaceAddress] = []
    package var transceivers: [Transceiver] = []
    package var accessPoints: [AccessPoint] = []
    /// Table by table, what could not be read and why.
    package var errors: [String] = []

    package init() {}
}

/// One round of one device, as evidence takes it.
package struct DevicePoll: Sendable {
    package var device: DeviceID
    package var startedAt: Timestamp
    package var duration: Duration = .zero
    /// How often this device is polled: what `expected` counts are made from.
    package var interval: Duration
    package var state: DeviceState
    /// In English, for people: why the state is not `up`.
    package var reason = ""
    /// Round trip of ICMP echo, when it answered.
    package var latency: Duration?
    package var uptime: Double?
    /// `1`, `2c` or `3`; empty when SNMP did not answer.
    package var snmpVersion = ""
    /// `noAuthNoPriv`, `authNoPriv`, `authPriv`; empty below v3.
    package var securityLevel = ""
    package var pduCount = 0
    /// Present after a full poll only: facts, interfaces, inventory.
    package var report: DeviceReport?
    package var samples: [InterfaceSample] = []
    /// Aligned with `samples`.
    package var rates: [InterfaceRate] = []
    package var sensors: [SensorReading] = []
    package var gauges: [Gauge] = []

    package init(device: DeviceID, startedAt: Timestamp, interval: Duration, state: DeviceState) {
        self.device = device
        self.startedAt = startedAt
        self.interval = interval
        self.state = state
    }
}
