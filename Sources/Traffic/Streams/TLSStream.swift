import Crypto
import Wire

/// One direction of a TLS conversation, read until it is encrypted.
struct TLSStream: Sendable {
    /// Handshake bytes of records that are complete, of a message that is not.
    private var handshake: [UInt8] = []
    /// Bytes of an uninteresting record that are still to come.
    private var passing = 0
    private var isCipherChanged = false
    private(set) var isFinished = false
    /// A handshake message is given up beyond this; certificate chains of 40 kB exist.
    private static let maximumMessage = 1 << 17

    mutating func parse(_ bytes: Span<UInt8>, context: borrowing MessageContext, output: inout [Fact]) -> Int {
        var offset = min(passing, bytes.count)
        passing &-= offset
        while offset < bytes.count, !isFinished {
            guard bytes.count &- offset >= TLSRecord.headerByteCount else { return offset }
            guard let record = try? TLSRecord(parsing: bytes, at: offset) else {
                isFinished = true
                break
            }
            let start = offset &+ TLSRecord.headerByteCount
            guard record.content == .handshake else {
                note(record.content)
                offset = min(start &+ record.length, bytes.count)
                passing = start &+ record.length &- offset
                continue
            }
            guard record.length <= bytes.count &- start else { return offset }
            take(bytes.extracting(start..<(start &+ record.length)), context: context, output: &output)
            offset = start &+ record.length
        }
        return offset
    }

    /// Passes over bytes of a record that is not a handshake's; false where they are not all within one.
    mutating func skip(_ count: Int) -> Bool {
        guard passing >= count else { return false }
        passing &-= count
        return true
    }

    /// Reads the name from a client's hello whose end the capture cut off.
    static func cutHello(_ bytes: Span<UInt8>, context: borrowing MessageContext, output: inout [Fact]) {
        guard TLSRecord.startsHello(bytes), bytes.count > 11, bytes[5] == 1, let version = bytes.number(UInt16.self, at: 9),
            let name = ClientHello.serverName(inCut: bytes.extracting(9..<bytes.count))
        else { return }
        let message = TLSFact.Message.clientHello(serverName: name, version: version, ja3: "", protocols: [])
        output.append(
            .tls(TLSFact(at: context.at, endpoints: context.endpoints, message: message, isTunnelled: context.isTunnelled)))
    }

    private mutating func note(_ content: TLSRecord.Content) {
        switch content {
        case .applicationData: isFinished = true
        // TLS 1.3 sends it in clear text between hellos (RFC 8446 §D.4), earlier versions encrypt from here on.
        case .changeCipherSpec: isCipherChanged = true
        default: break
        }
    }

    private mutating func take(_ record: Span<UInt8>, context: borrowing MessageContext, output: inout [Fact]) {
        if handshake.isEmpty {
            let used = messages(record, context: context, output: &output)
            if used < record.count, !isFinished { handshake = record.copy(used..<record.count) }
            return
        }
        var whole: [UInt8] = []
        swap(&whole, &handshake)
        whole.append(record)
        let used = messages(whole.span, context: context, output: &output)
        guard used < whole.count, !isFinished else { return }
        whole.removeFirst(used)
        swap(&whole, &handshake)
        if handshake.count > Self.maximumMessage { isFinished = true }
    }

    /// Reads whole handshake messages from the front and returns how many bytes they are.
    private mutating func messages(_ bytes: Span<UInt8>, context: borrowing MessageContext, output: inout [Fact]) -> Int {
        var offset = 0
        while let type = bytes.number(UInt8.self, at: offset), let word = bytes.number(UInt32.self, at: offset) {
            let length = Int(word & 0xff_ffff)
            if isCipherChanged {
                // Only a hello that fills its record is one: anything else here is encrypted.
                guard type == 1 || type == 2, length &+ 4 == bytes.count else {
                    isFinished = true
                    return bytes.count
                }
            }
            guard length <= Self.maximumMessage else {
                isFinished = true
                return bytes.count
            }
            let start = offset &+ 4
            guard length <= bytes.count &- start else { return offset }
            message(type, bytes.extracting(start..<(start &+ length)), context: context, output: &output)
            offset = start &+ length
        }
        return offset
    }

    private func message(_ type: UInt8, _ body: Span<UInt8>, context: borrowing MessageContext, output: inout [Fact]) {
        guard let message = Self.read(type, body) else { return }
        output.append(
            .tls(TLSFact(at: context.at, endpoints: context.endpoints, message: message, isTunnelled: context.isTunnelled)))
    }

    private static func read(_ type: UInt8, _ body: Span<UInt8>) -> TLSFact.Message? {
        switch type {
        case 1:
            guard let hello = try? ClientHello(parsing: body) else { return nil }
            let version = hello.supportedVersions.filter { !JA3.isGrease($0) }.max() ?? hello.version
            return .clientHello(
                serverName: hello.serverName, version: version, ja3: JA3.digest(hello), protocols: hello.protocols)
        case 2:
            guard let hello = try? ServerHello(parsing: body) else { return nil }
            return .serverHello(
                version: hello.selectedVersion ?? hello.version, cipherSuite: hello.cipherSuite, ja3s: JA3.digest(hello),
                protocol: hello.protocol)
        case 11:
            guard let list = try? CertificateMessage(parsing: body), !list.leaf.isEmpty else { return nil }
            return .certificate(sha256: Hexadecimal.text(SHA256.hash(data: body.copy(list.leaf))))
        default: return nil
        }
    }
}
