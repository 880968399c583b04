import Wire

/// DNS messages, over UDP or behind their length over TCP (RFC 7766 §8).
enum DNSStream {
    /// Which of the three protocols a port stands for; nil for none.
    @inline(__always)
    static func application(port: UInt16) -> DNSFact.Application? {
        switch port {
        case 53: .dns
        case 5353: .mdns
        case 5355: .llmnr
        default: nil
        }
    }

    static func application(_ endpoints: borrowing Endpoints) -> DNSFact.Application? {
        let (low, high) = (
            min(endpoints.sourcePort, endpoints.destinationPort), max(endpoints.sourcePort, endpoints.destinationPort)
        )
        return application(port: low) ?? application(port: high)
    }

    /// Reads whole messages and returns how many bytes they are.
    static func parse(_ bytes: Span<UInt8>, context: borrowing MessageContext, output: inout [Fact]) -> Int {
        var offset = 0
        while let word = bytes.number(UInt16.self, at: offset) {
            let start = offset &+ 2
            let length = Int(word)
            guard length <= bytes.count &- start else { return offset }
            _ = message(bytes.extracting(start..<(start &+ length)), context: context, output: &output)
            offset = start &+ length
        }
        return offset
    }

    /// Reads one message; false when it is damaged.
    static func message(_ bytes: Span<UInt8>, context: borrowing MessageContext, output: inout [Fact]) -> Bool {
        guard let message = try? DNSMessage(parsing: bytes) else { return false }
        // mDNS is UDP (RFC 6762 §3); over TCP its port speaks plain DNS.
        let isUDP = context.endpoints.protocolNumber == 17
        var application = Self.application(context.endpoints) ?? DNSFact.Application.dns
        if application == .mdns, !isUDP { application = .dns }
        output.append(
            .dns(
                DNSFact(
                    at: context.at, endpoints: context.endpoints, application: application, identifier: message.identifier,
                    isResponse: message.isResponse, operation: message.operation, name: message.name, type: message.type,
                    responseCode: message.responseCode, answerCount: message.answerCount, length: bytes.count,
                    isAmbiguous: message.operation != 0 || !message.isPrintable
                        || message.questionCount == 0 && application == .dns,
                    isTunnelled: context.isTunnelled)))
        return true
    }
}

/// The identification line of an SSH side.
enum SSHStream {
    /// Returns where the line ends, or nil while it is not complete.
    static func parse(_ bytes: Span<UInt8>, context: borrowing MessageContext, output: inout [Fact]) -> Int? {
        guard let line = try? SSHIdentification(parsing: bytes) else {
            return bytes.count > SSHIdentification.maximumByteCount ? bytes.count : nil
        }
        output.append(
            .ssh(SSHFact(at: context.at, endpoints: context.endpoints, banner: line.text, isTunnelled: context.isTunnelled)))
        return bytes.count
    }
}
