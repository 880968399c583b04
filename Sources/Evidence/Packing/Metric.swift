import Campus

/// The metrics of an interface that evidence keeps, and how finely.
///
/// Rates are quotients of counters and so have no short decimal form; kept as 1 bit/s, 0.01 packets/s and 0.0001 errors/s
/// (one error in a poll of a minute is 0.0167) they take two to four bytes instead of eight.
enum Metric: UInt8, CaseIterable {
    case inBits, outBits, inUnicast, outUnicast, inErrors, outErrors, inDiscards, outDiscards, oper

    static let rateCount = 8

    var name: String {
        switch self {
        case .inBits: "in_bps"
        case .outBits: "out_bps"
        case .inUnicast: "in_ucast_s"
        case .outUnicast: "out_ucast_s"
        case .inErrors: "in_errors_s"
        case .outErrors: "out_errors_s"
        case .inDiscards: "in_discards_s"
        case .outDiscards: "out_discards_s"
        case .oper: "oper"
        }
    }

    init?(name: String) {
        guard let metric = Metric.allCases.first(where: { $0.name == name }) else { return nil }
        self = metric
    }

    var counter: InterfaceCounter? {
        switch self {
        case .inBits: .inOctets
        case .outBits: .outOctets
        case .inUnicast: .inUcastPackets
        case .outUnicast: .outUcastPackets
        case .inErrors: .inErrors
        case .outErrors: .outErrors
        case .inDiscards: .inDiscards
        case .outDiscards: .outDiscards
        case .oper: nil
        }
    }

    /// Decimal places of a stored sample.
    var decimals: Int {
        switch self {
        case .inBits, .outBits, .oper: 0
        case .inUnicast, .outUnicast: 2
        case .inErrors, .outErrors, .inDiscards, .outDiscards: 4
        }
    }

    /// Samples of sensors, gauges and devices.
    static let value = "value"
    static let usedPercent = "used_percent"
    static let latency = "latency_ms"
}

/// Numbers as integers of a power of ten, where that loses nothing that anybody measured.
enum Decimal {
    /// Marks a value that has no short decimal form: its bit pattern is stored instead.
    static let raw = 15
    /// Marks a sample that is not there.
    static let missing = Int64.min

    private static let powers: [Double] = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]
    private static let largest = 9.0e15

    @inline(__always)
    static func power(_ decimals: Int) -> Double { powers[min(max(decimals, 0), 9)] }

    /// The value in units of 10^-decimals, or nil when it is not finite or too large.
    @inline(__always)
    static func scaled(_ value: Double, _ decimals: Int) -> Int64? {
        let product = (value * power(decimals)).rounded()
        return abs(product) < largest ? Int64(product) : nil
    }

    /// The fewest decimals up to 4 that give the value back exactly, else nil.
    static func places(_ value: Double) -> Int? {
        for decimals in 0...4 {
            guard let number = scaled(value, decimals) else { return nil }
            if Double(number) / power(decimals) == value { return decimals }
        }
        return nil
    }

    @inline(__always)
    static func value(_ number: Int64, _ decimals: Int) -> Double {
        decimals == raw ? Double(bitPattern: UInt64(bitPattern: number)) : Double(number) / power(decimals)
    }
}
