import Foundation
import Glibc
import Synchronization

/// A UDP responder on the loopback that answers each v2c request with whatever datagrams `reply` makes of it.
final class HostileAgent: Sendable {
    let port: UInt16
    private let descriptor: Int32
    private let isStopping = Atomic<Bool>(false)
    private let count = Atomic<Int>(0)

    /// Datagrams received.
    var requests: Int { count.load(ordering: .relaxed) }

    init(_ reply: @escaping @Sendable (_ request: Request, _ number: Int) -> [[UInt8]]) throws {
        descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        port = try bindLoopback(descriptor)
        let descriptor = descriptor
        Thread { [weak self] in
            var buffer = [UInt8](repeating: 0, count: 65536)
            while true {
                var peer = sockaddr_in()
                var size = socklen_t(MemoryLayout<sockaddr_in>.size)
                let received = unsafe withUnsafeMutablePointer(to: &peer) { pointer in
                    unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        unsafe recvfrom(descriptor, &buffer, buffer.count, 0, $0, &size)
                    }
                }
                guard received > 0, let self, !self.isStopping.load(ordering: .relaxed) else { return }
                let number = self.count.add(1, ordering: .relaxed).oldValue
                guard let request = Request(Array(buffer[..<received])) else { continue }
                for datagram in reply(request, number) {
                    _ = unsafe withUnsafePointer(to: &peer) { pointer in
                        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                            unsafe sendto(descriptor, datagram, datagram.count, 0, $0, size)
                        }
                    }
                }
            }
        }.start()
    }

    deinit {
        isStopping.store(true, ordering: .relaxed)
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }
}

/// A v1 or v2c request as the hostile agent reads it: as much as it needs to answer in kind.
struct Request: Sendable {
    var version: UInt8
    var community: [UInt8]
    var command: UInt8
    var id: [UInt8]
    /// The names, as encoded.
    var names: [[UInt8]]

    init?(_ bytes: [UInt8]) {
        var reader = Reader(bytes: bytes)
        guard reader.enter(), let version = reader.value()?.first, let community = reader.value(), let command = reader.peek(),
            reader.enter(), let id = reader.value(), reader.value() != nil, reader.value() != nil, reader.enter()
        else { return nil }
        self.version = version
        self.community = community
        self.command = command
        self.id = id
        names = []
        while reader.enter(), let name = reader.value(), reader.value() != nil { names.append(name) }
    }

    /// A response with these bindings: an encoded name and an INTEGER each.
    func response(_ bindings: [(name: [UInt8], value: UInt8)], id: [UInt8]? = nil, status: UInt8 = 0, index: UInt8 = 0) -> [UInt8]
    {
        let list = bindings.flatMap { tlv(0x30, tlv(6, $0.name) + tlv(2, [$0.value])) }
        let body = tlv(2, id ?? self.id) + tlv(2, [status]) + tlv(2, [index]) + tlv(0x30, list)
        return tlv(0x30, tlv(2, [version]) + tlv(4, community) + tlv(0xa2, body))
    }
}

func tlv(_ tag: UInt8, _ body: [UInt8]) -> [UInt8] {
    let count = body.count
    let length: [UInt8] = count < 128 ? [UInt8(count)] : [0x82, UInt8(count >> 8), UInt8(count & 255)]
    return [tag] + length + body
}

private struct Reader {
    var bytes: [UInt8]
    var position = 0

    func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    /// Steps over a tag and length, into what it holds.
    mutating func enter() -> Bool { header() != nil }

    mutating func value() -> [UInt8]? {
        guard let count = header(), position + count <= bytes.count else { return nil }
        defer { position += count }
        return Array(bytes[position..<(position + count)])
    }

    private mutating func header() -> Int? {
        guard position + 2 <= bytes.count else { return nil }
        var count = Int(bytes[position + 1])
        position += 2
        if count >= 128 {
            let size = count & 127
            guard position + size <= bytes.count else { return nil }
            count = bytes[position..<(position + size)].reduce(0) { $0 << 8 | Int($1) }
            position += size
        }
        return count
    }
}
