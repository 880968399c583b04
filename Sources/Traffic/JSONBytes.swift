import Campus

extension [UInt8] {
    mutating func append(decimal number: UInt64) {
        guard number >= 10 else { return append(48 &+ UInt8(truncatingIfNeeded: number)) }
        let start = count
        var rest = number
        while rest > 0 {
            append(48 &+ UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        }
        self[start...].reverse()
    }

    /// RFC 5952 text.
    mutating func append(address: IPAddress) {
        guard address.isIPv4 else { return append(contentsOf: address.description.utf8) }
        for shift in [24, 16, 8, 0] as [UInt64] {
            append(decimal: address.low >> shift & 255)
            if shift > 0 { append(UInt8(ascii: ".")) }
        }
    }

    /// RFC 8259 §7, quotes included.
    mutating func append(jsonString text: String) {
        append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                append(UInt8(ascii: "\\"))
                append(byte)
            case 0..<32:
                append(contentsOf: "\\u00".utf8)
                append(byte >> 4 &+ 48)
                append(byte & 15 < 10 ? byte & 15 &+ 48 : byte & 15 &+ 87)
            default: append(byte)
            }
        }
        append(UInt8(ascii: "\""))
    }
}
