/// Writes JSON (RFC 8259) in the order it is told, without building a tree; nil, NaN and infinities are left out.
struct JSONWriter {
    private var bytes: [UInt8] = []

    var text: String { String(decoding: bytes, as: UTF8.self) }

    mutating func object(_ body: (inout JSONWriter) -> Void) {
        separate()
        enclosed("{", "}", body)
    }

    mutating func object(_ key: String, _ body: (inout JSONWriter) -> Void) {
        name(key)
        enclosed("{", "}", body)
    }

    mutating func array(_ key: String, _ body: (inout JSONWriter) -> Void) {
        name(key)
        enclosed("[", "]", body)
    }

    mutating func element(_ value: String) {
        separate()
        string(value)
    }

    mutating func member(_ key: String, _ value: String) {
        name(key)
        string(value)
    }

    /// Only when there is something to say.
    mutating func present(_ key: String, _ value: String) {
        if !value.isEmpty { member(key, value) }
    }

    mutating func member(_ key: String, _ value: Int64?) {
        guard let value else { return }
        name(key)
        bytes.append(contentsOf: String(value).utf8)
    }

    mutating func member(_ key: String, _ value: UInt64?) {
        guard let value else { return }
        name(key)
        bytes.append(contentsOf: String(value).utf8)
    }

    mutating func member(_ key: String, _ value: Double?) {
        guard let value, value.isFinite else { return }
        name(key)
        bytes.append(contentsOf: value.description.utf8)
    }

    private mutating func enclosed(_ open: Unicode.Scalar, _ close: Unicode.Scalar, _ body: (inout JSONWriter) -> Void) {
        bytes.append(UInt8(ascii: open))
        body(&self)
        bytes.append(UInt8(ascii: close))
    }

    private mutating func name(_ key: String) {
        separate()
        string(key)
        bytes.append(UInt8(ascii: ":"))
    }

    /// A comma, unless the value is the first of its container or of all.
    private mutating func separate() {
        guard let last = bytes.last, last != UInt8(ascii: "{"), last != UInt8(ascii: "["), last != UInt8(ascii: ":") else {
            return
        }
        bytes.append(UInt8(ascii: ","))
    }

    private mutating func string(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20: bytes.append(contentsOf: "\\u00\(Hexadecimal.text(CollectionOfOne(byte)))".utf8)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
