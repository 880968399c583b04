package import Campus
package import Evidence
package import Polling
package import Probes
import SNMP
package import Topology

/// One sweep with what it means for the inventory: what is new, what is known under another address, what became different.
package struct Discovery: Sendable {
    package struct Merge: Sendable {
        package var declared: DeclaredDevice
        /// Addresses that the device answered at beside the declared one.
        package var addresses: [IPAddress]
    }

    package struct Change: Sendable {
        package var device: DeclaredDevice
        /// `credential`, `version`, …
        package var what: String
        package var before: String
        package var after: String
    }

    package var result = SweepResult()
    package var map = CampusMap()
    /// Every device that was met, as it would stand in the inventory.
    package var devices: [DiscoveredDevice] = []
    package var additions: [DiscoveredDevice] = []
    package var merges: [Merge] = []
    package var changes: [Change] = []
    /// Declared, swept, and silent.
    package var unanswered: [DeclaredDevice] = []
    /// What a person should know, one line each.
    package var notes: [String] = []
    /// Network devices by the one above them.
    private var networkBelow: [DeviceID: Set<DeviceID>] = [:]

    /// Sweeps `settings.discovery`; `known` are the ids that earlier polls gave to addresses.
    @concurrent package static func run(
        _ settings: AgentSettings, library: ProbeLibrary, known: [KnownDevice],
        tell: @escaping @Sendable (SweepProgress) -> Void = { _ in }
    ) async -> Discovery {
        let sweep = Sweep(settings: settings.sweep, library: library)
        var discovery = Discovery()
        discovery.result = await sweep.run(tell)
        var survey = SurveySettings()
        survey.vendors = Surroundings.vendors
        discovery.map = CampusMap(discovery.result.devices.map(\.surveyed), from: Surroundings.viewpoint(), settings: survey)
        discovery.propose(settings, known)
        return discovery
    }

    private mutating func propose(_ settings: AgentSettings, _ known: [KnownDevice]) {
        let declared = Declared(settings.devices, known)
        for swept in result.devices where swept.surveyed.report.facts.kind == "network" {
            guard let parent = map.paths[swept.surveyed.id]?.parent else { continue }
            networkBelow[parent, default: []].insert(swept.surveyed.id)
        }
        var names = Set(settings.devices.map(\.name))
        var met: Set<IPAddress> = []
        for swept in result.devices {
            met.formUnion([swept.address] + swept.alsoAt)
            if !swept.warning.isEmpty { notes.append("\(swept.address): \(swept.warning)") }
            let owner = declared.owner(of: swept)
            var device = discovered(swept, settings)
            if let owner { device.name = owner.name } else { device.name = Self.unique(device.name, device.address, &names) }
            devices.append(device)
            guard let owner else {
                additions.append(device)
                continue
            }
            met.insert(owner.address)
            let others = ([swept.address] + swept.alsoAt).filter { $0 != owner.address }
            if !others.isEmpty { merges.append(Merge(declared: owner, addresses: others.sorted())) }
            if let change = Self.credentialChange(owner, swept, settings) { changes.append(change) }
        }
        unanswered = settings.devices.filter { device in
            !met.contains(device.address) && settings.discovery.ranges.contains { $0.contains(device.address) }
        }
        noteSharedNames()
    }

    private mutating func noteSharedNames() {
        let groups = Dictionary(grouping: result.devices.filter { !$0.surveyed.report.facts.name.isEmpty }) {
            $0.surveyed.report.facts.name
        }
        for (name, devices) in groups.sorted(by: { $0.key < $1.key }) where devices.count > 1 {
            notes.append(
                "\(devices.count) devices call themselves \(name): \(devices.map(\.address.description).joined(separator: ", "))")
        }
    }

    private func discovered(_ swept: SweptDevice, _ settings: AgentSettings) -> DiscoveredDevice {
        let facts = swept.surveyed.report.facts
        var device = DiscoveredDevice(
            id: swept.surveyed.id, address: swept.address, port: UInt16(settings.discovery.port), credential: swept.credential,
            snmpVersion: swept.snmpVersion, name: swept.surveyed.name, facts: facts)
        let location = settings.discovery.locations.lazy.compactMap { $0.location(in: facts.location) }.first
        if let location, !settings.profile.listsPlaces || settings.profile.places.contains(where: { $0.id == location.id }) {
            device.place = location.id
        }
        device.layer = layer(of: swept)
        return device
    }

    /// Told only where it is plain: by kind, else by how many other network devices hang around it.
    private func layer(of swept: SweptDevice) -> Layer? {
        switch swept.surveyed.report.facts.kind {
        case "power": return .power
        case "server", "storage": return .server
        case "firewall": return .security
        case "wireless": return .wireless
        case "printer", "camera": return .endpoint
        case "environment", "room": return .room
        case "network": break
        default: return nil
        }
        let id = swept.surveyed.id
        guard let path = map.paths[id], isLinked(id) else { return nil }
        let below = networkBelow[id] ?? []
        if below.isEmpty { return .access }
        if let parent = path.parent, networkBelow[parent]?.contains(id) == true { return .aggregation }
        return path.parent == nil && below.contains { networkBelow[$0] != nil } ? .core : nil
    }

    private func isLinked(_ id: DeviceID) -> Bool { networkBelow[id] != nil || networkBelow.values.contains { $0.contains(id) } }

    /// Names are labels and must differ.
    private static func unique(_ name: String, _ address: IPAddress, _ names: inout Set<String>) -> String {
        if names.insert(name).inserted { return name }
        let longer = "\(name) (\(address))"
        names.insert(longer)
        return longer
    }

    /// Another credential than the declared one, which was tried before it and did not work.
    private static func credentialChange(_ owner: DeclaredDevice, _ swept: SweptDevice, _ settings: AgentSettings) -> Change? {
        guard owner.credential != swept.credential else { return nil }
        let order = settings.discovery.credentials
        if let declared = owner.credential {
            guard let before = order.firstIndex(of: declared), let now = order.firstIndex(of: swept.credential), before < now
            else { return nil }
        }
        return Change(device: owner, what: "credential", before: owner.credential ?? "none", after: swept.credential)
    }
}

extension DiscoveredDevice {
    /// As it stands in an inventory.
    package var declared: DeclaredDevice {
        DeclaredDevice(address: address, port: port, name: name, layer: layer, place: place, credential: credential)
    }
}

/// Which declared device an answer is.
private struct Declared {
    private var byAddress: [IPAddress: DeclaredDevice] = [:]
    private var byID: [DeviceID: DeclaredDevice] = [:]

    init(_ devices: [DeclaredDevice], _ known: [KnownDevice]) {
        for device in devices where byAddress[device.address] == nil { byAddress[device.address] = device }
        for device in known {
            guard let declared = byAddress[device.address], declared.port == device.port else { continue }
            byID[device.id] = declared
        }
    }

    func owner(of swept: SweptDevice) -> DeclaredDevice? {
        byID[swept.surveyed.id]
            ?? ([swept.address] + swept.alsoAt + swept.surveyed.report.addresses.map(\.address).filter { $0.low >> 24 != 127 })
            .lazy.compactMap { byAddress[$0] }.first
    }
}

extension AgentSettings {
    /// What a sweep asks with.
    package var sweep: SweepSettings {
        var sweep = SweepSettings()
        sweep.ranges = discovery.ranges
        sweep.port = UInt16(discovery.port)
        sweep.rate = discovery.rate
        sweep.preferred = Set(devices.map(\.address))
        sweep.credentials = discovery.credentials.compactMap { name in
            credentials[name].map { SweepSettings.NamedCredential(name: name, credential: $0) }
        }
        return sweep
    }

    /// What maps are drawn with.
    package var survey: SurveySettings {
        var survey = SurveySettings()
        survey.stale = max(survey.stale, polling.topology * 3 / 2)
        survey.vendors = Surroundings.vendors
        return survey
    }
}

extension Discovery {
    /// Writes down what was found, so that it waits for approval and the next sweep can tell what changed.
    package func record(_ store: EvidenceStore, _ settings: AgentSettings, at: Timestamp) throws {
        let ranges = settings.discovery.ranges
        let run = DiscoveryRun(
            at: at, ranges: ranges.map(\.description), duration: result.duration, addresses: result.progress.asked,
            answered: result.progress.answered)
        try store.record(devices, of: run) { address in ranges.contains { $0.contains(address) } }
    }
}
