import Foundation

/// Text in GB 18030, which devices of the mainland send where they were set up with Chinese names.
enum GuobiaoText {
    /// The characters of octets that are no UTF-8; nil when they read better as Latin-1.
    ///
    /// Nearly any octets decode as something. Chinese text shows in its pairs: most lie in the first level of GB 2312, the 3755
    /// common characters, where Western text would have to set two accented capitals side by side.
    static func decoded(_ bytes: ArraySlice<UInt8>) -> String? {
        if let text = characters(bytes) { return text }
        // Devices cut names off at a length in octets, and so within a character.
        return bytes.count > 2 ? characters(bytes.dropLast()) : nil
    }

    private static func characters(_ bytes: ArraySlice<UInt8>) -> String? {
        guard isLikely(bytes) else { return nil }
        return String(data: Data(bytes), encoding: encoding)
    }

    /// kCFStringEncodingGB_18030_2000, as Foundation numbers the encodings of Core Foundation.
    private static let encoding = String.Encoding(rawValue: 0x8000_0632)

    private static func isLikely(_ bytes: ArraySlice<UInt8>) -> Bool {
        var pairs = 0
        var common = 0
        var rest = bytes
        while let first = rest.popFirst() {
            guard first >= 0x80 else { continue }
            guard (0x81...0xfe).contains(first), let second = rest.popFirst() else { return false }
            pairs += 1
            switch second {
            case 0x30...0x39:
                // Four octets: 81–FE, 30–39, 81–FE, 30–39.
                guard let third = rest.popFirst(), (0x81...0xfe).contains(third), let fourth = rest.popFirst(),
                    (0x30...0x39).contains(fourth)
                else { return false }
            case 0x40...0x7e, 0x80...0xfe:
                if (0xb0...0xd7).contains(first), second >= 0xa1 { common += 1 }
            default: return false
            }
        }
        return common * 2 > pairs
    }
}

extension SNMPText {
    /// UTF-8 that was cut off within its last character, without what is left of that.
    static func cutOff(_ bytes: ArraySlice<UInt8>) -> String? {
        guard let start = bytes.suffix(3).lastIndex(where: { $0 >= 0xc2 }), start > bytes.startIndex,
            bytes[(start + 1)...].allSatisfy({ $0 & 0xc0 == 0x80 }), bytes[..<start].contains(where: { $0 >= 0x80 })
        else { return nil }
        return String(validating: bytes[..<start], as: UTF8.self)
    }
}

extension SNMPText {
    /// A text whose later lines are octets in hexadecimal, as tools print a string with octets that are no characters; any other
    /// text as it is.
    static func undumped(_ text: String) -> String {
        var lines = text.split(separator: "\n")
        guard lines.count > 1 else { return text }
        var octets = Array(lines.removeFirst().utf8)
        for pair in lines.joined(separator: " ").split(separator: " ") {
            guard pair.utf8.count == 2, let octet = UInt8(pair, radix: 16) else { return text }
            octets.append(octet)
        }
        return decoded(octets[...])
    }
}
