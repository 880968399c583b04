extension String {
    /// How many terminal columns the text takes: two for East Asian wide characters (UAX #11), none for marks and controls.
    package var displayWidth: Int {
        unicodeScalars.reduce(0) { $0 + $1.columns }
    }

    /// The text with blanks added on one side until it is `width` columns wide.
    package func padded(to width: Int, alignRight: Bool = false) -> String {
        let blanks = String(repeating: " ", count: max(0, width - displayWidth))
        return alignRight ? blanks + self : self + blanks
    }

    /// The longest beginning that fits `width` columns, with `…` when something was cut.
    package func truncated(to width: Int) -> String {
        guard displayWidth > width else { return self }
        var kept = ""
        var used = 0
        for character in self {
            let columns = String(character).displayWidth
            guard used + columns < width else { break }
            kept.append(character)
            used += columns
        }
        return kept + "…"
    }

    /// The text on one line, harmless to a terminal: controls (escape sequences among them) become `·`.
    package var printable: String {
        guard unicodeScalars.contains(where: \.isControl) else { return self }
        return String(String.UnicodeScalarView(unicodeScalars.map { $0.isControl ? "·" : $0 }))
    }
}

extension Unicode.Scalar {
    /// C0, C1, DEL, line separators, and the marks that turn the direction of text (they can disguise a name).
    fileprivate var isControl: Bool {
        switch value {
        case 0..<0x20, 0x7f..<0xa0, 0x2028, 0x2029, 0x202a...0x202e, 0x2066...0x2069: true
        default: false
        }
    }

    fileprivate var columns: Int {
        if isASCII { return value < 0x20 || value == 0x7f ? 0 : 1 }
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: return isWide ? 2 : 1
        }
    }

    /// East_Asian_Width W and F, by the blocks that hold them.
    private var isWide: Bool {
        switch value {
        case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0x33ff, 0x3400...0x4dbf, 0x4e00...0x9fff, 0xa000...0xa4cf,
            0xa960...0xa97c,
            0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f, 0xff01...0xff60, 0xffe0...0xffe6, 0x1f300...0x1f64f,
            0x1f680...0x1f6ff,
            0x1f900...0x1f9ff, 0x20000...0x3fffd:
            true
        default: false
        }
    }
}
