/// SQL that a definition file carries, with the parameters it asks for.
package struct QueryText: Hashable, Sendable {
    package let sql: String
    /// Names of `:name` parameters outside of quotes and comments.
    package let parameters: Set<String>

    package init(_ sql: String) {
        self.sql = sql
        parameters = Self.parameters(in: Array(sql.utf8))
    }

    /// What prepared columns lack: each of `required`, and each placeholder; as (what, remedy).
    package static func mistakes(columns: [String], required: [String], placeholders: Set<String>) -> [(
        what: String, remedy: String
    )] {
        let given = Set(columns)
        let list = columns.joined(separator: ", ")
        let missing = required.filter { !given.contains($0) }.map {
            (what: "the query gives no column `\($0)`", remedy: "name a result `AS \($0)`; it gives \(list)")
        }
        let unknown = placeholders.subtracting(given).sorted().map {
            (what: "`{\($0)}` is no column of the query", remedy: "use one of \(list)")
        }
        return missing + unknown
    }

    private static func parameters(in bytes: [UInt8]) -> Set<String> {
        var names: Set<String> = []
        var index = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"):
                index = end(of: bytes[index], in: bytes, after: index)
            case UInt8(ascii: "-") where index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "-"):
                index = end(of: UInt8(ascii: "\n"), in: bytes, after: index)
            case UInt8(ascii: ":"):
                let name = bytes[(index + 1)...].prefix { isNameByte($0) }
                if !name.isEmpty { names.insert(String(decoding: name, as: UTF8.self)) }
                index += name.count + 1
            default:
                index += 1
            }
        }
        return names
    }

    private static func end(of closing: UInt8, in bytes: [UInt8], after start: Int) -> Int {
        (bytes[(start + 1)...].firstIndex(of: closing) ?? bytes.count - 1) + 1
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (byte >= 97 && byte <= 122) || (byte >= 65 && byte <= 90) || (byte >= 48 && byte <= 57) || byte == 95
    }
}
