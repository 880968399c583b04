package import Campus

/// Makers by the first 24 bits of a MAC address (IEEE MA-L registry).
package struct VendorTable: Sendable {
    private var prefixes: [UInt32] = []
    private var names: [String] = []

    package init() {}

    package var isEmpty: Bool { prefixes.isEmpty }

    /// Reads the registry's text: lines of `AC-DE-48   (hex)  Name`; all others are passed over.
    package init(registry text: some Collection<UInt8>) {
        var rows: [(UInt32, String)] = []
        for line in text.split(separator: UInt8(ascii: "\n")) {
            guard line.count > 20, let mark = line.prefix(24).firstIndex(of: UInt8(ascii: "(")) else { continue }
            guard line[mark...].starts(with: "(hex)".utf8), let prefix = Self.prefix(line.prefix(8)) else { continue }
            let name = String(decoding: line[mark...].dropFirst(5), as: UTF8.self)
            rows.append((prefix, Self.trimmed(name)))
        }
        rows.sort { $0.0 < $1.0 }
        prefixes = rows.map(\.0)
        names = rows.map(\.1)
    }

    private static func prefix(_ text: some Sequence<UInt8>) -> UInt32? {
        var number: UInt32 = 0
        var digits = 0
        for byte in text where byte != UInt8(ascii: "-") {
            guard let digit = Character(UnicodeScalar(byte)).hexDigitValue else { return nil }
            number = number << 4 | UInt32(digit)
            digits += 1
        }
        return digits == 6 ? number : nil
    }

    private static func trimmed(_ text: String) -> String {
        String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }

    /// The maker's name; nil when it is not listed, or the address was made up by its owner (the locally administered bit).
    package func name(of mac: MACAddress) -> String? {
        guard mac.value >> 41 & 1 == 0 else { return nil }
        let wanted = UInt32(truncatingIfNeeded: mac.value >> 24)
        var (low, high) = (0, prefixes.count)
        while low < high {
            let middle = (low + high) / 2
            if prefixes[middle] < wanted { low = middle + 1 } else { high = middle }
        }
        return low < prefixes.count && prefixes[low] == wanted ? names[low] : nil
    }

    /// Makers who make one kind of thing: what a port that leads to one is there for.
    func role(of mac: MACAddress) -> PortRole? {
        guard let name = name(of: mac)?.lowercased() else { return nil }
        if Self.cameraMakers.contains(where: name.hasPrefix) { return .camera }
        if Self.serverMakers.contains(where: name.hasPrefix) { return .server }
        return nil
    }

    private static let cameraMakers = [
        "hangzhou hikvision", "zhejiang dahua", "zhejiang uniview", "tiandy", "axis communications", "hanwha", "vivotek",
        "mobotix",
        "shenzhen infinova", "avigilon", "reolink", "kedacom", "suzhou keda",
    ]
    private static let serverMakers = ["vmware", "super micro computer", "xensource", "inspur", "sugon", "nutanix"]
}
