/// A text in which `*` stands for anything; ASCII letters match in either case.
///
/// No regular expressions: the texts come from devices, and this takes at most pattern × text steps, whatever they hold.
struct TextPattern: Sendable {
    private let pattern: [UInt8]

    init(_ text: String) {
        pattern = text.utf8.map(TextPattern.folded)
    }

    func matches(_ text: String) -> Bool {
        let subject = Array(text.utf8)
        var position = 0
        var next = 0
        var star: Int?
        var retry = 0
        while position < subject.count {
            if next < pattern.count, pattern[next] == UInt8(ascii: "*") {
                star = next
                retry = position
                next += 1
            } else if next < pattern.count, pattern[next] == TextPattern.folded(subject[position]) {
                next += 1
                position += 1
            } else if let star {
                next = star + 1
                retry += 1
                position = retry
            } else {
                return false
            }
        }
        return pattern[next...].allSatisfy { $0 == UInt8(ascii: "*") }
    }

    private static func folded(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }
}
