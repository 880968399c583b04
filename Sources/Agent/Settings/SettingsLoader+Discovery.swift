import Campus
import Definitions
package import Polling
package import Topology

extension AgentSettings {
    /// `discovery`: what is swept, how often, with what.
    package struct Discovery: Hashable, Sendable {
        package var ranges: [AddressRange] = []
        package var every: Duration = .seconds(86_400)
        /// Names of credentials in the order in which they are tried; all of them, in the file's order, when none is named.
        package var credentials: [String] = []
        /// Requests a second.
        package var rate = 100
        package var port = 161
        /// How sysLocation is written here.
        package var locations = ["{building}/{room}"].compactMap(LocationPattern.init)
    }
}

extension SettingsLoader {
    mutating func readDiscovery(_ reader: Reader) {
        settings.discovery.credentials = reader.mappingNames("credentials")
        guard let discovery = reader.mapping("discovery") else { return }
        for element in discovery.list("ranges") {
            do throws(AddressRange.Refusal) {
                settings.discovery.ranges.append(try AddressRange(element.text ?? ""))
            } catch {
                complain(element, "`\(element.text ?? element.kind)`: \(error.reason)", error.remedy)
            }
        }
        if let every = discovery.duration("every") {
            if every < .seconds(600) {
                complain(
                    discovery.element("every") ?? discovery.element, "`every` is \(every.inSeconds) s",
                    "write 10m or more, e.g. 24h")
            } else {
                settings.discovery.every = every
            }
        }
        if let rate = discovery.integer("rate", in: 1...10_000) { settings.discovery.rate = rate }
        if let port = discovery.integer("port", in: 1...65_535) { settings.discovery.port = port }
        let names = settings.credentials.keys.sorted()
        if discovery.has("credentials") {
            settings.discovery.credentials = discovery.list("credentials").compactMap { element in
                guard let name = element.text, names.contains(name) else {
                    complain(
                        element, "no credential is called `\(element.text ?? element.kind)`",
                        names.isEmpty ? "declare it first" : suggestion(element.text ?? "", among: names))
                    return nil
                }
                return name
            }
        }
        if discovery.has("locations") {
            settings.discovery.locations = discovery.list("locations").compactMap { element in
                if let pattern = element.text.flatMap(LocationPattern.init) { return pattern }
                complain(
                    element, "`\(element.text ?? element.kind)` is no pattern of a location",
                    "write {building}, {room}, {campus} or {_} with words between them, e.g. \"{building}/{room}\"")
                return nil
            }
        }
        discovery.finish()
        if !settings.discovery.ranges.isEmpty, settings.discovery.credentials.isEmpty {
            complain(discovery.element, "nothing can be asked by SNMP without a credential", "declare one below `credentials`")
        }
    }
}

extension Reader {
    /// The names below a mapping in the order they stand, without reading what they hold.
    fileprivate func mappingNames(_ key: String) -> [String] {
        guard let element = element(key), case .mapping(let pairs) = element.value else { return [] }
        return pairs.compactMap(\.key.text)
    }
}
