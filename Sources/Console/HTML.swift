/// Markup in the making. Text put into it by interpolation is escaped, always; only another `HTML` goes in as it stands.
///
/// So there is one door for the words of devices and hosts (names, descriptions, DNS names: all of them hostile), and it is `escaped`.
package struct HTML: ExpressibleByStringInterpolation, Sendable, Hashable {
    package let markup: String

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var markup = ""

        package init(literalCapacity: Int, interpolationCount: Int) {
            markup.reserveCapacity(literalCapacity + 16 * interpolationCount)
        }

        package mutating func appendLiteral(_ literal: String) { markup += literal }
        package mutating func appendInterpolation(_ text: String) { markup += HTML.escaped(text) }
        package mutating func appendInterpolation(_ number: Int) { markup += String(number) }
        package mutating func appendInterpolation(_ html: HTML) { markup += html.markup }
        package mutating func appendInterpolation(_ parts: [HTML]) { for part in parts { markup += part.markup } }
    }

    package init(stringLiteral markup: String) { self.markup = markup }
    package init(stringInterpolation: StringInterpolation) { markup = stringInterpolation.markup }

    /// `text` as it can stand in an element or in a quoted attribute.
    ///
    /// Besides the five characters of HTML (WHATWG HTML §13.3) controls and the marks that turn the direction of text become
    /// U+FFFD, so that a name cannot dress up its neighbours.
    package static func escaped(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count + 8)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\n", "\t": result += " "
            default:
                switch scalar.value {
                case 0..<0x20, 0x7f..<0xa0, 0x202a...0x202e, 0x2066...0x2069, 0x200e, 0x200f: result += "\u{fffd}"
                default: result.unicodeScalars.append(scalar)
                }
            }
        }
        return result
    }
}
