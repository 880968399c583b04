import Campus

/// A bridge's learned addresses in one blob: about five bytes each.
///
///     version, count of groups, then for each: ifIndex, VLAN (0 for none), count, addresses as differences
enum PackedForwarding {
    private static let version: UInt8 = 1

    private struct Group: Hashable, Comparable {
        var index: UInt32
        var vlan: Int

        static func < (left: Group, right: Group) -> Bool { (left.index, left.vlan) < (right.index, right.vlan) }
    }

    /// Entries whose port is not known say nothing of where an address is.
    static func encode(_ entries: [ForwardingEntry]) -> [UInt8] {
        var groups: [Group: [UInt64]] = [:]
        for entry in entries {
            guard let index = entry.interfaceIndex else { continue }
            groups[Group(index: index, vlan: max(0, entry.vlan ?? 0)), default: []].append(entry.mac.value)
        }
        var writer = ByteWriter(capacity: entries.count * 6 + 16)
        writer.byte(version)
        writer.varint(UInt64(groups.count))
        for (group, macs) in groups.sorted(by: { $0.key < $1.key }) {
            writer.varint(UInt64(group.index))
            writer.varint(UInt64(group.vlan))
            writer.varint(UInt64(macs.count))
            var last: UInt64 = 0
            for mac in macs.sorted() {
                writer.varint(mac - last)
                last = mac
            }
        }
        return writer.bytes
    }

    static func decode(_ bytes: [UInt8]) throws(PackingError) -> [ForwardingEntry] {
        var reader = ByteReader(bytes)
        guard try reader.byte() == version else { throw PackingError(what: "unknown version of learned addresses") }
        var entries: [ForwardingEntry] = []
        for _ in 0..<(try reader.count(atMost: reader.remaining)) {
            let index = UInt32(truncatingIfNeeded: try reader.varint())
            let vlan = Int(truncatingIfNeeded: try reader.varint() & 0xffff)
            var mac: UInt64 = 0
            for _ in 0..<(try reader.count(atMost: reader.remaining)) {
                mac &+= try reader.varint()
                entries.append(
                    ForwardingEntry(mac: MACAddress(value: mac), vlan: vlan == 0 ? nil : vlan, interfaceIndex: index))
            }
        }
        return entries
    }
}
