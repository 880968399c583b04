import Campus

/// A value on its way from the wire to text or number.
enum Content {
    case integer(Int64)
    case unsigned(UInt64)
    case number(Double)
    case octets([UInt8])
    case arcs(ArraySlice<UInt32>)
    case text(String)

    /// As a definition's maps write it: a number, a dotted identifier, or the text itself.
    var text: String {
        switch self {
        case .integer(let number): String(number)
        case .unsigned(let number): String(number)
        case .number(let number): Content.text(of: number)
        case .octets(let bytes): SNMPText.decoded(bytes[...])
        case .arcs(let arcs): arcs.map { String($0) }.joined(separator: ".")
        case .text(let text): text
        }
    }

    var number: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .unsigned(let number): Double(number)
        case .number(let number): number
        case .octets(let bytes): SNMPText.number(SNMPText.decoded(bytes[...]))
        case .arcs(let arcs): arcs.count == 1 ? arcs.first.map { Double($0) } : nil
        case .text(let text): SNMPText.number(text)
        }
    }

    /// A whole number: as sent, or a text that is nothing else.
    var integer: Int64? {
        switch self {
        case .integer(let number): number
        case .unsigned(let number): Int64(exactly: number)
        case .number(let number): Int64(exactly: number.rounded())
        case .octets(let bytes): Int64(SNMPText.decoded(bytes[...]))
        case .arcs(let arcs): arcs.count == 1 ? arcs.first.map { Int64($0) } : nil
        case .text(let text): Int64(text)
        }
    }

    var octets: [UInt8] {
        switch self {
        case .octets(let bytes): bytes
        case .arcs(let arcs): arcs.map { UInt8(truncatingIfNeeded: $0) }
        default: Array(text.utf8)
        }
    }

    /// The index of another table's row that it tells.
    var index: [UInt32]? {
        switch self {
        case .arcs(let arcs): Array(arcs)
        case .integer, .unsigned, .number: integer.flatMap { UInt32(exactly: $0) }.map { [$0] }
        case .octets, .text: ObjectIdentifier(text)?.arcs
        }
    }

    /// Without a fraction that is none.
    static func text(of number: Double) -> String {
        Int64(exactly: number).map { String($0) } ?? String(number)
    }
}

/// How a derived column is made from another: read in another way, then cut, matched and replaced, in this order.
struct ColumnTransform: Sendable {
    enum Reading: Sendable {
        case ascii, text, dump, hex, mac, ip, date, float, upper, lower, trim
        case signed(bits: Int)
        /// A number in octets; `start` from 0.
        case octets(start: Int, width: Int, isSigned: Bool, isLittleEndian: Bool)
        /// Bit 0 is the highest of the first octet (SMIv2 BITS), or the lowest of a number.
        case bit(Int)
        /// The number in some bits of a number.
        case bits(low: Int, high: Int)
    }

    var reading: Reading?
    var separator: String?
    /// From 1; negative ones count from the end.
    var part = 1
    var pattern: TextExpression?
    var template: [TextExpression.TemplatePart]?
    var replacements: [(pattern: TextExpression, with: [TextExpression.TemplatePart])] = []

    /// nil when there is no such part or the pattern does not match.
    func applied(to content: Content) -> Content? {
        var result: Content? = content
        if let reading { result = reading.applied(to: content) }
        if let separator { result = result.flatMap { Self.part(part, of: $0.text, separator) }.map { .text($0) } }
        if let pattern { result = result.flatMap { Self.matched(pattern, template, $0.text) }.map { .text($0) } }
        if !replacements.isEmpty {
            result = result.map { content in
                .text(
                    replacements.reduce(content.text) { text, replacement in
                        replacement.pattern.replacing(in: text, with: replacement.with)
                    })
            }
        }
        return result
    }

    private static func part(_ number: Int, of text: String, _ separator: String) -> String? {
        let parts = text.split(separator: separator, omittingEmptySubsequences: false)
        let place = number < 0 ? parts.count + number : number - 1
        return parts.indices.contains(place) ? SNMPText.trimmed(String(parts[place])) : nil
    }

    private static func matched(_ pattern: TextExpression, _ template: [TextExpression.TemplatePart]?, _ text: String) -> String?
    {
        guard let groups = pattern.groups(in: text) else { return nil }
        guard let template else { return groups.count > 1 ? groups[1] ?? groups.dropFirst().compactMap(\.self).first : groups[0] }
        return template.map { part in
            switch part {
            case .text(let text): text
            case .group(let number): number < groups.count ? groups[number] ?? "" : ""
            }
        }.joined()
    }
}

extension ColumnTransform.Reading {
    func applied(to content: Content) -> Content? {
        switch self {
        case .text: .text(content.text)
        case .dump: .text(SNMPText.undumped(content.text))
        case .ascii: .text(Self.ascii(content))
        case .upper: .text(content.text.uppercased())
        case .lower: .text(content.text.lowercased())
        case .trim: .text(SNMPText.trimmed(content.text))
        case .hex: .text(Hexadecimal.text(content.octets))
        case .mac: Self.mac(content).map { .text($0.description) }
        case .ip: Self.address(content).map { .text($0.description) }
        case .date: Self.date(content.octets).map { .text($0) }
        case .float: Self.float(content.octets).map { .number($0) }
        case .signed(let bits): content.integer.map { .integer(Self.signed($0, bits: bits)) }
        case .octets(let start, let width, let isSigned, let isLittleEndian):
            Self.number(content.octets, start, width, isLittleEndian).map {
                .integer(isSigned ? Self.signed($0, bits: width * 8) : $0)
            }
        case .bit(let bit): Self.bit(bit, of: content).map { .integer($0) }
        case .bits(let low, let high):
            content.integer.map { number in
                .integer((number >> Int64(low)) & ((1 << Int64(high - low + 1)) - 1))
            }
        }
    }

    /// Arcs as characters; a leading arc that counts the others is left out.
    private static func ascii(_ content: Content) -> String {
        var octets = content.octets
        if case .arcs = content, let first = octets.first, Int(first) == octets.count - 1 { octets.removeFirst() }
        return SNMPText.decoded(octets[...])
    }

    /// Six octets, six arcs, or a text of twelve digits with or without separators.
    static func mac(_ content: Content) -> MACAddress? {
        let octets = content.octets
        return octets.count == 6 ? MACAddress(octets: octets[...]) : MACAddress(content.text)
    }

    static func address(_ content: Content) -> IPAddress? {
        if case .octets(let octets) = content {
            if octets.count == 4 { return IPAddress(octets: octets[...]) }
            // Longer ones may be a text: `10.0.0.1` is eight octets, too.
            return IPAddress(content.text) ?? IPAddress(octets: octets[...])
        }
        if case .arcs(let arcs) = content, arcs.count != 4 { return IPAddress(octets: content.octets[...]) }
        return IPAddress(content.text)
    }

    /// DateAndTime (RFC 2579): `2024-05-01`.
    private static func date(_ octets: [UInt8]) -> String? {
        guard octets.count >= 8 else { return nil }
        let (year, month, day) = (Int(octets[0]) << 8 | Int(octets[1]), octets[2], octets[3])
        guard (1...12).contains(month), (1...31).contains(day), year < 10_000 else { return nil }
        let padded = { (number: Int, width: Int) in
            String(repeating: "0", count: max(0, width - String(number).count)) + String(number)
        }
        return "\(padded(year, 4))-\(padded(Int(month), 2))-\(padded(Int(day), 2))"
    }

    /// IEEE 754 in four or eight octets, big-endian.
    private static func float(_ octets: [UInt8]) -> Double? {
        let bits = octets.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let value: Double
        switch octets.count {
        case 4: value = Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
        case 8: value = Double(bitPattern: bits)
        default: return nil
        }
        return value.isFinite ? value : nil
    }

    private static func signed(_ number: Int64, bits: Int) -> Int64 {
        guard (1..<64).contains(bits) else { return number }
        let shift = 64 - Int64(bits)
        return (number << shift) >> shift
    }

    private static func number(_ octets: [UInt8], _ start: Int, _ width: Int, _ isLittleEndian: Bool) -> Int64? {
        guard start >= 0, (1...8).contains(width), start + width <= octets.count else { return nil }
        let part = octets[start..<(start + width)]
        let bits = (isLittleEndian ? Array(part.reversed()) : Array(part)).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int64(truncatingIfNeeded: bits)
    }

    private static func bit(_ bit: Int, of content: Content) -> Int64? {
        if case .octets(let octets) = content {
            guard bit / 8 < octets.count else { return 0 }
            return Int64((octets[bit / 8] >> UInt8(7 - bit % 8)) & 1)
        }
        guard bit < 64 else { return nil }
        return content.integer.map { ($0 >> Int64(bit)) & 1 }
    }
}
