import CNetSNMP
import Glibc
import Synchronization

/// libsnmp as a process-wide thing: its tables of users, engine clocks and request ids are global and know no lock,
/// so that every call into it is made with `access` held.
enum LibrarySNMP {
    static let access = Mutex(())

    /// Prepares the library once: no MIB files, no configuration of any user, no persistent files, no log lines.
    static let isReady: Bool = {
        unsafe setenv("MIBS", "", 1)
        unsafe setenv("MIBDIRS", "", 1)
        unsafe setenv("SNMPCONFPATH", "/nonexistent", 1)
        unsafe setenv("SNMP_PERSISTENT_DIR", "/nonexistent", 1)
        snmp_disable_log()
        unsafe netsnmp_register_loghandler(NETSNMP_LOGHANDLER_NONE, LOG_DEBUG)
        for flag in [
            NETSNMP_DS_LIB_DONT_READ_CONFIGS, NETSNMP_DS_LIB_DONT_PERSIST_STATE, NETSNMP_DS_LIB_DISABLE_PERSISTENT_LOAD,
            NETSNMP_DS_LIB_DISABLE_PERSISTENT_SAVE,
        ] {
            netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, flag, 1)
        }
        unsafe init_snmp("campanile")
        return true
    }()

    /// RFC 3414 §A.2 turns a password into a key by hashing a megabyte of it: some milliseconds, so callers keep the result.
    static func masterKey(_ auth: SNMPCredential.AuthProtocol, password: String) -> [UInt8] {
        unsafe withProtocol(auth) { identifier, count in
            var key = [UInt8](repeating: 0, count: Int(USM_AUTH_KU_LEN))
            var length = key.count
            var bytes = Array(password.utf8)
            let result = unsafe bytes.withUnsafeMutableBufferPointer { text in
                unsafe key.withUnsafeMutableBufferPointer { buffer in
                    unsafe generate_Ku(identifier, UInt32(count), text.baseAddress, text.count, buffer.baseAddress, &length)
                }
            }
            return result == SNMPERR_SUCCESS ? Array(key[..<min(length, key.count)]) : []
        }
    }

    /// Lends the protocol's identifier (RFC 3414 §5, RFC 7860 §9) as libsnmp wants it.
    static func withProtocol<Result>(
        _ auth: SNMPCredential.AuthProtocol, _ body: (UnsafeMutablePointer<oid>, Int) -> Result
    ) -> Result {
        var arcs: [oid] =
            switch auth {
            case .md5: [1, 3, 6, 1, 6, 3, 10, 1, 1, 2]
            case .sha1: [1, 3, 6, 1, 6, 3, 10, 1, 1, 3]
            case .sha224: [1, 3, 6, 1, 6, 3, 10, 1, 1, 4]
            case .sha256: [1, 3, 6, 1, 6, 3, 10, 1, 1, 5]
            case .sha384: [1, 3, 6, 1, 6, 3, 10, 1, 1, 6]
            case .sha512: [1, 3, 6, 1, 6, 3, 10, 1, 1, 7]
            }
        return unsafe withBase(&arcs, body)
    }

    /// Lends the protocol's identifier (RFC 3414 §5, RFC 3826 §3, net-snmp's enterprise arcs for the longer AES keys).
    static func withProtocol<Result>(
        _ priv: SNMPCredential.PrivProtocol, _ body: (UnsafeMutablePointer<oid>, Int) -> Result
    ) -> Result {
        var arcs: [oid] =
            switch priv {
            case .des: [1, 3, 6, 1, 6, 3, 10, 1, 2, 2]
            case .aes128: [1, 3, 6, 1, 6, 3, 10, 1, 2, 4]
            case .aes192: [1, 3, 6, 1, 4, 1, 14832, 1, 3]
            case .aes256: [1, 3, 6, 1, 4, 1, 14832, 1, 4]
            }
        return unsafe withBase(&arcs, body)
    }

    private static func withBase<Result>(
        _ arcs: inout [oid], _ body: (UnsafeMutablePointer<oid>, Int) -> Result
    ) -> Result {
        unsafe arcs.withUnsafeMutableBufferPointer { buffer in
            // The literals above are never empty, so there is a base address.
            guard let base = buffer.baseAddress else { preconditionFailure("an identifier without arcs") }
            return unsafe body(base, buffer.count)
        }
    }
}
