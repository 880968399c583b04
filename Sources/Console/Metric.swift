/// A family of samples in the Prometheus text format 0.0.4.
package struct Metric: Sendable {
    package enum Kind: String, Sendable { case counter, gauge }

    package struct Sample: Sendable {
        package var labels: [(name: String, value: String)]
        package var value: Double

        package init(_ value: Double, _ labels: [(name: String, value: String)] = []) {
            self.value = value
            self.labels = labels
        }
    }

    /// With the unit last: `campanile_store_bytes`; counters end in `_total`.
    package var name: String
    package var help: String
    package var kind: Kind
    package var samples: [Sample]

    package init(_ name: String, _ kind: Kind, help: String, samples: [Sample]) {
        self.name = name
        self.kind = kind
        self.help = help
        self.samples = samples
    }

    /// The exposition of several families; one without samples is left out.
    package static func exposition(_ metrics: [Metric]) -> String {
        var text = ""
        for metric in metrics where !metric.samples.isEmpty {
            text += "# HELP \(metric.name) \(escapedHelp(metric.help))\n# TYPE \(metric.name) \(metric.kind.rawValue)\n"
            for sample in metric.samples {
                let labels = sample.labels.map { "\($0.name)=\"\(escapedLabel($0.value))\"" }.joined(separator: ",")
                text += metric.name + (labels.isEmpty ? "" : "{\(labels)}") + " " + digits(sample.value) + "\n"
            }
        }
        return text
    }

    private static func digits(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: value), abs(whole) < 1 << 53 { return String(whole) }
        return "\(value)"
    }

    private static func escapedHelp(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    }

    private static func escapedLabel(_ text: String) -> String {
        escapedHelp(text).replacing("\"", with: "\\\"").replacing("\r", with: " ")
    }
}
