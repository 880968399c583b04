package import Evidence

/// What a query returned, written for people, programs or spreadsheets.
package enum TableReport {
    package enum Format: String, CaseIterable, Sendable { case table, json, csv }

    package static func written(_ table: ResultTable, as format: Format) -> String {
        switch format {
        case .table: text(table)
        case .json: json(table).serialised(pretty: true) + "\n"
        case .csv: csv(table)
        }
    }

    /// Aligned columns and the number of rows.
    package static func text(_ table: ResultTable) -> String {
        let numeric = table.columns.indices.filter { column in
            let values = table.rows.lazy.map { $0[column] }.filter { !$0.isNull }
            return !values.isEmpty && values.allSatisfy { $0.double != nil }
        }
        let rows = table.rows.map { $0.map(plain) }
        let lines = TextTable(columns: table.columns, rows: rows, numeric: Set(numeric)).text
        return lines + (table.rows.count == 1 ? "1 row\n" : "\(table.rows.count) rows\n")
    }

    /// A list with one object a row; blobs are lower-case hexadecimal.
    package static func json(_ table: ResultTable) -> JSONValue {
        .array(
            table.rows.map { row in
                .object(zip(table.columns, row).map { JSONValue.Member($0, value($1)) })
            })
    }

    /// RFC 4180 with a heading; NULL is an empty field.
    package static func csv(_ table: ResultTable) -> String {
        var writer = CommaSeparated()
        writer.append(table.columns.map { .text($0) })
        for row in table.rows { writer.append(row.map(field)) }
        return writer.text
    }

    private static func plain(_ value: EvidenceValue) -> String {
        switch value {
        case .null: ""
        case .integer(let number): String(number)
        case .real(let number): Figures.shortest(number)
        case .text(let text): text
        case .blob(let bytes): hexadecimal(bytes)
        }
    }

    private static func field(_ value: EvidenceValue) -> CommaSeparated.Field {
        switch value {
        case .null: .empty
        case .integer, .real: .number(plain(value))
        case .text(let text): .text(text)
        case .blob: .text(plain(value))
        }
    }

    private static func value(_ value: EvidenceValue) -> JSONValue {
        switch value {
        case .null: .null
        case .integer(let number): .integer(number)
        case .real(let number): .number(number)
        case .text(let text): .text(text)
        case .blob(let bytes): .text(hexadecimal(bytes))
        }
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        var text = ""
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes { text += (byte < 16 ? "0" : "") + String(byte, radix: 16) }
        return text
    }
}
