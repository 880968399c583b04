import Campus
import Foundation

/// Reads `HOST`, `HOST:PORT`, `[IPv6]:PORT` or a bare IPv6 address.
enum HostName {
    static func resolve(_ text: String, port standard: UInt16 = 161) throws -> (address: IPAddress, port: UInt16) {
        let (host, port) = try split(text, standard)
        if let address = IPAddress(host) { return (address, port) }
        guard let address = lookUp(host) else {
            throw CommandFailure.cannotRun("\(host): no such host: give its address, or correct the name service")
        }
        return (address, port)
    }

    static func split(_ text: String, _ standard: UInt16) throws -> (host: String, port: UInt16) {
        if IPAddress(text) != nil { return (text, standard) }
        guard let colon = text.lastIndex(of: ":") else { return (text.trimmingBrackets, standard) }
        if text.hasSuffix("]") { return (text.trimmingBrackets, standard) }
        guard let port = UInt16(text[text.index(after: colon)...]), port > 0 else {
            throw CommandFailure.usage("\(text): no port from 1 to 65535 after the colon: write e.g. 10.1.1.2:161")
        }
        return (String(text[..<colon]).trimmingBrackets, port)
    }

    /// The first IPv4 or IPv6 address of a name (getaddrinfo(3)).
    private static func lookUp(_ host: String) -> IPAddress? {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, nil, &hints, &found) == 0 else { return nil }
        defer { unsafe freeaddrinfo(found) }
        var entry = unsafe found
        while let one = unsafe entry {
            var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let status = unsafe getnameinfo(
                one.pointee.ai_addr, one.pointee.ai_addrlen, &name, socklen_t(name.count), nil, 0, NI_NUMERICHOST)
            let text = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if status == 0, let address = IPAddress(text) { return address }
            unsafe entry = one.pointee.ai_next
        }
        return nil
    }
}

extension String {
    fileprivate var trimmingBrackets: String { hasPrefix("[") && hasSuffix("]") ? String(dropFirst().dropLast()) : self }
}
