import Foundation

/// Arithmetic over the columns of a row: `= 100 - idle`.
indirect enum Formula: Sendable {
    case constant(Double)
    case column(ColumnReference)
    case negative(Formula)
    case binary(Operator, Formula, Formula)
    case call(Function, [Formula])

    enum Operator: Character, Sendable {
        case plus = "+", minus = "-", times = "*", over = "/"
    }

    enum Function: String, CaseIterable, Sendable {
        case min, max, abs, round, floor, log10, pow
    }

    /// nil when a column is absent, a divisor is 0, or the result is not finite.
    func value(in row: Row) -> Double? {
        let result: Double?
        switch self {
        case .constant(let number): result = number
        case .column(let column): result = row.number(column)
        case .negative(let inner): result = inner.value(in: row).map { -$0 }
        case .binary(let sign, let left, let right):
            guard let left = left.value(in: row), let right = right.value(in: row) else { return nil }
            switch sign {
            case .plus: result = left + right
            case .minus: result = left - right
            case .times: result = left * right
            case .over: result = left / right
            }
        case .call(let function, let arguments):
            let values = arguments.compactMap { $0.value(in: row) }
            guard values.count == arguments.count, let first = values.first else { return nil }
            switch function {
            case .min: result = values.min()
            case .max: result = values.max()
            case .abs: result = Swift.abs(first)
            case .round: result = first.rounded()
            case .floor: result = first.rounded(.down)
            case .log10: result = first > 0 ? Foundation.log10(first) : nil
            case .pow: result = values.count == 2 ? Foundation.pow(first, values[1]) : nil
            }
        }
        return result.flatMap { $0.isFinite ? $0 : nil }
    }

    /// In the order in which they are written.
    var columns: [ColumnReference] {
        switch self {
        case .constant: []
        case .column(let column): [column]
        case .negative(let inner): inner.columns
        case .binary(_, let left, let right): left.columns + right.columns
        case .call(_, let arguments): arguments.flatMap(\.columns)
        }
    }
}

/// Reads a formula; names become columns by what `reference` says.
struct FormulaParser {
    struct Fault: Error {
        var reason: String
    }

    static let maxDepth = 32

    private let text: [Character]
    private let reference: (String) -> ColumnReference?
    private var place = 0
    private var depth = 0

    /// `text` without the leading `=`; `reference` is nil for a name that is no column (and has said so).
    init(_ text: some StringProtocol, reference: @escaping (String) -> ColumnReference?) {
        self.text = Array(text)
        self.reference = reference
    }

    mutating func formula() throws(Fault) -> Formula {
        let formula = try sum()
        skipBlanks()
        guard place == text.count else { throw Fault(reason: "`\(String(text[place...]))` is left over") }
        return formula
    }

    private mutating func skipBlanks() {
        while place < text.count, text[place] == " " { place += 1 }
    }

    private mutating func take(_ characters: String) -> Character? {
        skipBlanks()
        guard place < text.count, characters.contains(text[place]) else { return nil }
        place += 1
        return text[place - 1]
    }

    private mutating func sum() throws(Fault) -> Formula {
        var left = try product()
        while let sign = take("+-"), let operation = Formula.Operator(rawValue: sign) {
            left = .binary(operation, left, try product())
        }
        return left
    }

    private mutating func product() throws(Fault) -> Formula {
        var left = try factor()
        while let sign = take("*/"), let operation = Formula.Operator(rawValue: sign) {
            left = .binary(operation, left, try factor())
        }
        return left
    }

    private mutating func factor() throws(Fault) -> Formula {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maxDepth else { throw Fault(reason: "it lies too deep") }
        if take("-") != nil { return .negative(try factor()) }
        if take("(") != nil {
            let inner = try sum()
            guard take(")") != nil else { throw Fault(reason: "`(` without `)`") }
            return inner
        }
        skipBlanks()
        let word = word()
        guard let first = word.first else { throw Fault(reason: "a column or a number is missing at its end") }
        if first.isNumber {
            guard let number = Double(word), number.isFinite else { throw Fault(reason: "`\(word)` is no number") }
            return .constant(number)
        }
        if let function = Formula.Function(rawValue: word), take("(") != nil { return .call(function, try arguments()) }
        guard let column = reference(word) else { throw Fault(reason: "`\(word)` is no column") }
        return .column(column)
    }

    private mutating func arguments() throws(Fault) -> [Formula] {
        var arguments = [try sum()]
        while take(",") != nil { arguments.append(try sum()) }
        guard take(")") != nil else { throw Fault(reason: "`(` without `)`") }
        return arguments
    }

    /// A name, dotted for a joined column, or a number (`1e3` too).
    private mutating func word() -> String {
        let start = place
        while place < text.count, text[place].isLetter || text[place].isNumber || text[place] == "." || text[place] == "_" {
            place += 1
        }
        return String(text[start..<place])
    }
}
