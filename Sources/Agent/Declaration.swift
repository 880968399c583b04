import Campus
import Evidence
import Polling
import Probes
import SNMP

/// Tells the store what the configuration declares, with the ids that earlier polls gave to devices.
struct Declaration {
    let devices: [(id: DeviceID, declared: DeclaredDevice)]

    init(_ settings: AgentSettings, store: EvidenceStore) throws {
        let known = try store.knownDevices()
        let ids = Dictionary(known.map { (Place(address: $0.address, port: $0.port), $0.id) }) { first, _ in first }
        devices = settings.devices.map { device in
            let place = Place(address: device.address, port: device.port)
            return (ids[place] ?? DeviceIdentity.provisional(address: device.address, port: device.port), device)
        }
        let profile = settings.profile
        try store.declare(
            places: profile.places, owners: profile.owners, devices: devices, exits: profile.exits.compactMap(exit),
            systems: profile.systems.map { InformationSystem(id: $0.id, name: $0.name, level: $0.level) },
            calendar: profile.entries,
            settings: Declaration.siteSettings(settings))
    }

    /// The devices as the poller takes them.
    func polled(_ settings: AgentSettings) -> [PolledDevice] {
        devices.map { id, declared in
            PolledDevice(id: id, declared: declared, credential: declared.credential.flatMap { settings.credentials[$0] })
        }
    }

    private struct Place: Hashable {
        let address: IPAddress
        let port: UInt16
    }

    private func exit(_ exit: SiteProfile.Exit) -> CampusExit? {
        guard
            let device = devices.first(where: {
                $0.declared.name == exit.device || $0.declared.address.description == exit.device
            })
        else {
            return nil
        }
        return CampusExit(
            id: exit.id, device: device.id, interface: exit.interface, provider: exit.provider,
            contractedDown: exit.contractedDown,
            contractedUp: exit.contractedUp)
    }

    /// What rules may ask of the site, by key.
    private static func siteSettings(_ settings: AgentSettings) -> [String: String] {
        var values = [
            "site.name": settings.site.name, "site.code": settings.site.code, "site.timezone": settings.site.timeZone,
            "site.language": settings.site.language.rawValue,
        ]
        for capture in settings.captures { values["capture.\(capture.interface)"] = "configured" }
        for (name, figure) in settings.profile.figures { values[name] = "\(figure)" }
        for zone in settings.profile.zones {
            values["zone.\(zone.id).name"] = zone.name
            values["zone.\(zone.id).prefixes"] = zone.prefixes.map(\.description).joined(separator: " ")
            values["zone.\(zone.id).vlans"] = zone.vlans.map(String.init).joined(separator: " ")
            values["zone.\(zone.id).may_reach"] = zone.mayReach.joined(separator: " ")
        }
        return values
    }
}
