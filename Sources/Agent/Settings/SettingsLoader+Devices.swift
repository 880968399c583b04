import Campus
import Definitions
import Evidence
import Foundation
import SNMP

/// `credentials`, `devices` and `inventory.yaml`.
extension SettingsLoader {
    // MARK: Credentials

    mutating func readCredentials(_ reader: Reader) {
        guard let credentials = reader.mapping("credentials") else { return }
        for name in credentials.names {
            guard let entry = credentials.mapping(name) else { continue }
            let told = problems.all.count
            let credential = credential(entry)
            entry.finish()
            // A secret that could not be had is told already.
            if let problem = credential?.problem, secrets == .required, problems.all.count == told {
                complain(
                    entry.element, "`\(name)` cannot be used: \(problem.split(separator: ": ").first ?? "")",
                    problem.split(separator: ": ").last.map(String.init) ?? "correct it")
            }
            // Without its secret a credential still has a name that devices may use.
            settings.credentials[name] = credential ?? SNMPCredential(version: .v2c, community: Secret(""))
        }
    }

    private func credential(_ entry: Reader) -> SNMPCredential? {
        guard let version = entry.choice("snmp", SNMPCredential.Version.self) else {
            if !entry.has("snmp") {
                complain(entry.element, "`snmp` is missing", "add `snmp: 3`, or 2c or 1 where a device knows no better")
            }
            for key in ["community", "user", "auth", "auth_secret", "priv", "priv_secret", "context"] { _ = entry.element(key) }
            return nil
        }
        if version != .v3 {
            guard entry.element("community") != nil else {
                complain(entry.element, "`community` is missing", "add `community: \"file:PATH\"`")
                return nil
            }
            return secret(entry, "community").map { SNMPCredential(version: version, community: $0) }
        }
        var credential = SNMPCredential(user: entry.requiredString("user") ?? "")
        credential.auth = word(entry, "auth", aliases: ["SHA": .sha1, "SHA-1": .sha1], SNMPCredential.AuthProtocol.self)
        credential.priv = word(entry, "priv", aliases: ["AES": .aes128, "AES-128": .aes128], SNMPCredential.PrivProtocol.self)
        credential.context = entry.string("context") ?? ""
        credential.authSecret = secret(entry, "auth_secret")
        credential.privSecret = secret(entry, "priv_secret")
        for (name, isThere) in [("auth", credential.auth != nil), ("priv", credential.priv != nil)]
        where isThere && !entry.has("\(name)_secret") {
            complain(entry.element, "`\(name)_secret` is missing", "add `\(name)_secret: \"file:PATH\"`")
        }
        if credential.priv != nil, credential.auth == nil {
            complain(entry.element, "privacy needs authentication (RFC 3414 §1.4.2)", "add `auth` and `auth_secret`")
        }
        return credential
    }

    private func word<Choice: RawRepresentable & CaseIterable>(
        _ entry: Reader, _ key: String, aliases: [String: Choice], _ type: Choice.Type
    ) -> Choice?
    where Choice.RawValue == String {
        guard let text = entry.string(key) else { return nil }
        if let choice = aliases[text.uppercased()] ?? Choice(rawValue: text.uppercased()) { return choice }
        let words = Set(Choice.allCases.map(\.rawValue)).union(aliases.keys)
        complain(
            entry.element(key) ?? entry.element, "`\(key)` cannot be `\(text)`",
            suggestion(text.uppercased(), among: words.sorted()))
        return nil
    }

    /// The secret that a reference names. A text that is no reference is refused without being repeated: it may be the secret.
    private func secret(_ entry: Reader, _ key: String) -> Secret? {
        guard let text = entry.string(key) else { return nil }
        let element = entry.element(key) ?? entry.element
        guard let reference = SecretReference(text, relativeTo: directory) else {
            complain(
                element, "`\(key)` must name where the secret is kept, never the secret itself",
                "write \"file:PATH\" (mode 0600) or \"systemd:NAME\"")
            return nil
        }
        if secrets == .ignored { return Secret("") }
        do {
            return try reference.resolve(credentialsDirectory: environment["CREDENTIALS_DIRECTORY"])
        } catch {
            if error.isOnlyHere, secrets == .checked { return Secret("") }
            complain(element, error.what, error.remedy)
            return nil
        }
    }

    // MARK: Devices

    mutating func readInventory() {
        defer { readInventoryTable() }
        let path = directory + "/inventory.yaml"
        guard FileManager.default.fileExists(atPath: path) else { return }
        for document in DefinitionFiles.documents(of: path, problems: problems) where !document.isNull {
            let reader = Reader(document, problems)
            readDevices(reader.list("devices"))
            reader.finish()
        }
    }

    mutating func readInventoryTable() {
        let path = directory + "/inventory.csv"
        if FileManager.default.fileExists(atPath: path) { readDevices(InventoryTable.elements(of: path, problems: problems)) }
    }

    mutating func readDevices(_ elements: [Element]) {
        for element in elements {
            let entry = Reader(element, problems)
            if let device = device(entry) { settings.devices.append(device) }
            entry.finish()
        }
    }

    private mutating func device(_ entry: Reader) -> DeclaredDevice? {
        let text = entry.requiredString("address")
        let port = entry.integer("port", in: 1...65_535)
        let name = entry.string("name")
        let layer = entry.choice("layer", Layer.self)
        let place = entry.string("place")
        let owner = entry.string("owner")
        let credential = known(entry, "credential", among: settings.credentials.keys.sorted(), called: "credential")
        let tags = entry.strings("tags")
        let watch = entry.strings("watch")
        let isManaged = entry.bool("management_zone")
        guard let text else { return nil }
        guard let address = IPAddress(text), address.isUnicast else {
            complain(
                entry.element("address") ?? entry.element, "`\(text)` is no address of a host", "write an IPv4 or IPv6 address")
            return nil
        }
        let device = DeclaredDevice(
            address: address, port: UInt16(port ?? 161), name: name, layer: layer, place: place, owner: owner,
            credential: credential,
            tags: tags, watch: watch, managementZone: isManaged ?? settings.profile.isManaged(address))
        for key in ["\(address) port \(device.port)", device.name] {
            if let earlier = declaredAt[key] {
                complain(
                    entry.element, "`\(key)` is declared twice, first at \(earlier.file):\(earlier.line)",
                    "keep one of them, or give it another name")
                return nil
            }
        }
        for key in ["\(address) port \(device.port)", device.name] { declaredAt[key] = entry.element }
        addUndeclared(place: place, owner: owner, entry)
        return device
    }

    /// Places and owners that site.yaml lists are a closed set; where it lists none, devices name them freely.
    private mutating func addUndeclared(place: String?, owner: String?, _ entry: Reader) {
        if let place, !settings.profile.places.contains(where: { $0.id == place }) {
            if hasPlaces {
                complain(
                    entry.element("place") ?? entry.element, "site.yaml knows no place `\(place)`",
                    suggestion(place, among: settings.profile.places.map(\.id)))
            } else {
                let parts = place.split(separator: "/").map(String.init)
                settings.profile.places.append(
                    Place(id: place, building: parts.first ?? place, room: parts.dropFirst().joined(separator: "/")))
            }
        }
        if let owner, !settings.profile.owners.contains(where: { $0.id == owner }) {
            if hasOwners {
                complain(
                    entry.element("owner") ?? entry.element, "site.yaml knows no owner `\(owner)`",
                    suggestion(owner, among: settings.profile.owners.map(\.id)))
            } else {
                settings.profile.owners.append(Owner(id: owner, department: owner))
            }
        }
    }

    func known(_ reader: Reader, _ key: String, among words: [String], called kind: String) -> String? {
        guard let text = reader.string(key) else { return nil }
        if words.contains(text) { return text }
        complain(
            reader.element(key) ?? reader.element, "no \(kind) is called `\(text)`",
            words.isEmpty ? "declare it first" : suggestion(text, among: words))
        return nil
    }
}
