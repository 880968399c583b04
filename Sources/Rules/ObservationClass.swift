package import Campus
package import Definitions
import Foundation

/// A line of `detection/classes.tsv`: the vocabulary that detectors, alerts and exports share.
package struct ObservationClass: Hashable, Sendable {
    package var id: String
    package var severity: Severity
    package var title: Bilingual
    /// What it says, in English.
    package var note: String

    /// Reads a tab-separated table with the head line `class severity zh en note`; `#` starts a comment.
    package static func load(_ path: String, problems: Problems) -> [String: ObservationClass] {
        guard let data = FileManager.default.contents(atPath: path), let text = String(validating: data, as: UTF8.self) else {
            return [:]
        }
        var classes: [String: ObservationClass] = [:]
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.isEmpty || line.hasPrefix("#") || line.hasPrefix("class\t") { continue }
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 5, let severity = Severity(rawValue: fields[1]) else {
                let remedy = "write class, severity, zh, en and note with tabs between"
                problems.add(Problem(file: path, line: index + 1, column: 1, what: "the line is no class", remedy: remedy))
                continue
            }
            classes[fields[0]] = ObservationClass(
                id: fields[0], severity: severity, title: Bilingual(zh: fields[2], en: fields[3]), note: fields[4])
        }
        return classes
    }
}
