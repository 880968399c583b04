import CNetSNMP
import Glibc

/// Hashes and ciphers of USM as libsnmp has them; it keeps no state in these, and everything else of SNMP is ours.
enum SecurityLibrary {
    /// Prepares the library once; without this it would read the user's configuration when asked for a protocol.
    private static let isReady: Bool = {
        unsafe setenv("MIBS", "", 1)
        snmp_disable_log()
        return sc_init() == SNMPERR_SUCCESS
    }()

    /// RFC 3414 §A.2 turns a password into a key by hashing a megabyte of it: some milliseconds, so callers keep the result.
    static func masterKey(_ auth: SNMPCredential.AuthProtocol, password: String) -> [UInt8] {
        unsafe output(Int(USM_AUTH_KU_LEN)) { key, length in
            unsafe auth.withIdentifier { identifier, count in
                var bytes = Array(password.utf8)
                return unsafe generate_Ku(identifier, UInt32(count), &bytes, bytes.count, key, &length)
            }
        }
    }

    /// The master key made the engine's own (RFC 3414 §2.6).
    static func localizedKey(_ auth: SNMPCredential.AuthProtocol, master: [UInt8], engineID: [UInt8]) -> [UInt8] {
        guard !master.isEmpty else { return [] }
        return unsafe output(Int(USM_AUTH_KU_LEN)) { key, length in
            unsafe auth.withIdentifier { identifier, count in
                unsafe generate_kul(identifier, UInt32(count), engineID, engineID.count, master, master.count, key, &length)
            }
        }
    }

    static func hash(_ auth: SNMPCredential.AuthProtocol, of bytes: [UInt8]) -> [UInt8] {
        unsafe output(64) { digest, length in
            unsafe auth.withIdentifier { identifier, count in
                unsafe sc_hash(identifier, count, bytes, bytes.count, digest, &length)
            }
        }
    }

    /// The first octets of the message's HMAC, as many as the protocol sends; empty when it cannot be made.
    static func digest(_ auth: SNMPCredential.AuthProtocol, key: [UInt8], of message: ArraySlice<UInt8>) -> [UInt8] {
        guard isReady else { return [] }
        return unsafe output(auth.digestSize) { digest, length in
            unsafe auth.withIdentifier { identifier, count in
                unsafe message.withUnsafeBufferPointer { message in
                    unsafe sc_generate_keyed_hash(
                        identifier, count, key, UInt32(key.count), message.baseAddress, UInt32(message.count), digest, &length)
                }
            }
        }
    }

    /// `key` and `vector` as long as the protocol wants them; DES pads to eight octets.
    static func encrypted(
        _ priv: SNMPCredential.PrivProtocol, key: [UInt8], vector: [UInt8], _ plain: ArraySlice<UInt8>
    ) -> [UInt8] {
        guard isReady else { return [] }
        var (key, vector) = (key, vector)
        return unsafe output(plain.count + 16) { cipher, length in
            unsafe priv.withIdentifier { identifier, count in
                unsafe plain.withUnsafeBufferPointer { plain in
                    unsafe sc_encrypt(
                        identifier, count, &key, UInt32(key.count), &vector, UInt32(vector.count), plain.baseAddress,
                        UInt32(plain.count), cipher, &length)
                }
            }
        }
    }

    static func decrypted(
        _ priv: SNMPCredential.PrivProtocol, key: [UInt8], vector: [UInt8], _ cipher: [UInt8]
    ) -> [UInt8] {
        guard isReady, !cipher.isEmpty else { return [] }
        var (key, vector, cipher) = (key, vector, cipher)
        return unsafe output(cipher.count + 16) { plain, length in
            unsafe priv.withIdentifier { identifier, count in
                unsafe sc_decrypt(
                    identifier, count, &key, UInt32(key.count), &vector, UInt32(vector.count), &cipher, UInt32(cipher.count),
                    plain,
                    &length)
            }
        }
    }

    /// What a function of the library writes into a buffer of `size`; empty when it fails.
    private static func output(_ size: Int, _ body: (UnsafeMutablePointer<UInt8>, inout Int) -> CInt) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            var length = size
            guard let start = buffer.baseAddress else { return }
            count = unsafe body(start, &length) == SNMPERR_SUCCESS ? min(length, size) : 0
        }
    }
}

extension SNMPCredential.AuthProtocol {
    /// Octets of msgAuthenticationParameters (RFC 3414 §6.3.1, RFC 7860 §4.2.1).
    var digestSize: Int {
        switch self {
        case .md5, .sha1: 12
        case .sha224: 16
        case .sha256: 24
        case .sha384: 32
        case .sha512: 48
        }
    }

    /// RFC 3414 §5, RFC 7860 §9.
    fileprivate func withIdentifier<Result>(_ body: (UnsafePointer<oid>, Int) -> Result) -> Result {
        let last: oid =
            switch self {
            case .md5: 2
            case .sha1: 3
            case .sha224: 4
            case .sha256: 5
            case .sha384: 6
            case .sha512: 7
            }
        return unsafe withArcs([1, 3, 6, 1, 6, 3, 10, 1, 1, last], body)
    }
}

extension SNMPCredential.PrivProtocol {
    /// Octets of the key that the cipher takes (RFC 3414 §8.1, RFC 3826 §1.2, draft-blumenthal-aes-usm-04).
    var keySize: Int {
        switch self {
        case .des, .aes128: 16
        case .aes192: 24
        case .aes256: 32
        }
    }

    /// RFC 3414 §5, RFC 3826 §3, net-snmp's enterprise arcs for the longer AES keys.
    fileprivate func withIdentifier<Result>(_ body: (UnsafePointer<oid>, Int) -> Result) -> Result {
        switch self {
        case .des: unsafe withArcs([1, 3, 6, 1, 6, 3, 10, 1, 2, 2], body)
        case .aes128: unsafe withArcs([1, 3, 6, 1, 6, 3, 10, 1, 2, 4], body)
        case .aes192: unsafe withArcs([1, 3, 6, 1, 4, 1, 14832, 1, 3], body)
        case .aes256: unsafe withArcs([1, 3, 6, 1, 4, 1, 14832, 1, 4], body)
        }
    }
}

private func withArcs<Result>(_ arcs: [oid], _ body: (UnsafePointer<oid>, Int) -> Result) -> Result {
    unsafe arcs.withUnsafeBufferPointer { buffer in
        // The lists above are never empty, so there is a base address.
        guard let base = buffer.baseAddress else { preconditionFailure("an identifier without arcs") }
        return unsafe body(base, buffer.count)
    }
}
