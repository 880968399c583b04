import Campus
import Foundation

/// Which `Host` a request may name.
///
/// A page elsewhere can point its own name at this address and then read the console through a visitor's browser (DNS
/// rebinding); such a request carries that page's name. Addresses cannot be rebound, so any address is accepted.
package struct HostGuard: Sendable {
    private let names: Set<String>

    package init(listening host: String, ownName: String = ProcessInfo.processInfo.hostName) {
        names = Set(["localhost", host, ownName, String(ownName.prefix { $0 != "." })].map { $0.lowercased() })
    }

    package func accepts(_ authority: String?) -> Bool {
        guard let authority, !authority.isEmpty, authority.utf8.count <= 255 else { return false }
        var host = authority.lowercased()
        if host.hasPrefix("[") {
            guard let end = host.firstIndex(of: "]") else { return false }
            return IPAddress(String(host[host.index(after: host.startIndex)..<end])) != nil
        }
        if let colon = host.lastIndex(of: ":") { host = String(host[..<colon]) }
        return names.contains(host) || IPAddress(host) != nil
    }
}
