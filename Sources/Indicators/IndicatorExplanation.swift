package import Campus

/// Where a figure comes from: definition, query, bound parameters, rows, coverage.
package struct IndicatorExplanation: Sendable {
    package var indicator: Indicator
    package var period: Period
    /// As they were bound, name and value.
    package var parameters: [(name: String, value: ColumnValue)]
    package var values: [IndicatorValue]

    package init(indicator: Indicator, period: Period, parameters: [(name: String, value: ColumnValue)], values: [IndicatorValue])
    {
        self.indicator = indicator
        self.period = period
        self.parameters = parameters
        self.values = values
    }

    /// For a terminal: what it is, how it is computed, from what, and what came out.
    package func text(_ language: Language) -> String {
        let zh = language == .zh
        var lines = [
            "\(indicator.id)  \(indicator.name.text(language))  [\(indicator.unit)]",
            "\(zh ? "公式" : "formula"): \(indicator.definition.formula)",
            "\(zh ? "分子" : "numerator"): \(indicator.definition.numerator)",
            "\(zh ? "分母" : "denominator"): \(indicator.definition.denominator)",
            "\(zh ? "采样" : "sample"): \(indicator.definition.sample)",
            "\(zh ? "缺口规则" : "gaps"): \(indicator.definition.gaps)",
        ]
        lines += targetLines(zh: zh)
        lines.append("\(zh ? "周期" : "period"): \(period.label)  [\(period.start.milliseconds), \(period.end.milliseconds))")
        lines.append("\(zh ? "证据表" : "evidence"): \(indicator.sources.joined(separator: ", "))")
        lines += ["", indicator.select.trimmed, ""]
        lines += parameters.map { "  :\($0.name) = \($0.value.text ?? "NULL")" }
        lines += [""] + values.map { Self.line($0, unit: indicator.unit, zh: zh) }
        if values.isEmpty { lines.append(zh ? "没有可计算的对象" : "nothing to compute it from") }
        return lines.joined(separator: "\n")
    }

    private func targetLines(zh: Bool) -> [String] {
        if let target = indicator.target { return ["\(zh ? "目标" : "target"): \(target.value) (\(target.origin))"] }
        guard let threshold = indicator.suggestedThreshold else { return [] }
        return ["\(zh ? "建议阈值（本项目提出）" : "suggested threshold (ours)"): \(threshold)"]
    }

    private static func line(_ value: IndicatorValue, unit: String, zh: Bool) -> String {
        func number(_ number: Double?) -> String { number.map { fixed($0, $0.rounded() == $0 ? 0 : 3) } ?? "—" }
        let coverage = value.coverage.map { fixed($0 * 100, 1) + " %" } ?? "—"
        return "\(value.scope): \(number(value.value)) \(unit) = \(number(value.numerator)) / \(number(value.denominator))"
            + "; \(zh ? "样本" : "samples") \(number(value.validSamples)) / \(number(value.expectedSamples))"
            + " (\(zh ? "覆盖率" : "coverage") \(coverage)); \(value.status.rawValue); sha256 \(value.inputDigest.prefix(12))"
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = Substring(self)
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
