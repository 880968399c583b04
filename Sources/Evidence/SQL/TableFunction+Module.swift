import GRDBSQLite

// The C side of table functions: what SQLite calls, and the two structures that it and we share. SQLite's own structure comes
// first in each, as sqlite.org/vtab.html asks, so a pointer to one is a pointer to the other.

@safe private struct SharedTable {
    var base = unsafe sqlite3_vtab()
    var function: Unmanaged<TableFunction>
    var connection: RawConnection
}

@safe private struct SharedCursor {
    var base = unsafe sqlite3_vtab_cursor()
    var cursor: Unmanaged<TableCursor>
    var rowNumber: Int64 = 0
}

/// Made once and never freed: SQLite keeps the pointer for as long as any connection is open.
nonisolated(unsafe) let tableModule: UnsafePointer<sqlite3_module> = {
    let module = UnsafeMutablePointer<sqlite3_module>.allocate(capacity: 1)
    unsafe module.initialize(to: sqlite3_module())
    unsafe module.pointee.iVersion = 1
    unsafe module.pointee.xConnect = connectTable
    unsafe module.pointee.xBestIndex = planTable
    unsafe module.pointee.xDisconnect = disconnectTable
    unsafe module.pointee.xOpen = openTable
    unsafe module.pointee.xClose = closeTable
    unsafe module.pointee.xFilter = filterTable
    unsafe module.pointee.xNext = nextOfTable
    unsafe module.pointee.xEof = isAtEndOfTable
    unsafe module.pointee.xColumn = columnOfTable
    unsafe module.pointee.xRowid = rowNumberOfTable
    return unsafe UnsafePointer(module)
}()

@c func releaseTableFunction(_ function: UnsafeMutableRawPointer?) {
    if let function = unsafe function { unsafe Unmanaged<TableFunction>.fromOpaque(function).release() }
}

@c private func connectTable(
    _ connection: OpaquePointer?, _ auxiliary: UnsafeMutableRawPointer?, _ count: CInt,
    _ arguments: UnsafePointer<UnsafePointer<CChar>?>?, _ table: UnsafeMutablePointer<UnsafeMutablePointer<sqlite3_vtab>?>?,
    _ error: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
    guard let connection = unsafe connection, let auxiliary = unsafe auxiliary, let table = unsafe table else {
        return SQLITE_MISUSE
    }
    let function = unsafe Unmanaged<TableFunction>.fromOpaque(auxiliary)
    let code = unsafe sqlite3_declare_vtab(connection, function.takeUnretainedValue().declaration)
    guard code == SQLITE_OK else { return code }
    let shared = UnsafeMutablePointer<SharedTable>.allocate(capacity: 1)
    unsafe shared.initialize(to: SharedTable(function: function, connection: RawConnection(connection)))
    unsafe table.pointee = unsafe UnsafeMutableRawPointer(shared).assumingMemoryBound(to: sqlite3_vtab.self)
    return SQLITE_OK
}

@c private func disconnectTable(_ table: UnsafeMutablePointer<sqlite3_vtab>?) -> CInt {
    guard let table = unsafe table else { return SQLITE_MISUSE }
    unsafe UnsafeMutableRawPointer(table).assumingMemoryBound(to: SharedTable.self).deallocate()
    return SQLITE_OK
}

@c private func planTable(_ table: UnsafeMutablePointer<sqlite3_vtab>?, _ info: UnsafeMutablePointer<sqlite3_index_info>?) -> CInt
{
    guard let table = unsafe table, let info = unsafe info else { return SQLITE_MISUSE }
    let shared = unsafe UnsafeMutableRawPointer(table).assumingMemoryBound(to: SharedTable.self)
    unsafe shared.pointee.function.takeUnretainedValue().plan(info)
    return SQLITE_OK
}

@c private func openTable(
    _ table: UnsafeMutablePointer<sqlite3_vtab>?, _ cursor: UnsafeMutablePointer<UnsafeMutablePointer<sqlite3_vtab_cursor>?>?
) -> CInt {
    guard let table = unsafe table, let cursor = unsafe cursor else { return SQLITE_MISUSE }
    let shared = unsafe UnsafeMutableRawPointer(table).assumingMemoryBound(to: SharedTable.self)
    let opened = unsafe shared.pointee.function.takeUnretainedValue().open(shared.pointee.connection)
    let pointer = UnsafeMutablePointer<SharedCursor>.allocate(capacity: 1)
    unsafe pointer.initialize(to: SharedCursor(cursor: Unmanaged.passRetained(opened)))
    unsafe cursor.pointee = unsafe UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: sqlite3_vtab_cursor.self)
    return SQLITE_OK
}

private func shared(_ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>) -> UnsafeMutablePointer<SharedCursor> {
    unsafe UnsafeMutableRawPointer(cursor).assumingMemoryBound(to: SharedCursor.self)
}

private func rows(_ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>) -> TableCursor {
    unsafe shared(cursor).pointee.cursor.takeUnretainedValue()
}

@c private func closeTable(_ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>?) -> CInt {
    guard let cursor = unsafe cursor else { return SQLITE_MISUSE }
    unsafe shared(cursor).pointee.cursor.release()
    unsafe shared(cursor).deallocate()
    return SQLITE_OK
}

@c private func filterTable(
    _ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>?, _ mask: CInt, _ text: UnsafePointer<CChar>?, _ count: CInt,
    _ arguments: UnsafeMutablePointer<OpaquePointer?>?
) -> CInt {
    guard let cursor = unsafe cursor else { return SQLITE_MISUSE }
    let rows = unsafe rows(cursor)
    var values: [SQLArgument] = []
    for place in 0..<Int(count) {
        guard let arguments = unsafe arguments, let value = unsafe arguments[place] else { return SQLITE_MISUSE }
        values.append(unsafe argument(value))
    }
    return unsafe attempt(cursor) { () throws(SQLFailure) in try rows.filter(UInt32(bitPattern: mask), values) }
}

private func argument(_ value: OpaquePointer) -> SQLArgument {
    switch unsafe sqlite3_value_type(value) {
    case SQLITE_INTEGER, SQLITE_FLOAT: return unsafe .number(sqlite3_value_double(value), sqlite3_value_int64(value))
    case SQLITE_TEXT: return unsafe .text(sqlite3_value_text(value).map { unsafe String(cString: $0) } ?? "")
    default: return .null
    }
}

@c private func nextOfTable(_ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>?) -> CInt {
    guard let cursor = unsafe cursor else { return SQLITE_MISUSE }
    let rows = unsafe rows(cursor)
    unsafe shared(cursor).pointee.rowNumber += 1
    return unsafe attempt(cursor) { () throws(SQLFailure) in try rows.next() }
}

@c private func isAtEndOfTable(_ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>?) -> CInt {
    guard let cursor = unsafe cursor else { return 1 }
    return unsafe rows(cursor).isAtEnd ? 1 : 0
}

@c private func columnOfTable(_ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>?, _ context: OpaquePointer?, _ column: CInt)
    -> CInt
{
    guard let cursor = unsafe cursor, let context = unsafe context else { return SQLITE_MISUSE }
    unsafe rows(cursor).column(Int(column), SQLResult(context))
    return SQLITE_OK
}

@c private func rowNumberOfTable(_ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>?, _ number: UnsafeMutablePointer<Int64>?)
    -> CInt
{
    guard let cursor = unsafe cursor, let number = unsafe number else { return SQLITE_MISUSE }
    unsafe number.pointee = unsafe shared(cursor).pointee.rowNumber
    return SQLITE_OK
}

/// Hands a failure to SQLite: its code and, in SQLite's own memory, its message.
private func attempt(_ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>, _ body: () throws(SQLFailure) -> Void) -> CInt {
    do throws(SQLFailure) {
        try body()
        return SQLITE_OK
    } catch {
        guard let table = unsafe cursor.pointee.pVtab else { return error.code }
        unsafe sqlite3_free(table.pointee.zErrMsg)
        let text = Array(error.message.utf8CString)
        let copy = unsafe sqlite3_malloc64(UInt64(text.count))?.assumingMemoryBound(to: CChar.self)
        if let copy = unsafe copy { unsafe copy.initialize(from: text, count: text.count) }
        unsafe table.pointee.zErrMsg = unsafe copy
        return error.code
    }
}
