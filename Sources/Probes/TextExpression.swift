/// A regular expression that takes at most pattern × text steps, whatever a device sends.
///
/// Literals, `.`, classes, `\d \w \s \D \W \S \b`, `^ $`, `|`, groups, `(?:…)`, `* + ? {m,n}` and their lazy forms; ASCII letters match
/// in either case unless the pattern begins with `(?-i)`. It searches with memory: no state is looked at twice at the same place,
/// so there is no pattern that explodes. Without look-around and back-references, which would break that promise.
struct TextExpression: Sendable {
    enum Instruction: Sendable {
        case octet(OctetSet)
        /// Goes on at the first; if that fails, at the second.
        case split(Int, Int)
        case jump(Int)
        /// Remembers the place: 2n begins group n, 2n + 1 ends it.
        case save(Int)
        case start, end, wordBoundary
        case match
    }

    /// What is beyond this is not searched: identifying texts are shorter.
    static let maxTextBytes = 4096

    let program: [Instruction]
    let groupCount: Int

    /// The texts of the groups of the leftmost match, group 0 being all of it; nil where nothing matches. A group that took no
    /// part is nil.
    func groups(in text: String) -> [String?]? {
        let subject = Array(text.utf8.prefix(Self.maxTextBytes))
        return ranges(in: subject).map { ranges in
            ranges.map { range in range.map { String(decoding: subject[$0], as: UTF8.self) } }
        }
    }

    func matches(_ text: String) -> Bool {
        ranges(in: Array(text.utf8.prefix(Self.maxTextBytes))) != nil
    }

    /// The text with every match replaced; `$1` stands for a group.
    func replacing(in text: String, with template: [TemplatePart]) -> String {
        var rest = Array(text.utf8.prefix(Self.maxTextBytes))
        var result: [UInt8] = []
        while let ranges = ranges(in: rest), let whole = ranges[0] {
            result += rest[..<whole.lowerBound]
            for part in template { result += part.bytes(ranges, in: rest) }
            guard !whole.isEmpty else { break }
            rest = Array(rest[whole.upperBound...])
        }
        return String(decoding: result + rest, as: UTF8.self)
    }

    /// Text with `$1`, `$2` … for groups.
    enum TemplatePart: Sendable {
        case text(String)
        case group(Int)

        fileprivate func bytes(_ ranges: [Range<Int>?], in subject: [UInt8]) -> [UInt8] {
            switch self {
            case .text(let text): Array(text.utf8)
            case .group(let group): group < ranges.count ? ranges[group].map { Array(subject[$0]) } ?? [] : []
            }
        }
    }

    private func ranges(in subject: [UInt8]) -> [Range<Int>?]? {
        var search = Search(expression: self, subject: subject)
        for start in 0...subject.count {
            if let slots = search.run(from: start) {
                return (0...groupCount).map { group in
                    let (begin, end) = (slots[2 * group], slots[2 * group + 1])
                    return begin >= 0 && end >= begin ? begin..<end : nil
                }
            }
        }
        return nil
    }
}

extension TextExpression {
    /// One search: a stack of what is still to try, and a bit for every instruction and place already tried.
    private struct Search {
        private enum Step {
            case goOn(pc: Int, place: Int)
            case restore(slot: Int, place: Int)
        }

        let program: [Instruction]
        let subject: [UInt8]
        private var slots: [Int]
        private var visited: [UInt64]
        private var stack: [Step] = []

        init(expression: TextExpression, subject: [UInt8]) {
            program = expression.program
            self.subject = subject
            slots = Array(repeating: -1, count: 2 * (expression.groupCount + 1))
            visited = Array(repeating: 0, count: (program.count * (subject.count + 1) + 63) / 64)
        }

        /// What an earlier start has tried in vain need not be tried again.
        mutating func run(from start: Int) -> [Int]? {
            for slot in slots.indices { slots[slot] = -1 }
            stack = [.goOn(pc: 0, place: start)]
            while let step = stack.popLast() {
                switch step {
                case .restore(let slot, let place): slots[slot] = place
                case .goOn(let pc, let place): if follow(pc, place) { return slots }
                }
            }
            return nil
        }

        private mutating func follow(_ first: Int, _ from: Int) -> Bool {
            var (pc, place) = (first, from)
            while true {
                let bit = pc * (subject.count + 1) + place
                if visited[bit / 64] & (1 << UInt64(bit % 64)) != 0 { return false }
                visited[bit / 64] |= 1 << UInt64(bit % 64)
                switch program[pc] {
                case .match: return true
                case .octet(let set):
                    guard place < subject.count, set.contains(subject[place]) else { return false }
                    place += 1
                    pc += 1
                case .jump(let target): pc = target
                case .split(let preferred, let other):
                    stack.append(.goOn(pc: other, place: place))
                    pc = preferred
                case .save(let slot):
                    stack.append(.restore(slot: slot, place: slots[slot]))
                    slots[slot] = place
                    pc += 1
                case .start:
                    guard place == 0 else { return false }
                    pc += 1
                case .end:
                    guard place == subject.count else { return false }
                    pc += 1
                case .wordBoundary:
                    guard isWord(place - 1) != isWord(place) else { return false }
                    pc += 1
                }
            }
        }

        private func isWord(_ place: Int) -> Bool {
            place >= 0 && place < subject.count && OctetSet.word.contains(subject[place])
        }
    }
}

/// A set of octets.
struct OctetSet: Sendable {
    private var bits: InlineArray<4, UInt64> = .init(repeating: 0)

    init(_ octets: some Sequence<UInt8> = []) {
        for octet in octets { insert(octet) }
    }

    mutating func insert(_ octet: UInt8) { bits[Int(octet >> 6)] |= 1 << UInt64(octet & 63) }

    func contains(_ octet: UInt8) -> Bool { bits[Int(octet >> 6)] & (1 << UInt64(octet & 63)) != 0 }

    mutating func formUnion(_ other: OctetSet) {
        for word in 0..<4 { bits[word] |= other.bits[word] }
    }

    var inverted: OctetSet {
        var result = self
        for word in 0..<4 { result.bits[word] = ~bits[word] }
        return result
    }

    /// With both cases of every ASCII letter that is in it.
    var caseFolded: OctetSet {
        var result = self
        for octet in UInt8(ascii: "a")...UInt8(ascii: "z") where contains(octet) || contains(octet - 32) {
            result.insert(octet)
            result.insert(octet - 32)
        }
        return result
    }

    static let digit = OctetSet(UInt8(ascii: "0")...UInt8(ascii: "9"))
    static let space = OctetSet([9, 10, 11, 12, 13, 32])
    static let word: OctetSet = {
        var set = digit
        for octet in UInt8(ascii: "a")...UInt8(ascii: "z") { set.insert(octet) }
        for octet in UInt8(ascii: "A")...UInt8(ascii: "Z") { set.insert(octet) }
        set.insert(UInt8(ascii: "_"))
        return set
    }()
}
