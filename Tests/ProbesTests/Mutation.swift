import Definitions

/// A definition with one thing changed that a recording must notice.
struct Mutation {
    var line: Int
    /// What was changed, for the message.
    var what: String
    var document: Element

    /// Every identifier, column, factor, pattern, condition and map of a definition, changed in turn.
    static func all(of document: Element) -> [Mutation] {
        var found: [Mutation] = []
        walk(document, path: []) { place, what, changed in
            found.append(Mutation(line: place.line, what: what, document: changed))
        }
        return found
    }

    /// Factors and places whose every digit counts.
    private static let numbers: Set<String> = ["multiply", "divide", "offset", "byte", "width", "bit", "part", "unit"]
    private static let maps: Set<String> = ["names", "numbers", "states", "replace"]
    private static let conditions: Set<String> = ["only", "skip", "less", "total_of", "until"]

    /// Calls `found` with every place, what is there, and the whole element with that place changed.
    private static func walk(_ element: Element, path: [String], found: (Element, String, Element) -> Void) {
        if let (what, changed) = change(element, path) {
            found(element, what, changed)
            return
        }
        switch element.value {
        case .scalar: break
        case .sequence(let list):
            for (position, item) in list.enumerated() {
                walk(item, path: path) { place, what, changed in
                    var copy = list
                    copy[position] = changed
                    found(place, what, element.replaced(by: .sequence(copy)))
                }
            }
        case .mapping(let pairs):
            for (position, pair) in pairs.enumerated() {
                let key = pair.key.text ?? ""
                if ["match", "traps", "identity", "instead_of"].contains(key) { continue }
                walk(pair.value, path: path + [key]) { place, what, changed in
                    var copy = pairs
                    copy[position].value = changed
                    found(place, what, element.replaced(by: .mapping(copy)))
                }
            }
        }
    }

    private static func change(_ element: Element, _ path: [String]) -> (String, Element)? {
        guard let key = path.last else { return nil }
        switch element.value {
        case .mapping(let pairs) where maps.contains(key) && path.first != "tables" || isColumnMap(path):
            return ("the map `\(key)`", element.replaced(by: .mapping(pairs.map { (renamed($0.key), $0.value) })))
        case .sequence where conditions.contains(key) || key == "absent":
            return ("`\(key)`", element.replaced(by: .sequence([])))
        case .scalar(let text, let quoted):
            guard let other = changed(text, key, path) else { return nil }
            return ("`\(text)`", element.replaced(by: .scalar(other, quoted: quoted)))
        default: return nil
        }
    }

    private static func isColumnMap(_ path: [String]) -> Bool {
        path.count == 5 && path[0] == "tables" && path[2] == "columns" && maps.contains(path[4])
    }

    private static func renamed(_ key: Element) -> Element {
        guard case .scalar(let text, let quoted) = key.value else { return key }
        return key.replaced(by: .scalar("9" + text, quoted: quoted))
    }

    private static func changed(_ text: String, _ key: String, _ path: [String]) -> String? {
        if path.first == "tables" {
            if path.count == 3, ["table", "scalars"].contains(key) { return text + "7" }
            if path.count == 4, path[2] == "columns" { return text + "7" }
            if path.count == 5, path[2] == "columns" { return changedColumn(text, key) }
            return nil
        }
        if text.hasPrefix("=") { return "= (\(text.dropFirst())) * 7 + 3" }
        if numbers.contains(key), Double(text) != nil { return text + "7" }
        return nil
    }

    private static func changedColumn(_ text: String, _ key: String) -> String? {
        switch key {
        case "column", "instance": return text + "7"
        case "index":
            guard let first = Int(text.prefix { $0.isNumber }) else { return "-7" }
            return "\(first + 1)" + text.drop { $0.isNumber }
        case "pattern": return "zz7qq"
        case "text": return text + "7"
        default: return numbers.contains(key) && Double(text) != nil ? text + "7" : nil
        }
    }
}
