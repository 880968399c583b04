import GRDBSQLite

/// `percentile(value, p)`: the nearest-rank percentile (the ⌈p/100 · n⌉-th smallest), NULLs left out. SQLite 3.40 has none.
enum Percentile {
    static func register(_ connection: RawConnection) throws(SQLFailure) {
        let flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS
        let code = unsafe sqlite3_create_function_v2(
            connection.pointer, "percentile", 2, flags, nil, nil, percentileStep, percentileFinal, nil)
        guard code == SQLITE_OK else { throw unsafe SQLFailure(code, connection.pointer) }
    }

    static func nearestRank(_ values: [Double], _ percent: Double) -> Double? {
        guard !values.isEmpty, percent.isFinite else { return nil }
        let rank = Int((min(max(percent, 0), 100) / 100 * Double(values.count)).rounded(.up))
        return values.sorted()[max(rank, 1) - 1]
    }
}

private final class Gathered {
    var values: [Double] = []
    var percent = 0.0
}

@c private func percentileStep(_ context: OpaquePointer?, _ count: CInt, _ arguments: UnsafeMutablePointer<OpaquePointer?>?) {
    guard let arguments = unsafe arguments, let slot = unsafe gathered(context, create: true) else { return }
    if unsafe slot.pointee == nil { unsafe slot.pointee = Unmanaged.passRetained(Gathered()) }
    guard let gathered = unsafe (slot.pointee?.takeUnretainedValue()) else { return }
    if unsafe sqlite3_value_type(arguments[1]) != SQLITE_NULL { gathered.percent = unsafe sqlite3_value_double(arguments[1]) }
    if unsafe sqlite3_value_type(arguments[0]) != SQLITE_NULL {
        gathered.values.append(unsafe sqlite3_value_double(arguments[0]))
    }
}

@c private func percentileFinal(_ context: OpaquePointer?) {
    guard let slot = unsafe gathered(context, create: false), let held = unsafe slot.pointee else {
        unsafe sqlite3_result_null(context)
        return
    }
    let gathered = unsafe held.takeRetainedValue()
    unsafe slot.pointee = nil
    if let value = Percentile.nearestRank(gathered.values, gathered.percent) {
        unsafe sqlite3_result_double(context, value)
    } else {
        unsafe sqlite3_result_null(context)
    }
}

/// The aggregate's own eight bytes, which SQLite zeroes.
private func gathered(_ context: OpaquePointer?, create: Bool) -> UnsafeMutablePointer<Unmanaged<Gathered>?>? {
    let size = unsafe create ? CInt(MemoryLayout<OpaquePointer>.size) : 0
    guard let bytes = unsafe sqlite3_aggregate_context(context, size) else { return nil }
    return unsafe bytes.assumingMemoryBound(to: Unmanaged<Gathered>?.self)
}
