/// One sensor or gauge at one poll, under the number that its device gave it.
struct PackedReading: Hashable {
    /// 0 is the device's own latency; sensors and gauges share the numbers from 1.
    var number: UInt32
    /// In the sensor's unit or percent; nil when not known.
    var value: Double?
    /// `SensorState` by its place in `allCases` plus 1; 0 for none.
    var state: UInt8 = 0
    var raw: Int64?
    var text: String?
    var used: UInt64?
    var total: UInt64?
    /// When the state was taken up, in UTC milliseconds; kept in the latest row alone.
    var since: Int64?

    init(number: UInt32, value: Double?) {
        self.number = number
        self.value = value
    }

    /// The sample that history keeps: the value, or the raw number of a state.
    var sample: Double? { value ?? raw.map(Double.init) }
}

/// Sensors and gauges of one poll in one blob, whole for the latest row or as bare samples for history.
enum PackedReadings {
    private static let whole: UInt8 = 1
    private static let bare: UInt8 = 2

    private struct Fields: OptionSet {
        let rawValue: UInt8
        static let value = Fields(rawValue: 1)
        static let raw = Fields(rawValue: 2)
        static let text = Fields(rawValue: 4)
        static let used = Fields(rawValue: 8)
        static let total = Fields(rawValue: 16)
        static let since = Fields(rawValue: 32)
    }

    /// number, value of every reading that has a sample.
    static func encodeSamples(_ readings: [PackedReading]) -> [UInt8] {
        var writer = ByteWriter(capacity: readings.count * 5 + 2)
        writer.byte(bare)
        for reading in readings {
            guard let sample = reading.sample else { continue }
            writer.varint(UInt64(reading.number))
            write(sample, into: &writer)
        }
        return writer.bytes
    }

    static func encode(_ readings: [PackedReading]) -> [UInt8] {
        var writer = ByteWriter(capacity: readings.count * 16 + 2)
        writer.byte(whole)
        for reading in readings { encode(reading, into: &writer) }
        return writer.bytes
    }

    private static func encode(_ reading: PackedReading, into writer: inout ByteWriter) {
        var fields: Fields = []
        if reading.value != nil { fields.insert(.value) }
        if reading.raw != nil { fields.insert(.raw) }
        if reading.text != nil { fields.insert(.text) }
        if reading.used != nil { fields.insert(.used) }
        if reading.total != nil { fields.insert(.total) }
        if reading.since != nil { fields.insert(.since) }
        writer.varint(UInt64(reading.number))
        writer.byte(fields.rawValue)
        writer.byte(reading.state)
        if let value = reading.value { write(value, into: &writer) }
        if let raw = reading.raw { writer.signed(raw) }
        if let text = reading.text { writer.text(text) }
        if let used = reading.used { writer.varint(used) }
        if let total = reading.total { writer.varint(total) }
        if let since = reading.since { writer.signed(since) }
    }

    static func decode(_ bytes: [UInt8]) throws(PackingError) -> [PackedReading] {
        var reader = ByteReader(bytes)
        let version = try reader.byte()
        guard version == whole || version == bare else { throw PackingError(what: "unknown version of readings") }
        var readings: [PackedReading] = []
        while !reader.isAtEnd {
            var reading = PackedReading(number: UInt32(truncatingIfNeeded: try reader.varint()), value: nil)
            if version == bare {
                reading.value = try readValue(&reader)
            } else {
                try decode(&reading, from: &reader)
            }
            readings.append(reading)
        }
        return readings
    }

    private static func decode(_ reading: inout PackedReading, from reader: inout ByteReader) throws(PackingError) {
        let fields = Fields(rawValue: try reader.byte())
        reading.state = try reader.byte()
        if fields.contains(.value) { reading.value = try readValue(&reader) }
        if fields.contains(.raw) { reading.raw = try reader.signed() }
        if fields.contains(.text) { reading.text = try reader.text() }
        if fields.contains(.used) { reading.used = try reader.varint() }
        if fields.contains(.total) { reading.total = try reader.varint() }
        if fields.contains(.since) { reading.since = try reader.signed() }
    }

    private static func write(_ value: Double, into writer: inout ByteWriter) {
        if let places = Decimal.places(value), let number = Decimal.scaled(value, places) {
            writer.byte(UInt8(places))
            writer.signed(number)
        } else {
            writer.byte(UInt8(Decimal.raw))
            writer.varint(value.bitPattern.byteSwapped)
        }
    }

    private static func readValue(_ reader: inout ByteReader) throws(PackingError) -> Double {
        let places = Int(try reader.byte())
        if places == Decimal.raw { return Double(bitPattern: try reader.varint().byteSwapped) }
        return Decimal.value(try reader.signed(), places)
    }
}
