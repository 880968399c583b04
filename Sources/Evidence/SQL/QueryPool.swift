import Campus
import Synchronization

/// A few query connections, opened when first needed; a query takes a free one or waits for one.
final class QueryPool: Sendable {
    private final class Slot: Sendable {
        let connection = Mutex<QueryConnection?>(nil)
    }

    private let path: String
    private let slots: [Slot]
    private let turn = Atomic<Int>(0)
    private let isClosed = Atomic<Bool>(false)

    init(path: String, count: Int) {
        self.path = path
        slots = (0..<max(1, count)).map { _ in Slot() }
    }

    func select(_ sql: String, _ parameters: [String: EvidenceValue], _ limits: QueryLimits) throws(EvidenceError) -> ResultTable
    {
        for slot in slots {
            let result = slot.connection.withLockIfAvailable { connection in run(&connection, sql, parameters, limits) }
            if let result { return try result.get() }
        }
        let place = turn.wrappingAdd(1, ordering: .relaxed).newValue
        let slot = slots[Int(UInt(bitPattern: place) % UInt(slots.count))]
        return try slot.connection.withLock { connection in run(&connection, sql, parameters, limits) }.get()
    }

    private func run(
        _ connection: inout QueryConnection?, _ sql: String, _ parameters: [String: EvidenceValue], _ limits: QueryLimits
    ) -> Result<ResultTable, EvidenceError> {
        Result { () throws(EvidenceError) in
            guard !isClosed.load(ordering: .acquiring) else { throw .cannotOpen(path: path, reason: "the store is closed") }
            if connection == nil { connection = try QueryConnection.open(path) }
            return try connection?.select(sql, parameters, limits) ?? ResultTable(columns: [])
        }
    }

    func close() {
        isClosed.store(true, ordering: .releasing)
        for slot in slots { slot.connection.withLock { $0 = nil } }
    }
}
