/// What a capture's frames start with, by the number that capture files use (LINKTYPE_…, tcpdump.org/linktypes.html).
package struct LinkType: Hashable, Sendable {
    package let rawValue: UInt32

    @inlinable package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Takes what `pcap_datalink` answers: the same numbers, but for the few DLT_ values that differ between systems.
    package init(dataLink: Int32) {
        switch dataLink {
        case 12, 14: self = .raw
        case 11: self = .atm
        default: self.init(rawValue: UInt32(truncatingIfNeeded: dataLink))
        }
    }

    package static let null = LinkType(rawValue: 0)
    package static let ethernet = LinkType(rawValue: 1)
    package static let ppp = LinkType(rawValue: 9)
    package static let pppSerial = LinkType(rawValue: 50)
    package static let pppEthernet = LinkType(rawValue: 51)
    package static let atm = LinkType(rawValue: 100)
    package static let raw = LinkType(rawValue: 101)
    package static let ciscoHDLC = LinkType(rawValue: 104)
    package static let loop = LinkType(rawValue: 108)
    package static let linuxCooked = LinkType(rawValue: 113)
    package static let ipv4 = LinkType(rawValue: 228)
    package static let ipv6 = LinkType(rawValue: 229)
    package static let nflog = LinkType(rawValue: 239)
    package static let linuxCooked2 = LinkType(rawValue: 276)

    /// Whether the analyser finds network headers in such frames; of others it only counts packets and bytes.
    package var isReadable: Bool {
        switch self {
        case .null, .ethernet, .ppp, .pppSerial, .pppEthernet, .raw, .ciscoHDLC, .loop, .linuxCooked, .ipv4, .ipv6, .nflog,
            .linuxCooked2:
            true
        default: false
        }
    }
}
