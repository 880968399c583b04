package import Campus
import Definitions
import Foundation
import Reporting

/// `inventory.yaml` or a CSV file with the same columns: devices beside those of campanile.yaml.
///
/// What people wrote stays as it is; new devices come behind it, one a line.
package struct InventoryFile: Sendable {
    package let path: String
    private var text: String

    package static let columns = [
        "address", "port", "name", "layer", "place", "owner", "credential", "tags", "watch", "management_zone",
    ]

    package var isCSV: Bool { path.lowercased().hasSuffix(".csv") }

    /// Reads the file; one that does not exist is empty.
    package init(path: String) throws {
        self.path = path
        guard FileManager.default.fileExists(atPath: path) else {
            text = ""
            return
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw AgentError(thing: path, reason: "cannot be read", remedy: "give this user the right to read it")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw AgentError(thing: path, reason: "not UTF-8", remedy: "save it as UTF-8 (in a spreadsheet: CSV UTF-8)")
        }
        self.text = text
    }

    package mutating func append(_ devices: [DeclaredDevice]) {
        guard !devices.isEmpty else { return }
        if isCSV {
            if text.isEmpty { text = Self.record(Self.columns) }
            if !text.hasSuffix("\n") { text += "\r\n" }
            for device in devices { text += Self.record(Self.fields(device)) }
        } else {
            if text.allSatisfy(\.isWhitespace) {
                text = "# Devices beside those of campanile.yaml. `campanile discover` adds to its end.\n"
            }
            if !text.hasSuffix("\n") { text += "\n" }
            let hasList = text.split(separator: "\n").contains { $0.hasPrefix("devices:") }
            if !hasList { text += "devices:\n" }
            text.replace("devices: []\n", with: "devices:\n")
            // The list goes on with the indentation that it has.
            let indent =
                text.split(separator: "\n").last { $0.drop(while: { $0 == " " }).hasPrefix("- ") }?.prefix { $0 == " " } ?? "  "
            for device in devices { text += "\(indent)- \(Self.line(device))\n" }
        }
    }

    /// Gives a device another credential where it stands on a line of its own; false where it must be done by hand.
    package mutating func change(credential: String, of address: IPAddress) -> Bool {
        guard !isCSV else { return false }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for (place, line) in lines.enumerated() {
            let words = line.split { " ,{}".contains($0) }
            guard line.contains("{"), line.contains("}"), let key = words.firstIndex(of: "address:"), words.count > key + 1,
                words[key + 1].filter({ $0 != "\"" }) == address.description, let old = words.firstIndex(of: "credential:"),
                words.count > old + 1
            else { continue }
            lines[place] = line.replacing("credential: \(words[old + 1])", with: "credential: \(Self.scalar(credential))")
            text = lines.joined(separator: "\n")
            return true
        }
        return false
    }

    /// Writes it beside and puts it in place, so that nobody reads half of it.
    package func write() throws {
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw AgentError(thing: path, reason: "cannot be written", remedy: "give this user the right to write its folder")
        }
    }

    // MARK: One device

    private static func line(_ device: DeclaredDevice) -> String {
        var pairs = [("address", device.address.isIPv4 ? device.address.description : scalar(device.address.description))]
        if device.port != 161 { pairs.append(("port", "\(device.port)")) }
        pairs.append(("name", scalar(device.name)))
        if let layer = device.layer { pairs.append(("layer", layer.rawValue)) }
        if let place = device.place { pairs.append(("place", scalar(place))) }
        if let owner = device.owner { pairs.append(("owner", scalar(owner))) }
        if let credential = device.credential { pairs.append(("credential", scalar(credential))) }
        if !device.tags.isEmpty { pairs.append(("tags", "[\(device.tags.map(scalar).joined(separator: ", "))]")) }
        return "{\(pairs.map { "\($0): \($1)" }.joined(separator: ", "))}"
    }

    /// Plain where YAML reads it as the same text, else quoted.
    private static func scalar(_ text: String) -> String {
        let isPlain =
            text.unicodeScalars.first?.properties.isAlphabetic == true
            && text.unicodeScalars.allSatisfy {
                $0.properties.isAlphabetic || $0.properties.numericType != nil || "-._/".unicodeScalars.contains($0)
            }
            && !["true", "false", "yes", "no", "on", "off", "null"].contains(text.lowercased())
        return isPlain ? text : JSONValue.text(text).serialised()
    }

    private static func fields(_ device: DeclaredDevice) -> [String] {
        [
            device.address.description, device.port == 161 ? "" : "\(device.port)", device.name, device.layer?.rawValue ?? "",
            device.place ?? "", device.owner ?? "", device.credential ?? "", device.tags.joined(separator: " "),
            device.watch.joined(separator: " "), "",
        ]
    }

    private static func record(_ fields: [String]) -> String {
        var csv = CommaSeparated()
        csv.append(fields.map { $0.isEmpty ? .empty : .text($0) })
        return csv.text
    }
}

/// Reads a CSV inventory as the list of devices that the YAML one is.
enum InventoryTable {
    /// One mapping a record, with the places of its fields; what is wrong is told.
    static func elements(of path: String, problems: Problems) -> [Element] {
        guard let data = FileManager.default.contents(atPath: path), let text = String(validating: data, as: UTF8.self) else {
            problems.add(
                Problem(
                    file: path, line: 1, column: 1, what: "not UTF-8, or not readable",
                    remedy: "save it as CSV UTF-8, readable by the daemon"))
            return []
        }
        var records = records(in: text.hasPrefix("\u{feff}") ? String(text.dropFirst()) : text)
        guard !records.isEmpty else { return [] }
        let heading = records.removeFirst()
        for cell in heading.cells where !InventoryFile.columns.contains(cell) {
            problems.add(
                Problem(
                    file: path, line: 1, column: 1, what: "unknown column `\(cell)`",
                    remedy: suggestion(cell, among: InventoryFile.columns)))
        }
        return records.compactMap { record in
            if record.cells.allSatisfy(\.isEmpty) { return nil }
            let place = { (value: Element.Value) in Element(value, file: path, line: record.line, column: 1) }
            var pairs: [(key: Element, value: Element)] = []
            for (column, cell) in zip(heading.cells, record.cells) where !cell.isEmpty {
                let key = place(.scalar(column, quoted: false))
                // What our own writer put before a text that a spreadsheet would run.
                let plain = cell.hasPrefix("'") ? String(cell.dropFirst()) : cell
                if ["tags", "watch"].contains(column) {
                    pairs.append(
                        (key, place(.sequence(plain.split(separator: " ").map { place(.scalar(String($0), quoted: true)) }))))
                } else {
                    pairs.append((key, place(.scalar(plain, quoted: !["port", "management_zone"].contains(column)))))
                }
            }
            return place(.mapping(pairs))
        }
    }

    /// RFC 4180: fields between commas (or semicolons, as some spreadsheets write), quotes doubled within quotes.
    private static func records(in text: String) -> [(line: Int, cells: [String])] {
        let separator: Unicode.Scalar = text.prefix { !$0.isNewline }.contains(";") ? ";" : ","
        var records: [(Int, [String])] = []
        var cells: [String] = []
        var cell = String.UnicodeScalarView()
        var (line, start) = (1, 1)
        var isQuoted = false
        var scalars = text.unicodeScalars.makeIterator()
        var pending = scalars.next()
        while let scalar = pending {
            pending = scalars.next()
            if scalar == "\n" { line += 1 }
            switch scalar {
            case "\"" where isQuoted && pending == "\"":
                cell.append(scalar)
                pending = scalars.next()
            case "\"": isQuoted.toggle()
            case _ where isQuoted: cell.append(scalar)
            case separator:
                cells.append(String(cell))
                cell = String.UnicodeScalarView()
            case "\r": continue
            case "\n":
                records.append((start, cells + [String(cell)]))
                (cells, cell, start) = ([], String.UnicodeScalarView(), line)
            default: cell.append(scalar)
            }
        }
        if !cells.isEmpty || !cell.isEmpty { records.append((start, cells + [String(cell)])) }
        return records
    }
}
