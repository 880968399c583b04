import Yams

/// A YAML node with the place where it stands, so that every mistake can name its line and column.
package struct Element: Sendable {
    package indirect enum Value: Sendable {
        /// Text as written, and whether it was quoted (`"1"` is a string, `1` may be read as a number).
        case scalar(String, quoted: Bool)
        case sequence([Element])
        case mapping([(key: Element, value: Element)])
    }

    package let value: Value
    package let file: String
    package let line: Int
    package let column: Int

    /// The same place with another value.
    package func replaced(by value: Value) -> Element { Element(value: value, at: self) }

    private init(value: Value, at place: Element) {
        self.value = value
        file = place.file
        line = place.line
        column = place.column
    }

    /// The text of a scalar; nil for collections and for YAML's nulls (`~`, empty, `null`).
    package var text: String? {
        guard case .scalar(let text, let quoted) = value else { return nil }
        if !quoted, ["", "~", "null", "Null", "NULL"].contains(text) { return nil }
        return text
    }

    package var isNull: Bool {
        guard case .scalar = value else { return false }
        return text == nil
    }

    /// `a mapping`, `a list`, `a value`: for messages.
    package var kind: String {
        switch value {
        case .scalar: isNull ? "nothing" : "a value"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }

    package func problem(_ what: String, remedy: String) -> Problem {
        Problem(file: file, line: line, column: column, what: what, remedy: remedy)
    }

    /// The documents of a YAML text. Anchors and merge keys are resolved; a syntax error or a text nested deeper than
    /// `depthLimit` is one problem, with its place.
    package static func documents(in text: String, file: String) throws(Problem) -> [Element] {
        guard text.utf8.count <= byteLimit else {
            throw Problem(file: file, line: 1, column: 1, what: "the file is larger than \(byteLimit) bytes", remedy: "split it")
        }
        do {
            var budget = nodeLimit
            var nodes = try Yams.compose_all(yaml: text)
            var documents: [Element] = []
            while let node = nodes.next() { documents.append(try Element(node, file: file, depth: 0, budget: &budget)) }
            // The sequence ends at a syntax error as it does at the end of the text, and keeps the error to itself.
            if let error = nodes.error { throw error }
            return documents
        } catch let problem as Problem {
            throw problem
        } catch let error as YamlError {
            throw Problem(yaml: error, file: file)
        } catch {
            throw Problem(file: file, line: 1, column: 1, what: "\(error)", remedy: "correct the YAML")
        }
    }

    /// Bounds on what a hostile file can make us build; aliases that multiply ("billion laughs") meet the second.
    package static let byteLimit = 8 << 20
    private static let nodeLimit = 2_000_000
    private static let depthLimit = 64

    /// A value that was not read from YAML, at the place where it stands.
    package init(_ value: Value, file: String, line: Int, column: Int) {
        self.value = value
        self.file = file
        self.line = line
        self.column = column
    }

    private init(_ node: Node, file: String, depth: Int, budget: inout Int) throws(Problem) {
        self.file = file
        line = node.mark?.line ?? 1
        column = node.mark?.column ?? 1
        budget -= 1
        guard depth < Element.depthLimit, budget > 0 else {
            throw Problem(
                file: file, line: line, column: column, what: "nested too deeply or expanded too far by aliases",
                remedy: "write it out flatter")
        }
        switch node {
        case .scalar(let scalar):
            let quoted =
                scalar.style == .singleQuoted || scalar.style == .doubleQuoted || scalar.style == .literal
                || scalar.style == .folded
            value = .scalar(scalar.string, quoted: quoted)
        case .sequence(let sequence):
            var elements: [Element] = []
            elements.reserveCapacity(sequence.count)
            for child in sequence { elements.append(try Element(child, file: file, depth: depth + 1, budget: &budget)) }
            value = .sequence(elements)
        case .mapping(let mapping):
            var pairs: [(key: Element, value: Element)] = []
            for (key, child) in mapping {
                pairs.append(
                    (
                        try Element(key, file: file, depth: depth + 1, budget: &budget),
                        try Element(child, file: file, depth: depth + 1, budget: &budget)
                    ))
            }
            value = .mapping(pairs)
        case .alias:
            throw Problem(
                file: file, line: line, column: column, what: "an alias without its anchor", remedy: "define the anchor first")
        }
    }
}

extension Problem {
    fileprivate init(yaml error: YamlError, file: String) {
        switch error {
        case .scanner(_, let what, let mark, _), .parser(_, let what, let mark, _), .composer(_, let what, let mark, _):
            self.init(file: file, line: mark.line, column: mark.column, what: what, remedy: "correct the YAML here")
        case .duplicatedKeysInMapping(let duplicates, let context):
            let keys = duplicates.map { "\($0)" }.joined(separator: ", ")
            self.init(
                file: file, line: context.mark.line, column: context.mark.column, what: "`\(keys)` stands twice",
                remedy: "keep one of them")
        default:
            self.init(file: file, line: 1, column: 1, what: "\(error)", remedy: "correct the YAML")
        }
    }
}
