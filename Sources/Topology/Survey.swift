package import Campus

/// One device as a survey found it.
package struct SurveyedDevice: Sendable {
    package var id: DeviceID
    package var name: String
    /// Where it was asked.
    package var address: IPAddress?
    package var report: DeviceReport
    /// When the report was made.
    package var at: Timestamp

    package init(id: DeviceID, name: String, address: IPAddress?, report: DeviceReport, at: Timestamp) {
        self.id = id
        self.name = name
        self.address = address
        self.report = report
        self.at = at
    }

    /// Whether it forwards frames and tells what it learned.
    var isBridge: Bool { !report.forwarding.isEmpty }
}

/// From where the network is seen: the host that watches.
package struct Viewpoint: Sendable {
    package var addresses: [IPAddress] = []
    package var macs: [MACAddress] = []
    /// Routers that the host sends to first.
    package var gateways: [IPAddress] = []

    package init() {}
}

/// What a survey is measured with.
package struct SurveySettings: Sendable {
    /// An edge port with more addresses than this leads to another switch, or to many hosts.
    package var manyAddresses = 16
    /// A report that is this much older than another one no longer speaks against it.
    package var stale: Duration = .seconds(5400)
    package var vendors = VendorTable()

    package init() {}
}

extension CampusMap {
    /// Draws the map. Takes time in proportion to the rows of all reports.
    package init(
        _ devices: [SurveyedDevice], from viewpoint: Viewpoint = Viewpoint(), settings: SurveySettings = SurveySettings()
    ) {
        self.init()
        var index = DeviceIndex(devices)
        var linker = NeighborLinks(settings: settings)
        linker.read(&index)
        var ends = linker.links
        let sights = Sights(index)
        ends += ForwardingLinks(index, sights, known: ends).links
        let places = HostPlaces(index, sights, links: ends, settings: settings)
        ends += places.stationLinks(index, links: ends)
        hosts = places.hosts(index)
        strangers = linker.strangers(index)
        neighbors = linker.resolved(index)
        let graph = PathFinder(index, ends, hosts: places, viewpoint: viewpoint)
        paths = graph.paths(index)
        root = graph.root.map { devices[$0].id }
        roles = PortRoles(index, ends, linker, places, graph, settings: settings).roles(index)
        links = ends.map { index.link($0) }.sorted { ($0.a.device, $0.a.index ?? 0) < ($1.a.device, $1.a.index ?? 0) }
    }
}

/// A link by places in the survey.
struct Ends: Hashable {
    var a: Int
    var aPort: UInt32?
    var b: Int
    var bPort: UInt32?
    var source: String
    var isConfirmed: Bool
    /// The name of b's port where its index is not known.
    var bName = ""

    func port(of device: Int) -> UInt32? { a == device ? aPort : bPort }
    func other(than device: Int) -> Int { a == device ? b : a }
}

/// A port by places in the survey; aggregations stand for their members.
struct PortKey: Hashable {
    var device: Int
    var port: UInt32
}
