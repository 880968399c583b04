import Campus
import Foundation
import Glibc
package import Topology

/// What this host knows of its own place in the network.
package enum Surroundings {
    /// Its addresses, MACs and default gateways (getifaddrs(3), sysfs, /proc/net/route).
    package static func viewpoint() -> Viewpoint {
        var viewpoint = Viewpoint()
        var list: UnsafeMutablePointer<ifaddrs>?
        if unsafe getifaddrs(&list) == 0 {
            defer { unsafe freeifaddrs(list) }
            var entry = unsafe list
            while let one = unsafe entry {
                if let address = unsafe address(one.pointee), !isLocal(address) { viewpoint.addresses.append(address) }
                unsafe entry = one.pointee.ifa_next
            }
        }
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/sys/class/net")) ?? [] where name != "lo" {
            let text = try? String(contentsOfFile: "/sys/class/net/\(name)/address", encoding: .utf8)
            if let mac = text.flatMap({ MACAddress($0.trimmingCharacters(in: .whitespacesAndNewlines)) }), mac.value != 0 {
                viewpoint.macs.append(mac)
            }
        }
        viewpoint.macs.sort()
        viewpoint.gateways = gateways((try? String(contentsOfFile: "/proc/net/route", encoding: .utf8)) ?? "")
        return viewpoint
    }

    private static func isLocal(_ address: IPAddress) -> Bool {
        address.isIPv4
            ? address.low >> 24 == 127 || address.low >> 16 == 0xa9fe : address.high >> 54 == 0xfe80 >> 6 || address.high == 0
    }

    private static func address(_ entry: ifaddrs) -> IPAddress? {
        guard let pointer = unsafe entry.ifa_addr else { return nil }
        let size =
            unsafe pointer.pointee.sa_family == UInt16(AF_INET) ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size
        guard unsafe [UInt16(AF_INET), UInt16(AF_INET6)].contains(pointer.pointee.sa_family) else { return nil }
        var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        guard unsafe getnameinfo(pointer, socklen_t(size), &name, socklen_t(name.count), nil, 0, NI_NUMERICHOST) == 0 else {
            return nil
        }
        let text = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return IPAddress(String(text.prefix { $0 != "%" }))
    }

    /// Routes to 0.0.0.0/0; addresses stand there as hexadecimal in the host's byte order.
    static func gateways(_ table: String) -> [IPAddress] {
        table.split(separator: "\n").dropFirst().compactMap { line in
            let words = line.split(whereSeparator: \.isWhitespace)
            guard words.count > 7, words[1] == "00000000", words[7] == "00000000", let number = UInt32(words[2], radix: 16),
                number != 0
            else { return nil }
            return IPAddress(v4: UInt32(bigEndian: number))
        }
    }

    /// The IEEE registry as Debian's ieee-data installs it; empty where it is not.
    package static let vendors: VendorTable = {
        guard let data = FileManager.default.contents(atPath: registryPath) else { return VendorTable() }
        return VendorTable(registry: [UInt8](data))
    }()

    package static let registryPath = "/usr/share/ieee-data/oui.txt"
}
