extension Span<UInt8> {
    /// A big-endian number at `offset`, or an error that names `field`.
    @inlinable @inline(__always)
    package func bigEndian<Number: FixedWidthInteger & BitwiseCopyable>(
        _ type: Number.Type, at offset: Int, _ field: StaticName
    ) throws(WireError) -> Number {
        let size = MemoryLayout<Number>.size
        guard offset >= 0, offset <= count &- size else {
            throw .truncated(field: field, needed: size, available: Swift.max(0, count &- offset))
        }
        // The bounds were checked in the line above; `Number` is a plain integer, for which every bit pattern is a value.
        return unsafe Number(bigEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: Number.self))
    }

    /// A big-endian number at `offset`, or nil where the bytes end before it does.
    @inlinable @inline(__always)
    package func number<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type, at offset: Int) -> Number? {
        guard offset >= 0, offset <= count &- MemoryLayout<Number>.size else { return nil }
        // As above.
        return unsafe Number(bigEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: Number.self))
    }

    /// A 48-bit number at `offset`: an IEEE 802 address.
    @inlinable @inline(__always)
    package func address48(at offset: Int, _ field: StaticName) throws(WireError) -> UInt64 {
        UInt64(try bigEndian(UInt16.self, at: offset, field)) << 32 | UInt64(try bigEndian(UInt32.self, at: offset &+ 2, field))
    }

    /// The bytes of `range` cut to what is there; never traps.
    @inlinable @inline(__always)
    package func clamped(_ start: Int, _ end: Int) -> Range<Int> {
        let lower = Swift.min(Swift.max(0, start), count)
        return lower..<Swift.max(lower, Swift.min(end, count))
    }

    /// A copy of the bytes of `range`, cut to what is there.
    package func copy(_ range: Range<Int>) -> [UInt8] {
        let range = clamped(range.lowerBound, range.upperBound)
        return unsafe [UInt8](unsafeUninitializedCapacity: range.count) { target, count in
            for index in range { unsafe target.initializeElement(at: index &- range.lowerBound, to: self[index]) }
            count = range.count
        }
    }

    /// The bytes of `range` as text; what is no UTF-8 becomes U+FFFD.
    package func text(_ range: Range<Int>) -> String {
        let range = clamped(range.lowerBound, range.upperBound)
        return unsafe withUnsafeBufferPointer { unsafe String(decoding: $0[range], as: UTF8.self) }
    }

    /// Whether the bytes at `offset` are those of `text`, letter for letter.
    @inlinable
    package func hasPrefix(_ text: StaticString, at offset: Int = 0) -> Bool {
        let length = text.utf8CodeUnitCount
        guard offset >= 0, offset <= count &- length else { return false }
        // A StaticString's pointer is valid for its code units for ever.
        for index in 0..<length where unsafe self[offset &+ index] != text.utf8Start[index] { return false }
        return true
    }
    /// Whether the bytes at `offset` are `text`, which is lower case, in either case.
    package func hasPrefix(ignoringCase text: StaticString, at offset: Int) -> Bool {
        let length = text.utf8CodeUnitCount
        guard offset >= 0, offset <= count &- length else { return false }
        for index in 0..<length {
            let byte = self[offset &+ index]
            // As above.
            if unsafe (byte >= 65 && byte <= 90 ? byte | 32 : byte) != text.utf8Start[index] { return false }
        }
        return true
    }

    /// Whether the bytes begin with `text` or, too few, are its beginning.
    package func agrees(with text: StaticString) -> Bool { hasPrefix(text) || isPrefix(of: text) }

    /// Whether all bytes are the beginning of `text`.
    package func isPrefix(of text: StaticString) -> Bool {
        guard count <= text.utf8CodeUnitCount else { return false }
        // As above.
        for index in 0..<count where unsafe self[index] != text.utf8Start[index] { return false }
        return true
    }
}

extension [UInt8] {
    /// Appends the code units of a text that is known when compiling.
    package mutating func append(_ text: StaticString) {
        // A StaticString's code units are valid for ever.
        unsafe append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends all bytes of a span.
    package mutating func append(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}
