import Campus
import Definitions
import Evidence
import Foundation
import Indicators
import Reporting
import Rules

/// `site.yaml` beside the configuration.
extension SettingsLoader {
    mutating func readProfile() {
        settings.profile.calendar = SiteCalendar(timeZone: settings.site.timeZone)
        let path = directory + "/site.yaml"
        guard FileManager.default.fileExists(atPath: path) else { return }
        for document in DefinitionFiles.documents(of: path, problems: problems).prefix(1) where !document.isNull {
            let reader = Reader(document, problems)
            readPlaces(reader)
            readPeople(reader)
            readZones(reader)
            readSystems(reader)
            readExits(reader)
            if let calendar = reader.mapping("calendar") { readCalendar(calendar) }
            readFigures(reader)
            reader.finish()
        }
        hasPlaces = !settings.profile.places.isEmpty
        settings.profile.listsPlaces = hasPlaces
        hasOwners = !settings.profile.owners.isEmpty
    }

    /// Reads each mapping of a list and refuses a second one with the same id.
    private func entries(_ reader: Reader, _ key: String, _ body: (Reader, String) -> Void) {
        var ids: Set<String> = []
        for element in reader.list(key) {
            let entry = Reader(element, problems)
            if let id = entry.requiredString("id") {
                guard ids.insert(id).inserted else {
                    complain(element, "`\(id)` stands twice below `\(key)`", "keep one of them")
                    continue
                }
                body(entry, id)
            }
            entry.finish()
        }
    }

    private mutating func readPlaces(_ reader: Reader) {
        var places: [Place] = []
        entries(reader, "places") { entry, id in
            let parts = id.split(separator: "/").map(String.init)
            places.append(
                Place(
                    id: id, campus: entry.string("campus") ?? "", building: entry.string("building") ?? parts.first ?? "",
                    room: entry.string("room") ?? parts.dropFirst().joined(separator: "/")))
        }
        settings.profile.places = places
    }

    private mutating func readPeople(_ reader: Reader) {
        var owners: [Owner] = []
        entries(reader, "owners") { entry, id in
            owners.append(Owner(id: id, department: entry.string("department") ?? id, person: entry.string("person") ?? ""))
        }
        settings.profile.owners = owners
        for element in reader.list("roster") {
            let entry = Reader(element, problems)
            let person = entry.requiredString("person")
            let role = entry.choice("role", SiteProfile.Duty.Role.self)
            if !entry.has("role") { complain(element, "`role` is missing", "add one of system, security, audit, duty, leader") }
            let contact = entry.string("contact") ?? ""
            entry.finish()
            guard let person, let role else { continue }
            settings.profile.roster.append(SiteProfile.Duty(person: person, role: role, contact: contact))
        }
    }

    private mutating func readZones(_ reader: Reader) {
        var zones: [(zone: SiteProfile.Zone, entry: Reader)] = []
        entries(reader, "zones") { entry, id in
            let zone = SiteProfile.Zone(
                id: id, name: entry.string("name") ?? id, prefixes: prefixes(entry, "prefixes"),
                vlans: entry.strings("vlans").compactMap { vlan($0, entry) }, mayReach: entry.strings("may_reach"),
                isManagement: entry.bool("management") ?? false)
            zones.append((zone, entry))
        }
        let ids = zones.map(\.zone.id)
        for (zone, entry) in zones {
            for other in zone.mayReach where !ids.contains(other) {
                complain(
                    entry.element("may_reach") ?? entry.element, "no zone is called `\(other)`", suggestion(other, among: ids))
            }
        }
        settings.profile.zones = zones.map(\.zone)
    }

    private func vlan(_ text: String, _ entry: Reader) -> Int? {
        if let number = Int(text), (1...4094).contains(number) { return number }
        complain(entry.element("vlans") ?? entry.element, "`\(text)` is no VLAN", "write numbers from 1 to 4094 (IEEE 802.1Q)")
        return nil
    }

    private func prefixes(_ entry: Reader, _ key: String) -> [AddressPrefix] {
        entry.list(key).compactMap { element in
            if let text = element.text, let prefix = AddressPrefix(text) { return prefix }
            complain(
                element, "`\(element.text ?? element.kind)` is no prefix", "write e.g. 10.1.0.0/16, with no bit beyond the length"
            )
            return nil
        }
    }

    private mutating func readSystems(_ reader: Reader) {
        var systems: [SiteProfile.System] = []
        entries(reader, "systems") { entry, id in
            let level = entry.integer("level", in: 1...4)
            if !entry.has("level") { complain(entry.element, "`level` is missing", "add the system's 等保 level, 1 to 4") }
            systems.append(
                SiteProfile.System(
                    id: id, name: entry.string("name") ?? id, level: level ?? 2, filing: entry.string("filing") ?? "",
                    owner: known(entry, "owner", among: settings.profile.owners.map(\.id), called: "owner") ?? "",
                    assessedOn: day(entry, "assessed"), hosts: prefixes(entry, "hosts")))
        }
        settings.profile.systems = systems
    }

    private mutating func readExits(_ reader: Reader) {
        var exits: [SiteProfile.Exit] = []
        var places: [String: Element] = [:]
        entries(reader, "exits") { entry, id in
            let device = entry.requiredString("device")
            let interface = entry.requiredString("interface")
            let exit = SiteProfile.Exit(
                id: id, device: device ?? "", interface: interface ?? "", provider: entry.string("provider") ?? "",
                contractedDown: bitRate(entry, "down"), contractedUp: bitRate(entry, "up"))
            places[id] = entry.element("device") ?? entry.element
            if device != nil, interface != nil { exits.append(exit) }
        }
        settings.profile.exits = exits
        exitPlaces = places
    }

    /// `1Gbit/s`, `500Mbit/s`: decimal, as providers sell it.
    private func bitRate(_ entry: Reader, _ key: String) -> UInt64? {
        guard let text = entry.string(key) else { return nil }
        let units: [(String, Double)] = [("Gbit/s", 1e9), ("Mbit/s", 1e6), ("kbit/s", 1e3), ("bit/s", 1)]
        for (unit, factor) in units where text.hasSuffix(unit) {
            let digits = text.dropLast(unit.count).filter { $0 != " " }
            if let number = Double(digits), number > 0, number * factor < 1e15 { return UInt64(number * factor) }
            break
        }
        complain(entry.element(key) ?? entry.element, "`\(text)` is no bandwidth", "write e.g. 1Gbit/s or 500Mbit/s")
        return nil
    }

    /// An exit's device is named as the device list names it.
    mutating func checkExits() {
        let names = settings.devices.flatMap { [$0.name, $0.address.description] }
        let exits = settings.profile.exits
        for exit in exits where !names.contains(exit.device) {
            guard let place = exitPlaces[exit.id] else { continue }
            complain(
                place, "no device is called `\(exit.device)`",
                names.isEmpty ? "declare it in campanile.yaml" : suggestion(exit.device, among: Array(Set(names)).sorted()))
        }
        settings.profile.exits = exits.filter { names.contains($0.device) }
    }

    private mutating func readFigures(_ reader: Reader) {
        for part in ["heads", "areas"] {
            guard let figures = reader.mapping(part) else { continue }
            let names = part == "heads" ? ["students", "staff", "year"] : ["building_m2", "campus_m2", "heated_m2", "year"]
            for name in names {
                guard let number = figures.double(name) else { continue }
                if number < 0 {
                    complain(figures.element(name) ?? figures.element, "`\(name)` is negative", "write a count from 0")
                }
                settings.profile.figures["\(part).\(name)"] = max(0, number)
            }
            figures.finish()
        }
    }

    func day(_ reader: Reader, _ key: String) -> CivilDate? {
        guard let text = reader.string(key) else { return nil }
        if let date = CivilDate(text) { return date }
        complain(reader.element(key) ?? reader.element, "`\(text)` is no day", "write e.g. 2026-09-01")
        return nil
    }
}
