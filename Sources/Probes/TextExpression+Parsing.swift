extension TextExpression {
    /// Why a pattern is none.
    struct Fault: Error {
        var reason: String
    }

    /// Reads a pattern; throws what is wrong with it.
    init(_ pattern: String) throws(Fault) {
        let isExact = pattern.hasPrefix("(?-i)")
        var parser = Parser(Array((isExact ? pattern.dropFirst(5) : pattern[...]).utf8), foldsCase: !isExact)
        let tree = try parser.whole()
        var program: [Instruction] = [.save(0)]
        try tree.emit(into: &program)
        program += [.save(1), .match]
        self.program = program
        groupCount = parser.groupCount
    }

    /// `$1` and `$2` in a text.
    static func template(_ text: String) -> [TemplatePart] {
        var parts: [TemplatePart] = []
        var literal = ""
        var rest = text[...]
        while let character = rest.popFirst() {
            guard character == "$", let digit = rest.first?.wholeNumberValue else {
                literal.append(character)
                continue
            }
            rest.removeFirst()
            if !literal.isEmpty { parts.append(.text(literal)) }
            literal = ""
            parts.append(.group(digit))
        }
        if !literal.isEmpty { parts.append(.text(literal)) }
        return parts
    }

    private indirect enum Tree {
        case empty
        case octet(OctetSet)
        case assertion(Instruction)
        case sequence([Tree])
        case choice(Tree, Tree)
        case group(Tree, Int)
        case repeated(Tree, least: Int, most: Int?, isLazy: Bool)

        static let maxInstructions = 4096

        func emit(into program: inout [Instruction]) throws(Fault) {
            guard program.count < Self.maxInstructions else { throw Fault(reason: "the pattern is too large") }
            switch self {
            case .empty: break
            case .octet(let set): program.append(.octet(set))
            case .assertion(let instruction): program.append(instruction)
            case .sequence(let parts): for part in parts { try part.emit(into: &program) }
            case .group(let inner, let number):
                program.append(.save(2 * number))
                try inner.emit(into: &program)
                program.append(.save(2 * number + 1))
            case .choice(let left, let right):
                let split = program.count
                program.append(.jump(0))
                try left.emit(into: &program)
                let jump = program.count
                program.append(.jump(0))
                program[split] = .split(split + 1, program.count)
                try right.emit(into: &program)
                program[jump] = .jump(program.count)
            case .repeated(let inner, let least, let most, let isLazy):
                for _ in 0..<least { try inner.emit(into: &program) }
                if let most {
                    for _ in least..<most { try Tree.optional(inner, isLazy, &program) }
                } else {
                    let start = program.count
                    try Tree.optional(inner, isLazy, &program)
                    program.append(.jump(start))
                    program[start] = Tree.split(start + 1, program.count, isLazy)
                }
            }
        }

        private static func optional(_ inner: Tree, _ isLazy: Bool, _ program: inout [Instruction]) throws(Fault) {
            let split = program.count
            program.append(.jump(0))
            try inner.emit(into: &program)
            program[split] = Tree.split(split + 1, program.count, isLazy)
        }

        private static func split(_ inner: Int, _ after: Int, _ isLazy: Bool) -> Instruction {
            isLazy ? .split(after, inner) : .split(inner, after)
        }
    }

    private struct Parser {
        static let maxDepth = 32
        static let maxRepetitions = 64

        private let pattern: [UInt8]
        private let foldsCase: Bool
        private var place = 0
        private var depth = 0
        private(set) var groupCount = 0

        init(_ pattern: [UInt8], foldsCase: Bool) {
            self.pattern = pattern
            self.foldsCase = foldsCase
        }

        mutating func whole() throws(Fault) -> Tree {
            let tree = try choice()
            guard place == pattern.count else { throw Fault(reason: "`)` without `(`") }
            return tree
        }

        private mutating func take(_ character: Character) -> Bool {
            guard place < pattern.count, pattern[place] == character.asciiValue else { return false }
            place += 1
            return true
        }

        private mutating func choice() throws(Fault) -> Tree {
            let left = try sequence()
            return take("|") ? .choice(left, try choice()) : left
        }

        private mutating func sequence() throws(Fault) -> Tree {
            var parts: [Tree] = []
            while place < pattern.count, ![UInt8(ascii: "|"), UInt8(ascii: ")")].contains(pattern[place]) {
                parts.append(try repetition(of: try atom()))
            }
            return parts.isEmpty ? .empty : .sequence(parts)
        }

        private mutating func repetition(of atom: Tree) throws(Fault) -> Tree {
            var least = 1
            var most: Int? = 1
            if take("*") {
                (least, most) = (0, nil)
            } else if take("+") {
                most = nil
            } else if take("?") {
                least = 0
            } else if let counts = counts() {
                (least, most) = counts
                guard least <= Self.maxRepetitions, most ?? 0 <= Self.maxRepetitions, least <= most ?? least else {
                    throw Fault(reason: "counts reach from 0 to \(Self.maxRepetitions)")
                }
            } else {
                return atom
            }
            return .repeated(atom, least: least, most: most, isLazy: take("?"))
        }

        /// `{2}`, `{2,}`, `{2,4}`; anything else in braces stands for itself.
        private mutating func counts() -> (Int, Int?)? {
            guard place < pattern.count, pattern[place] == UInt8(ascii: "{"),
                let close = pattern[place...].firstIndex(of: UInt8(ascii: "}"))
            else { return nil }
            let parts = pattern[(place + 1)..<close].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
                .map { String(decoding: $0, as: UTF8.self) }
            guard let least = Int(parts[0]), least >= 0, parts.count <= 2 else { return nil }
            if parts.count == 2, !parts[1].isEmpty, Int(parts[1]) == nil { return nil }
            place = close + 1
            return (least, parts.count == 1 ? least : Int(parts[1]))
        }

        private mutating func atom() throws(Fault) -> Tree {
            let octet = pattern[place]
            place += 1
            switch octet {
            case UInt8(ascii: "("): return try group()
            case UInt8(ascii: "["): return .octet(folded(try characterClass()))
            case UInt8(ascii: "."): return .octet(OctetSet([10]).inverted)
            case UInt8(ascii: "^"): return .assertion(.start)
            case UInt8(ascii: "$"): return .assertion(.end)
            case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"):
                throw Fault(reason: "`\(Character(Unicode.Scalar(octet)))` with nothing to repeat")
            case UInt8(ascii: "\\"):
                if take("b") { return .assertion(.wordBoundary) }
                return .octet(folded(try escape()))
            default: return .octet(folded(OctetSet([octet])))
            }
        }

        private mutating func group() throws(Fault) -> Tree {
            depth += 1
            defer { depth -= 1 }
            guard depth <= Self.maxDepth else { throw Fault(reason: "groups lie too deep") }
            var number: Int?
            if take("?") {
                guard take(":") else { throw Fault(reason: "of the `(?` only `(?:` is known") }
            } else {
                groupCount += 1
                number = groupCount
            }
            guard groupCount <= 9 else { throw Fault(reason: "more than nine groups") }
            let inner = try choice()
            guard take(")") else { throw Fault(reason: "`(` without `)`") }
            return number.map { .group(inner, $0) } ?? inner
        }

        private mutating func characterClass() throws(Fault) -> OctetSet {
            let isInverted = take("^")
            var set = OctetSet()
            var isFirst = true
            while true {
                guard place < pattern.count else { throw Fault(reason: "`[` without `]`") }
                if !isFirst, take("]") { break }
                isFirst = false
                let low = pattern[place]
                place += 1
                if low == UInt8(ascii: "\\") {
                    set.formUnion(try escape())
                } else if place + 1 < pattern.count, pattern[place] == UInt8(ascii: "-"), pattern[place + 1] != UInt8(ascii: "]")
                {
                    let high = pattern[place + 1]
                    guard low <= high else { throw Fault(reason: "a range in `[]` runs backwards") }
                    for octet in low...high { set.insert(octet) }
                    place += 2
                } else {
                    set.insert(low)
                }
            }
            let folded = folded(set)
            return isInverted ? folded.inverted : folded
        }

        private mutating func escape() throws(Fault) -> OctetSet {
            guard place < pattern.count else { throw Fault(reason: "it ends with `\\`") }
            let octet = pattern[place]
            place += 1
            switch octet {
            case UInt8(ascii: "d"): return .digit
            case UInt8(ascii: "w"): return .word
            case UInt8(ascii: "s"): return .space
            case UInt8(ascii: "D"): return OctetSet.digit.inverted
            case UInt8(ascii: "W"): return OctetSet.word.inverted
            case UInt8(ascii: "S"): return OctetSet.space.inverted
            case UInt8(ascii: "n"): return OctetSet([10])
            case UInt8(ascii: "r"): return OctetSet([13])
            case UInt8(ascii: "t"): return OctetSet([9])
            default:
                guard !OctetSet.word.contains(octet) else {
                    throw Fault(reason: "`\\\(Character(Unicode.Scalar(octet)))` is not known")
                }
                return OctetSet([octet])
            }
        }

        private func folded(_ set: OctetSet) -> OctetSet { foldsCase ? set.caseFolded : set }
    }
}
