/// Writes JSON members in the order in which they are given, on one line, so that a line's bytes can be told in advance.
struct JSONWriter {
    private var text = ""
    private var isFirst = true

    static func object(_ body: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        body(&writer)
        return "{" + writer.text + "}"
    }

    mutating func object(_ key: String, _ body: (inout JSONWriter) -> Void) { member(key, Self.object(body)) }
    mutating func string(_ key: String, _ value: String) { member(key, Self.quoted(value)) }
    mutating func strings(_ key: String, _ values: [String]) {
        member(key, "[" + values.map(Self.quoted).joined(separator: ",") + "]")
    }
    mutating func number(_ key: String, _ value: Int64) { member(key, String(value)) }

    /// Whole numbers are written without a fraction; what is no number is null.
    mutating func number(_ key: String, _ value: Double) {
        let whole = Int64(exactly: value)
        member(key, whole.map { String($0) } ?? (value.isFinite ? String(value) : "null"))
    }

    private mutating func member(_ key: String, _ value: String) {
        if !isFirst { text += "," }
        isFirst = false
        text += Self.quoted(key) + ":" + value
    }

    /// RFC 8259 §7. U+2028 and U+2029 are escaped too, for readers that take them as the end of a line.
    static func quoted(_ text: String) -> String {
        var json = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": json += "\\\""
            case "\\": json += "\\\\"
            case "\n": json += "\\n"
            case "\r": json += "\\r"
            case "\t": json += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F || scalar.value == 0x2028 || scalar.value == 0x2029:
                let digits = String(scalar.value, radix: 16)
                json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: json.unicodeScalars.append(scalar)
            }
        }
        return json + "\""
    }
}
