/// What a detector saw: who did what to whom, and how sure the numbers are. Never a secret, never payload.
package struct Observation: Hashable, Sendable {
    /// A class of `Rules/detection/classes.tsv`, e.g. `port_scan`.
    package var observationClass: String
    package var severity: Severity
    package var at: Timestamp
    package var firstAt: Timestamp
    package var source: IPAddress?
    package var destination: IPAddress?
    package var port: UInt16?
    package var sourceMAC: MACAddress?
    /// How many attempts, names, claims: what the detector counts.
    package var count: Int
    /// In English, for people; names things, never secrets.
    package var detail: String
    /// The capture it came from, e.g. `eth1`.
    package var interface: String

    package init(
        observationClass: String, severity: Severity, at: Timestamp, firstAt: Timestamp, source: IPAddress? = nil,
        destination: IPAddress? = nil, port: UInt16? = nil, sourceMAC: MACAddress? = nil, count: Int = 1, detail: String = "",
        interface: String = ""
    ) {
        self.observationClass = observationClass
        self.severity = severity
        self.at = at
        self.firstAt = firstAt
        self.source = source
        self.destination = destination
        self.port = port
        self.sourceMAC = sourceMAC
        self.count = count
        self.detail = detail
        self.interface = interface
    }
}

/// Where every packet went, each term counted by its owner and none a remainder:
/// `received − kernelDropped = read + still in the kernel`, `read = ringDropped + sampledOut + queued`,
/// `queued = analysed + still in the ring`. All are totals since the capture started.
package struct CaptureAccounting: Hashable, Sendable {
    package var interface: String
    package var at: Timestamp
    package var received: UInt64 = 0
    package var kernelDropped: UInt64 = 0
    package var interfaceDropped: UInt64 = 0
    package var read: UInt64 = 0
    package var ringDropped: UInt64 = 0
    package var sampledOut: UInt64 = 0
    package var queued: UInt64 = 0
    package var analysed: UInt64 = 0
    /// The rate of flow sampling now in force: 1/2^k, here k.
    package var samplingShift: UInt8 = 0

    package init(interface: String, at: Timestamp) {
        self.interface = interface
        self.at = at
    }
}

/// One minute of one capture, summed for the store.
package struct TrafficMinute: Sendable {
    package struct Talker: Hashable, Sendable {
        package var address: IPAddress
        package var bytesIn: UInt64
        package var bytesOut: UInt64
        package var packets: UInt64
        package var flows: UInt64

        package init(address: IPAddress, bytesIn: UInt64, bytesOut: UInt64, packets: UInt64, flows: UInt64) {
            self.address = address
            self.bytesIn = bytesIn
            self.bytesOut = bytesOut
            self.packets = packets
            self.flows = flows
        }
    }

    package struct Service: Hashable, Sendable {
        /// IP protocol number and the lower-numbered or listening port.
        package var protocolNumber: UInt8
        package var port: UInt16
        package var bytes: UInt64
        package var packets: UInt64
        package var flows: UInt64

        package init(protocolNumber: UInt8, port: UInt16, bytes: UInt64, packets: UInt64, flows: UInt64) {
            self.protocolNumber = protocolNumber
            self.port = port
            self.bytes = bytes
            self.packets = packets
            self.flows = flows
        }
    }

    package struct Name: Hashable, Sendable {
        /// `dns`, `tls`, `http`.
        package var source: String
        package var name: String
        package var clients: UInt64
        package var sessions: UInt64

        package init(source: String, name: String, clients: UInt64, sessions: UInt64) {
            self.source = source
            self.name = name
            self.clients = clients
            self.sessions = sessions
        }
    }

    package var interface: String
    package var start: Timestamp
    package var bytes: UInt64 = 0
    package var packets: UInt64 = 0
    package var flows: UInt64 = 0
    package var talkers: [Talker] = []
    package var services: [Service] = []
    package var names: [Name] = []
    /// Names or talkers that did not fit the tables' bounds.
    package var overflow: UInt64 = 0

    package init(interface: String, start: Timestamp) {
        self.interface = interface
        self.start = start
    }
}
