import GRDB
package import Logging
import Synchronization

/// The evidence tables in one SQLite file: one serialised writer, a few read-only connections for queries.
///
/// Every method blocks its caller for as long as SQLite takes: milliseconds for writes, up to the limits for queries.
package final class EvidenceStore: Sendable {
    package let path: String
    let settings: EvidenceSettings
    let logger: Logger
    /// Absent in a store that was opened for reading alone.
    private let pool: DatabasePool?
    private let reader: DatabasePool
    let queries: QueryPool
    /// What the writer remembers of devices between polls; it is as the database is, or empty.
    let recorder: Mutex<PollRecorder>

    /// Opens the store, makes or migrates its tables, and says what stands in the way.
    package init(path: String, settings: EvidenceSettings, logger: Logger) throws(EvidenceError) {
        self.path = path
        self.settings = settings
        self.logger = logger
        do {
            let pool = try DatabasePool(path: path, configuration: EvidenceStore.configuration)
            try Schema.migrator.migrate(pool)
            self.pool = pool
            reader = pool
        } catch {
            throw EvidenceError(error, path: path)
        }
        queries = QueryPool(path: path, count: settings.queryConnections)
        recorder = Mutex(PollRecorder())
    }

    private init(readOnly path: String, settings: EvidenceSettings, logger: Logger) throws(EvidenceError) {
        self.path = path
        self.settings = settings
        self.logger = logger
        pool = nil
        do {
            var configuration = EvidenceStore.configuration
            configuration.readonly = true
            reader = try DatabasePool(path: path, configuration: configuration)
        } catch {
            throw EvidenceError(error, path: path)
        }
        queries = QueryPool(path: path, count: 1)
        recorder = Mutex(PollRecorder())
    }

    /// Opens an existing store beside a running daemon: everything that reads works, everything that writes is refused.
    package static func openReadOnly(
        path: String, settings: EvidenceSettings = EvidenceSettings(), logger: Logger
    ) throws(EvidenceError) -> EvidenceStore {
        let store = try EvidenceStore(readOnly: path, settings: settings, logger: logger)
        _ = try store.select("SELECT count(*) FROM device")
        return store
    }

    /// The log is copied into the database after 64 MB instead of SQLite's 4: pages that every poll writes anew are then copied
    /// once in several minutes. Deleted pages are not overwritten with zeros as Debian's build would, for that doubles the
    /// writing of an hour's closing; the file is the daemon's alone. NORMAL in WAL mode survives any crash of the process;
    /// after a power cut the last transactions may be missing, never half there.
    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "campanile.evidence"
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 1
        configuration.prepareDatabase { db in
            guard !db.configuration.readonly else { return }
            try db.execute(
                sql: """
                    PRAGMA wal_autocheckpoint = 16000; PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -16384;
                    PRAGMA secure_delete = 0
                    """)
        }
        return configuration
    }

    /// One transaction of the writer. A durable one is on the disk when it returns: alerts, observations and conclusions must
    /// outlive a power cut, and `synchronous` can only be changed between transactions. A failure leaves the database as it
    /// was and makes the recorder forget what it may have learned too early.
    func write<Value>(durably: Bool = false, _ body: (Database) throws -> Value) throws(EvidenceError) -> Value {
        guard let pool else { throw .readOnly(path: path) }
        do {
            return try pool.writeWithoutTransaction { db in
                if durably { try db.execute(sql: "PRAGMA synchronous = FULL") }
                defer { if durably { try? db.execute(sql: "PRAGMA synchronous = NORMAL") } }
                var value: Value?
                try db.inTransaction(.immediate) {
                    value = try body(db)
                    return .commit
                }
                guard let value else { throw EvidenceError.sql("transaction without a result") }
                return value
            }
        } catch {
            recorder.withLock { $0.forget() }
            throw EvidenceError(error, path: path)
        }
    }

    /// Reads what the last transaction left.
    func read<Value>(_ body: (Database) throws -> Value) throws(EvidenceError) -> Value {
        do {
            return try reader.read(body)
        } catch {
            throw EvidenceError(error, path: path)
        }
    }

    /// Copies the write-ahead log into the database.
    package func flush() throws(EvidenceError) {
        guard let pool else { return }
        do {
            try pool.writeWithoutTransaction { db in _ = try db.checkpoint(.passive) }
        } catch {
            throw EvidenceError(error, path: path)
        }
    }

    /// Flushes and closes every connection; later calls fail.
    package func close() throws(EvidenceError) {
        queries.close()
        do {
            if let pool { try pool.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) } }
            try reader.close()
        } catch {
            throw EvidenceError(error, path: path)
        }
    }
}
