/// A DNS message's header and first question (RFC 1035 §4.1), of DNS, mDNS or LLMNR.
package struct DNSMessage: Sendable {
    package let identifier: UInt16
    package let isResponse: Bool
    package let operation: UInt8
    package let responseCode: UInt8
    package let questionCount: UInt16
    package let answerCount: UInt16
    /// Lower case, without the final dot; "" for the root and without a question.
    package private(set) var name = ""
    package private(set) var type: UInt16?
    /// Whether every byte of the name can be printed.
    package private(set) var isPrintable = true

    package static let headerByteCount = 12
    /// RFC 1035 §2.3.4.
    private static let maximumName = 255
    /// More pointers than labels fit into a name are a loop.
    private static let maximumPointers = 128

    package init(parsing bytes: Span<UInt8>) throws(WireError) {
        identifier = try bytes.bigEndian(UInt16.self, at: 0, "identifier")
        let flags = try bytes.bigEndian(UInt16.self, at: 2, "flags")
        isResponse = flags & 0x8000 != 0
        operation = UInt8(truncatingIfNeeded: flags >> 11 & 15)
        responseCode = UInt8(truncatingIfNeeded: flags & 15)
        questionCount = try bytes.bigEndian(UInt16.self, at: 4, "question count")
        answerCount = try bytes.bigEndian(UInt16.self, at: 6, "answer count")
        _ = try bytes.bigEndian(UInt32.self, at: 8, "record counts")
        guard questionCount > 0 else { return }
        let end = try readName(bytes, at: Self.headerByteCount)
        type = try bytes.bigEndian(UInt16.self, at: end, "question type")
        _ = try bytes.bigEndian(UInt16.self, at: end &+ 2, "question class")
    }

    /// Whether bytes on a port that says nothing are a plain query or answer of the Internet class, as far as that can be told.
    package static func looksLikeMessage(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count >= 17, bytes[4] == 0, bytes[5] == 1, bytes[2] & 0x78 == 0, bytes[3] & 0x40 == 0,
            let answers = bytes.number(UInt16.self, at: 6), let authorities = bytes.number(UInt16.self, at: 8),
            let additional = bytes.number(UInt16.self, at: 10)
        else { return false }
        let isResponse = bytes[2] & 0x80 != 0
        guard
            isResponse
                ? answers <= 255 && authorities <= 64 && additional <= 64 : answers == 0 && authorities == 0 && additional <= 2
        else { return false }
        var offset = headerByteCount
        while let length = bytes.number(UInt8.self, at: offset), length > 0 {
            guard length < 64, offset &+ 1 &+ Int(length) < bytes.count else { return false }
            for index in (offset &+ 1)...(offset &+ Int(length)) where bytes[index] <= 32 || bytes[index] > 126 { return false }
            offset &+= 1 &+ Int(length)
        }
        guard offset > headerByteCount, offset &- headerByteCount <= maximumName,
            let type = bytes.number(UInt16.self, at: offset &+ 1), type > 0, bytes.number(UInt16.self, at: offset &+ 3) == 1
        else { return false }
        return isResponse || additional > 0 || offset &+ 5 == bytes.count
    }

    /// Reads a name and returns where the bytes behind it begin.
    private mutating func readName(_ bytes: Span<UInt8>, at start: Int) throws(WireError) -> Int {
        var text: [UInt8] = []
        var offset = start
        var end: Int?
        var pointers = 0
        while true {
            let length = Int(try bytes.bigEndian(UInt8.self, at: offset, "label length"))
            switch length {
            case 0:
                name = String(decoding: text, as: UTF8.self)
                return end ?? offset &+ 1
            case 1..<64:
                guard offset &+ length < bytes.count else {
                    throw .truncated(field: "label", needed: length, available: bytes.count &- offset)
                }
                guard text.count &+ length <= Self.maximumName else {
                    throw .impossibleLength(field: "name", claimed: text.count &+ length, available: Self.maximumName)
                }
                if !text.isEmpty { text.append(UInt8(ascii: ".")) }
                for index in (offset &+ 1)...(offset &+ length) { append(bytes[index], to: &text) }
                offset &+= 1 &+ length
            case 192...:
                pointers &+= 1
                guard pointers <= Self.maximumPointers else { throw .unexpected(field: "name pointers", value: pointers) }
                end = end ?? offset &+ 2
                offset = Int(try bytes.bigEndian(UInt16.self, at: offset, "name pointer") & 0x3fff)
            default: throw .unexpected(field: "label length", value: length)
            }
        }
    }

    private mutating func append(_ byte: UInt8, to text: inout [UInt8]) {
        switch byte {
        case 65...90: text.append(byte | 32)
        case 0x21...0x7e: text.append(byte)
        default:
            isPrintable = false
            text.append(UInt8(ascii: "?"))
        }
    }
}
