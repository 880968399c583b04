/// Reads a building and a room out of sysLocation: `{building}/{room}`, `{campus}-{building}-{room}`.
package struct LocationPattern: Hashable, Sendable, CustomStringConvertible {
    package struct Location: Hashable, Sendable {
        package var campus = ""
        package var building = ""
        package var room = ""

        /// As places are named: `图书馆/机房`.
        package var id: String { room.isEmpty ? building : "\(building)/\(room)" }
    }

    private enum Part: Hashable, Sendable {
        case field(String)
        case literal(String)
    }

    package let description: String
    private var parts: [Part] = []

    /// nil unless it names `{building}`, each field once, and something stands between two fields.
    package init?(_ text: String) {
        description = text
        var rest = text[...]
        while !rest.isEmpty {
            if rest.first == "{" {
                guard let end = rest.firstIndex(of: "}") else { return nil }
                let name = String(rest[rest.index(after: rest.startIndex)..<end])
                guard ["campus", "building", "room", "_"].contains(name) else { return nil }
                if case .field = parts.last { return nil }
                if name != "_", parts.contains(.field(name)) { return nil }
                parts.append(.field(name))
                rest = rest[rest.index(after: end)...]
            } else {
                let literal = rest.prefix { $0 != "{" }
                parts.append(.literal(String(literal)))
                rest = rest.dropFirst(literal.count)
            }
        }
        guard parts.contains(.field("building")) else { return nil }
    }

    /// What a location says; nil where it does not fit from its beginning to its end.
    package func location(in text: String) -> Location? {
        var location = Location()
        var rest = text[...]
        for (place, part) in parts.enumerated() {
            switch part {
            case .literal(let literal):
                guard rest.hasPrefix(literal) else { return nil }
                rest = rest.dropFirst(literal.count)
            case .field(let name):
                var end = rest.endIndex
                if place + 1 < parts.count, case .literal(let literal) = parts[place + 1] {
                    guard let found = rest.firstRange(of: literal) else { return nil }
                    end = found.lowerBound
                }
                let word = Self.trimmed(rest[..<end])
                guard !word.isEmpty, word.count <= 64 else { return nil }
                switch name {
                case "campus": location.campus = word
                case "building": location.building = word
                case "room": location.room = word
                default: break
                }
                rest = rest[end...]
            }
        }
        return rest.allSatisfy(\.isWhitespace) ? location : nil
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
