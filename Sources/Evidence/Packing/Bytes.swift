/// A packed value that is not what it should be: cut short, or with a number out of its bounds.
struct PackingError: Error, Hashable {
    var what: String
}

/// Appends little numbers in few bytes.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    mutating func byte(_ value: UInt8) { bytes.append(value) }

    /// Seven bits a byte, least significant first (LEB128).
    mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Zig-zag, so that small negative numbers stay short.
    mutating func signed(_ value: Int64) {
        varint(UInt64(bitPattern: (value << 1) ^ (value >> 63)))
    }

    mutating func text(_ value: String) {
        let utf8 = Array(value.utf8)
        varint(UInt64(utf8.count))
        bytes.append(contentsOf: utf8)
    }

    mutating func append(_ other: ByteWriter) {
        varint(UInt64(other.bytes.count))
        bytes.append(contentsOf: other.bytes)
    }

    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }
}

/// Reads what `ByteWriter` wrote; any bytes whatever end in a value or an error, never in a trap.
struct ByteReader {
    let bytes: [UInt8]
    private(set) var offset: Int
    private let end: Int

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        offset = 0
        end = bytes.count
    }

    private init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        offset = range.lowerBound
        end = range.upperBound
    }

    var isAtEnd: Bool { offset >= end }
    var remaining: Int { end - offset }

    @inline(__always)
    mutating func byte() throws(PackingError) -> UInt8 {
        guard offset < end else { throw PackingError(what: "cut short") }
        let value = bytes[offset]
        offset += 1
        return value
    }

    @inline(__always)
    mutating func varint() throws(PackingError) -> UInt64 {
        let first = try byte()
        if first < 0x80 { return UInt64(first) }
        return try longVarint(first)
    }

    private mutating func longVarint(_ first: UInt8) throws(PackingError) -> UInt64 {
        var value = UInt64(first & 0x7f)
        var shift: UInt64 = 7
        while shift < 64 {
            let next = try byte()
            value |= UInt64(next & 0x7f) << shift
            if next < 0x80 { return value }
            shift += 7
        }
        throw PackingError(what: "number of more than 64 bits")
    }

    @inline(__always)
    mutating func signed() throws(PackingError) -> Int64 {
        let value = try varint()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    /// A count of things that take at least one byte each of what is left, so that a lie cannot ask for memory.
    mutating func count(atMost limit: Int = .max) throws(PackingError) -> Int {
        let value = try varint()
        guard let count = Int(exactly: value), count <= limit else { throw PackingError(what: "impossible count \(value)") }
        return count
    }

    /// The length of what follows, all of which is there.
    private mutating func length() throws(PackingError) -> Int {
        let length = try count()
        guard length <= remaining else { throw PackingError(what: "cut short") }
        return length
    }

    mutating func text() throws(PackingError) -> String {
        let length = try self.length()
        defer { offset += length }
        return String(decoding: bytes[offset..<(offset + length)], as: UTF8.self)
    }

    /// A reader of the next length-prefixed part; this one goes on behind it.
    mutating func part() throws(PackingError) -> ByteReader {
        let length = try self.length()
        defer { offset += length }
        return ByteReader(bytes, offset..<(offset + length))
    }

    mutating func skipPart() throws(PackingError) {
        let length = try self.length()
        offset += length
    }
}
