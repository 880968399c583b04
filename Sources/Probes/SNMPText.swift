/// Device strings as text. Nothing a device sends is refused: it only may look odd.
package enum SNMPText {
    /// DisplayString or SnmpAdminString (RFC 2579, RFC 3411): UTF-8, else GB 18030 or Latin-1; without NULs, and without blanks at the ends.
    package static func decoded(_ bytes: ArraySlice<UInt8>) -> String {
        let trimmed = trimmed(bytes)
        if trimmed.isEmpty { return "" }
        if let text = String(validating: trimmed, as: UTF8.self) {
            return trimmed.contains(0) ? text.replacing("\0", with: "") : text
        }
        if let text = cutOff(trimmed) ?? GuobiaoText.decoded(trimmed) { return text }
        var text = ""
        for byte in trimmed where byte != 0 { text.unicodeScalars.append(Unicode.Scalar(byte)) }
        return text
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = bytes
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        while let first = rest.first, isBlank(first) { rest.removeFirst() }
        return rest
    }

    /// Without blanks at the ends.
    static func trimmed(_ text: String) -> String { decoded(Array(text.utf8)[...]) }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0 || byte == 0x20 || (9...13).contains(byte)
    }

    /// The number that a text begins with: `42`, `-3.5`, `21.4 C`, `57%`; nil when there is none.
    static func number(_ text: String) -> Double? {
        let digits = text.utf8.drop { $0 == 0x20 }.prefix { byte in
            (48...57).contains(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
        }
        guard digits.count <= 32, let number = Double(String(Substring(digits))), number.isFinite else { return nil }
        return number
    }
}
