import Crypto
import Wire

/// Fingerprints of hellos: JA3 and JA3S (Althouse, Atkinson, Atkins 2017). MD5 is what the format says; it secures nothing.
enum JA3 {
    /// Values that clients send to keep servers tolerant (RFC 8701); they differ from hello to hello.
    static func isGrease(_ value: UInt16) -> Bool { value & 0x0f0f == 0x0a0a && value >> 8 == value & 0xff }

    static func digest(_ hello: ClientHello) -> String {
        var text = Array(String(hello.version).utf8)
        append(hello.cipherSuites.filter { !isGrease($0) }, to: &text)
        append(hello.extensions.filter { !isGrease($0) }, to: &text)
        append(hello.groups.filter { !isGrease($0) }, to: &text)
        append(hello.pointFormats.map(UInt16.init), to: &text)
        return Hexadecimal.text(Insecure.MD5.hash(data: text))
    }

    static func digest(_ hello: ServerHello) -> String {
        var text = Array(String(hello.version).utf8)
        append([hello.cipherSuite], to: &text)
        append(hello.extensions, to: &text)
        return Hexadecimal.text(Insecure.MD5.hash(data: text))
    }

    private static func append(_ numbers: [UInt16], to text: inout [UInt8]) {
        text.append(UInt8(ascii: ","))
        for (index, number) in numbers.enumerated() {
            if index > 0 { text.append(UInt8(ascii: "-")) }
            text.append(contentsOf: String(number).utf8)
        }
    }
}

enum Hexadecimal {
    private static let digits = Array("0123456789abcdef".utf8)

    /// Two lower-case digits a byte.
    static func text(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
