import Campus

/// One interface of one poll as evidence keeps it: status, speed and eight rates as scaled integers.
struct PackedRate {
    var index: UInt32 = 0
    /// ifAdminStatus and ifOperStatus by number.
    var admin: UInt8 = 4
    var oper: UInt8 = 4
    /// `RateGap` by number; 0 for none.
    var gap: UInt8 = 0
    /// Bit n: the rate of `Metric` n is known.
    var present: UInt8 = 0
    /// bit/s; 0 when not known.
    var speed: UInt64 = 0
    var values = InlineArray<8, Int64>(repeating: 0)

    init() {}

    init(_ rate: InterfaceRate) {
        index = rate.index
        admin = rate.admin.rawValue
        oper = rate.oper.rawValue
        gap = rate.gap?.rawValue ?? 0
        speed = rate.speed
        guard rate.present != 0 else { return }
        set(0, rate, .inOctets, 1)
        set(1, rate, .outOctets, 1)
        set(2, rate, .inUcastPackets, 100)
        set(3, rate, .outUcastPackets, 100)
        set(4, rate, .inErrors, 10_000)
        set(5, rate, .outErrors, 10_000)
        set(6, rate, .inDiscards, 10_000)
        set(7, rate, .outDiscards, 10_000)
    }

    /// A first poll has samples and no rates yet.
    init(_ sample: InterfaceSample) {
        index = sample.index
        admin = sample.admin.rawValue
        oper = sample.oper.rawValue
        gap = RateGap.firstPoll.rawValue
        speed = sample.speed
    }

    @inline(__always)
    private mutating func set(_ place: Int, _ rate: InterfaceRate, _ counter: InterfaceCounter, _ scale: Double) {
        guard rate.present & (1 << UInt16(counter.rawValue)) != 0 else { return }
        let product = (rate.rates[counter.rawValue] * scale).rounded()
        guard product >= 0, product < 9.0e15 else { return }
        present |= 1 << UInt8(place)
        values[place] = Int64(product)
    }

    func value(_ metric: Metric) -> Double? {
        if metric == .oper { return oper == 4 ? nil : (oper == 1 ? 1 : 0) }
        let place = Int(metric.rawValue)
        guard present & (1 << metric.rawValue) != 0 else { return nil }
        return Decimal.value(values[place], metric.decimals)
    }

    /// Of the busier direction, 0–100; nil without speed or rates.
    var utilisation: Double? {
        guard speed > 0, present & 3 == 3 else { return nil }
        return Double(max(values[0], values[1])) * 100 / Double(speed)
    }
}

/// All interfaces of one poll in one blob: about six bytes for an idle one, twenty for a busy one.
///
///     version, count, then for each: index − last index − 1 (signed), admin | oper << 3, gap | speed form << 3,
///     present, non-zero, speed (Mbit/s in form 1, bit/s in form 2), the non-zero values
enum PackedRates {
    private static let version: UInt8 = 1

    static func encode(_ rates: [PackedRate]) -> [UInt8] {
        var writer = ByteWriter(capacity: rates.count * 16 + 8)
        writer.byte(version)
        writer.varint(UInt64(rates.count))
        var last: Int64 = 0
        for rate in rates { encode(rate, after: &last, into: &writer) }
        return writer.bytes
    }

    @inline(__always)
    private static func encode(_ rate: PackedRate, after last: inout Int64, into writer: inout ByteWriter) {
        writer.signed(Int64(rate.index) - last - 1)
        last = Int64(rate.index)
        let isWhole = rate.speed % 1_000_000 == 0
        let form: UInt8 = rate.speed == 0 ? 0 : isWhole ? 1 : 2
        var nonZero: UInt8 = 0
        for place in 0..<8 where rate.present & (1 << UInt8(place)) != 0 && rate.values[place] != 0 {
            nonZero |= 1 << UInt8(place)
        }
        writer.byte(rate.admin & 7 | (rate.oper & 7) << 3)
        writer.byte(rate.gap & 7 | form << 3)
        writer.byte(rate.present)
        writer.byte(nonZero)
        if form != 0 { writer.varint(isWhole ? rate.speed / 1_000_000 : rate.speed) }
        for place in 0..<8 where nonZero & (1 << UInt8(place)) != 0 {
            writer.varint(UInt64(truncatingIfNeeded: rate.values[place]))
        }
    }

    /// Lends every interface of the blob to `body`, in order.
    static func decode(_ bytes: [UInt8], _ body: (borrowing PackedRate) -> Void) throws(PackingError) {
        var reader = ByteReader(bytes)
        guard try reader.byte() == version else { throw PackingError(what: "unknown version of rates") }
        var last: Int64 = 0
        for _ in 0..<(try reader.count(atMost: reader.remaining)) {
            var rate = PackedRate()
            last = last &+ 1 &+ (try reader.signed())
            rate.index = UInt32(truncatingIfNeeded: last)
            let status = try reader.byte()
            rate.admin = status & 7
            rate.oper = status >> 3 & 7
            let flags = try reader.byte()
            rate.gap = flags & 7
            rate.present = try reader.byte()
            let nonZero = try reader.byte() & rate.present
            if flags >> 3 != 0 {
                let speed = try reader.varint()
                rate.speed = flags >> 3 == 1 ? speed &* 1_000_000 : speed
            }
            for place in 0..<8 where nonZero & (1 << UInt8(place)) != 0 {
                rate.values[place] = Int64(truncatingIfNeeded: try reader.varint() & 0x7fff_ffff_ffff_ffff)
            }
            body(rate)
        }
    }

    static func decode(_ bytes: [UInt8]) throws(PackingError) -> [PackedRate] {
        var rates: [PackedRate] = []
        try decode(bytes) { rates.append(copy $0) }
        return rates
    }
}
