/// One series of a chunk: scaled integers (or bit patterns of doubles), with holes.
///
///     header: decimals | has holes << 4 | is constant << 5
///     holes: lengths of present and missing runs in turn, until all slots are told
///     constant: the value; else the first value and the differences, zig-zag, a run of zero differences as 0, length − 1
///
/// Values without a short decimal form are differences by XOR with their bytes swapped, so that the zeros at the end of short
/// mantissas are not written.
enum SeriesCodec {
    private static let holes: UInt8 = 1 << 4
    private static let constant: UInt8 = 1 << 5

    static func encode(_ values: ArraySlice<Int64>, decimals: Int, into writer: inout ByteWriter) {
        var first: Int64?
        var hasHoles = false
        var isConstant = true
        for value in values {
            if value == Decimal.missing {
                hasHoles = true
            } else if let first {
                if value != first { isConstant = false }
            } else {
                first = value
            }
        }
        writer.byte(UInt8(decimals & 15) | (hasHoles ? holes : 0) | (isConstant ? constant : 0))
        if hasHoles { encodeHoles(values, into: &writer) }
        guard let first else { return }
        let isRaw = decimals == Decimal.raw
        write(first, isRaw, into: &writer)
        if !isConstant { encodeDifferences(values, from: first, isRaw, into: &writer) }
    }

    private static func encodeHoles(_ values: ArraySlice<Int64>, into writer: inout ByteWriter) {
        var isPresent = true
        var run: UInt64 = 0
        for value in values {
            if (value != Decimal.missing) != isPresent {
                writer.varint(run)
                run = 0
                isPresent.toggle()
            }
            run += 1
        }
        writer.varint(run)
    }

    private static func encodeDifferences(
        _ values: ArraySlice<Int64>, from first: Int64, _ isRaw: Bool, into writer: inout ByteWriter
    ) {
        var last = first
        var zeros: UInt64 = 0
        var isFirst = true
        for value in values where value != Decimal.missing {
            if isFirst {
                isFirst = false
                continue
            }
            if value == last {
                zeros += 1
                continue
            }
            flush(&zeros, into: &writer)
            write(isRaw ? value ^ last : value &- last, isRaw, into: &writer)
            last = value
        }
        flush(&zeros, into: &writer)
    }

    private static func flush(_ zeros: inout UInt64, into writer: inout ByteWriter) {
        guard zeros > 0 else { return }
        writer.byte(0)
        writer.varint(zeros - 1)
        zeros = 0
    }

    @inline(__always)
    private static func write(_ value: Int64, _ isRaw: Bool, into writer: inout ByteWriter) {
        if isRaw { writer.varint(UInt64(bitPattern: value).byteSwapped) } else { writer.signed(value) }
    }

    @inline(__always)
    private static func read(_ isRaw: Bool, from reader: inout ByteReader) throws(PackingError) -> Int64 {
        isRaw ? Int64(bitPattern: try reader.varint().byteSwapped) : try reader.signed()
    }

    /// The decimals and exactly `count` values, missing ones marked.
    static func decode(_ reader: inout ByteReader, count: Int) throws(PackingError) -> (decimals: Int, values: [Int64]) {
        let header = try reader.byte()
        let decimals = Int(header & 15)
        let isRaw = decimals == Decimal.raw
        var values = [Int64](repeating: 0, count: count)
        var present = count
        if header & holes != 0 { present -= try decodeHoles(&reader, into: &values) }
        guard present > 0 else { return (decimals, values) }
        var value = try read(isRaw, from: &reader)
        var zeros = header & constant != 0 ? UInt64.max : 0
        var isFirst = true
        for slot in 0..<count where values[slot] != Decimal.missing {
            if isFirst {
                isFirst = false
            } else if zeros > 0 {
                zeros -= 1
            } else {
                let difference = try read(isRaw, from: &reader)
                if difference == 0 {
                    zeros = try reader.varint()
                } else {
                    value = isRaw ? value ^ difference : value &+ difference
                }
            }
            // A hostile sum may meet the mark of a missing value; it is no value that was ever written.
            values[slot] = value
        }
        return (decimals, values)
    }

    private static func decodeHoles(_ reader: inout ByteReader, into values: inout [Int64]) throws(PackingError) -> Int {
        var slot = 0
        var missing = 0
        var isPresent = true
        while slot < values.count {
            let run = try reader.count(atMost: values.count - slot)
            if !isPresent {
                for hole in slot..<(slot + run) { values[hole] = Decimal.missing }
                missing += run
            }
            // Only the very first run may be empty: else a blob of zeros would keep us here for as long as it is.
            guard run > 0 || (isPresent && slot == 0) else { throw PackingError(what: "empty run") }
            slot += run
            isPresent.toggle()
        }
        return missing
    }
}
