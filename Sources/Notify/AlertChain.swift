import Crypto
import Foundation

/// The chain of an alert log: each line carries the SHA-256 of the exact bytes of the line before.
struct AlertChain {
    /// Before the very first line there is nothing to hash.
    static let genesis = String(repeating: "0", count: 64)

    private(set) var previous = AlertChain.genesis
    private(set) var lastSequence: Int64 = 0

    init() {}

    /// Takes a line as the newest.
    mutating func extend(by line: [UInt8], sequence: Int64) {
        previous = Self.hash(line)
        lastSequence = sequence
    }

    static func hash(_ line: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return String(SHA256.hash(data: line).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}

/// What verification and repair need of a line.
struct ParsedAlertLine: Decodable {
    struct Event: Decodable {
        var action: String
        var start: String
    }

    struct Ours: Decodable {
        var sequence: Int64
        var alert: String
        var state: String
        var severity: String
        var subject: String
        var actor: String
        var previous: String
    }

    struct Rule: Decodable {
        var id: String
    }

    var timestamp: String
    var event: Event
    var rule: Rule
    var message: String
    var campanile: Ours

    private enum CodingKeys: String, CodingKey {
        case timestamp = "@timestamp"
        case event, rule, message, campanile
    }

    init?(_ bytes: [UInt8]) {
        guard let line = try? JSONDecoder().decode(ParsedAlertLine.self, from: Data(bytes)) else { return nil }
        self = line
    }
}
