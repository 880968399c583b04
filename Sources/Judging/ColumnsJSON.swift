import Campus

/// A row's columns as one JSON object, keys sorted; the columns that `rule_result` has of its own are left out.
enum ColumnsJSON {
    private static let ownColumns: Set<String> = ["subject", "outcome", "value", "samples", "expected", "seen_at"]

    static func text(_ columns: [String: ColumnValue]) -> String {
        let members = columns.filter { !ownColumns.contains($0.key) && $0.value != .null }.sorted { $0.key < $1.key }
        return "{" + members.map { quoted($0.key) + ":" + written($0.value) }.joined(separator: ",") + "}"
    }

    private static func written(_ value: ColumnValue) -> String {
        switch value {
        case .null: "null"
        case .integer(let number): String(number)
        case .real(let number): number.isFinite ? String(number) : "null"
        case .text(let text): quoted(text)
        }
    }

    private static func quoted(_ text: String) -> String {
        var json = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": json += "\\\""
            case "\\": json += "\\\\"
            case _ where scalar.value < 0x20: json += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: json.unicodeScalars.append(scalar)
            }
        }
        return json + "\""
    }
}
