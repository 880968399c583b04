import Campus
import Console
import Definitions
import Evidence
import SNMP

/// `listen` and `store`.
extension SettingsLoader {
    mutating func readListen(_ reader: Reader) {
        settings.console?.siteName = settings.site.name
        settings.console?.language = settings.site.language
        settings.console?.timeZone = settings.site.timeZone
        guard let listen = reader.mapping("listen") else { return }
        if let text = listen.string("console") {
            if text == "off" {
                settings.console = nil
            } else if let (host, port) = endpoint(text, listen, "console") {
                settings.console?.host = host
                settings.console?.port = port
            }
        }
        if let text = listen.string("traps"), text != "off", let (host, port) = endpoint(text, listen, "traps") {
            settings.traps = IPAddress(host == "localhost" ? "127.0.0.1" : host).map { .bind($0, port: port) }
        }
        // Where syslog will arrive: checked now, so that a file written today stays right.
        if let text = listen.string("syslog"), text != "off" { _ = endpoint(text, listen, "syslog") }
        listen.finish()
    }

    /// `127.0.0.1:8642` or `[::1]:8642`.
    private func endpoint(_ text: String, _ reader: Reader, _ key: String) -> (host: String, port: UInt16)? {
        if let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) {
            var host = String(text[..<colon])
            if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
            if host == "localhost" || IPAddress(host) != nil { return (host, port) }
        }
        complain(
            reader.element(key) ?? reader.element, "`\(text)` is no address with a port",
            "write e.g. \"127.0.0.1:8642\", \"[::1]:8642\" or off")
        return nil
    }

    mutating func readStore(_ reader: Reader) {
        guard let store = reader.mapping("store") else { return }
        if let path = store.string("path") { settings.storeDirectory = absolute(path) }
        if let keep = store.mapping("keep") {
            let spans: [(String, WritableKeyPath<EvidenceSettings, Duration>)] = [
                ("samples", \.samples), ("five_minutes", \.fiveMinutes), ("uplink_five_minutes", \.uplinkFiveMinutes),
                ("hours", \.hours),
                ("alerts", \.alerts), ("logs", \.logs), ("flows", \.flows), ("locations", \.locations),
            ]
            for (name, field) in spans {
                guard let span = keep.duration(name) else { continue }
                if span < .seconds(86_400) {
                    complain(
                        keep.element(name) ?? keep.element, "`\(name)` is less than a day", "write a time span of 1d or more")
                } else {
                    settings.evidence[keyPath: field] = span
                }
            }
            keep.finish()
        }
        store.finish()
    }
}
