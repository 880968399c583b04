/// An ASN.1 object identifier (X.680 §32; at most 128 arcs of 32 bits in SNMP, RFC 2578 §3.5).
package struct ObjectIdentifier: Hashable, Comparable, Sendable {
    package var arcs: [UInt32]

    package init(_ arcs: [UInt32]) { self.arcs = arcs }

    package static func < (left: ObjectIdentifier, right: ObjectIdentifier) -> Bool {
        left.arcs.lexicographicallyPrecedes(right.arcs)
    }

    package func appending(_ suffix: some Sequence<UInt32>) -> ObjectIdentifier {
        ObjectIdentifier(arcs + suffix)
    }

    package func starts(with prefix: ObjectIdentifier) -> Bool {
        arcs.starts(with: prefix.arcs)
    }
}

extension ObjectIdentifier: CustomStringConvertible, LosslessStringConvertible, ExpressibleByStringLiteral {
    /// Dotted decimal without a leading dot.
    package var description: String { arcs.map { String($0) }.joined(separator: ".") }

    /// Dotted decimal, a leading dot allowed; nil when an arc is no 32-bit number or there are more than 128.
    package init?(_ text: String) {
        let body = text.hasPrefix(".") ? text.dropFirst() : text[...]
        let parts = body.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...128).contains(parts.count) else { return nil }
        var arcs: [UInt32] = []
        arcs.reserveCapacity(parts.count)
        for part in parts {
            guard let arc = UInt32(part), part.utf8.first != UInt8(ascii: "+") else { return nil }
            arcs.append(arc)
        }
        self.arcs = arcs
    }

    /// For identifiers written in source; a malformed literal is a programmer's error.
    package init(stringLiteral text: String) {
        guard let oid = ObjectIdentifier(text) else { preconditionFailure("\(text) is no object identifier") }
        self = oid
    }
}
