package import Campus

/// Numbers as people read them: three digits that matter, the unit beside them.
package enum Figures {
    /// `950 Mbit/s`; decimal prefixes, as link speeds have them.
    package static func bitRate(_ bitsPerSecond: Double) -> String {
        scaled(bitsPerSecond, step: 1000, units: ["bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"])
    }

    /// `16.0 MiB`; binary prefixes.
    package static func bytes(_ count: Double) -> String {
        scaled(count, step: 1024, units: ["B", "KiB", "MiB", "GiB", "TiB"])
    }

    /// `1 204 331`, in groups of three.
    package static func count(_ number: Int64) -> String {
        let digits = Array(String(number.magnitude))
        var text = ""
        for (position, digit) in digits.enumerated() {
            if position > 0, (digits.count - position) % 3 == 0 { text.append("\u{202f}") }
            text.append(digit)
        }
        return (number < 0 ? "-" : "") + text
    }

    /// `1 mistake`, `3 mistakes`
    package static func several(_ number: Int, _ thing: String) -> String { "\(number) \(thing)\(number == 1 ? "" : "s")" }

    /// `12.3 %`
    package static func percent(_ share: Double) -> String { "\(rounded(share, decimals: share < 10 ? 1 : 0)) %" }

    /// `3 d 4 h`, `12 min`, `48 s`: the two largest parts.
    package static func span(_ seconds: Double, language: Language) -> String {
        guard seconds.isFinite else { return "–" }
        let whole = Int64(min(max(0, seconds), 1e15))
        let zh = language == .zh
        let parts: [(Int64, String)] = [
            (whole / 86_400, zh ? "天" : " d"), (whole / 3600 % 24, zh ? "小时" : " h"), (whole / 60 % 60, zh ? "分" : " min"),
            (whole % 60, zh ? "秒" : " s"),
        ]
        guard let first = parts.firstIndex(where: { $0.0 > 0 }) else { return zh ? "0秒" : "0 s" }
        return parts[first...].prefix(first >= 2 ? 1 : 2).filter { $0.0 > 0 }.map { "\($0.0)\($0.1)" }.joined(
            separator: zh ? "" : " ")
    }

    /// A number with at most `decimals` places and no trailing zeros beyond them.
    package static func rounded(_ number: Double, decimals: Int) -> String {
        guard number.isFinite, abs(number) < 1e15 else { return "–" }
        let factor = (0..<max(0, min(decimals, 9))).reduce(1.0) { product, _ in product * 10 }
        let scaled = (number * factor).rounded()
        let whole = Int64(scaled.magnitude / factor)
        let sign = scaled < 0 ? "-" : ""
        guard factor > 1 else { return "\(sign)\(whole)" }
        let fraction = String(Int64((scaled.magnitude - Double(whole) * factor).rounded()))
        return "\(sign)\(whole).\(String(repeating: "0", count: max(0, decimals - fraction.count)))\(fraction)"
    }

    /// All digits that a number has, and no fraction where it is whole.
    package static func shortest(_ number: Double) -> String {
        if let whole = Int64(exactly: number), abs(whole) < 1 << 53 { return String(whole) }
        return "\(number)"
    }

    private static func scaled(_ number: Double, step: Double, units: [String]) -> String {
        guard number.isFinite else { return "–" }
        var value = number
        var unit = 0
        while abs(value) >= step * 0.9995, unit < units.count - 1 {
            value /= step
            unit += 1
        }
        return "\(rounded(value, decimals: unit == 0 || abs(value) >= 99.95 ? 0 : abs(value) >= 9.995 ? 1 : 2)) \(units[unit])"
    }
}
