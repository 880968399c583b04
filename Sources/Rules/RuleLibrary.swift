package import Campus
package import Definitions

/// All rules: as shipped, as the administrator added to them, and as the configuration overrides them.
package struct RuleLibrary: Sendable {
    /// Sorted by id.
    package private(set) var rules: [Rule] = []
    /// The vocabulary of observations, by class.
    package private(set) var classes: [String: ObservationClass] = [:]

    package init() {}

    /// Reads every rule below `directories` (`Rules`, `/etc/campanile/rules.d`) except their folders `dengbao` and
    /// `indicators`; a later directory replaces a rule of the same id. Every mistake goes to `problems`.
    package static func load(directories: [String], overrides: RuleOverrides = RuleOverrides(), problems: Problems) -> RuleLibrary
    {
        var library = RuleLibrary()
        var rules: [String: Rule] = [:]
        for directory in directories {
            library.classes.merge(ObservationClass.load(directory + "/detection/classes.tsv", problems: problems)) { _, new in new
            }
            var inDirectory: [String: Rule] = [:]
            for path in DefinitionFiles.yaml(below: directory, problems: problems) where !belongsElsewhere(path, in: directory) {
                for document in DefinitionFiles.documents(of: path, problems: problems) {
                    guard let rule = RuleReader(document, classes: library.classes, problems: problems).rule() else { continue }
                    if let other = inDirectory[rule.id] {
                        let there = "\(other.place.file):\(other.place.line)"
                        problems.add(
                            document.problem("the rule `\(rule.id)` stands at \(there) too", remedy: "give one another id"))
                    }
                    inDirectory[rule.id] = rule
                }
            }
            rules.merge(inDirectory) { _, new in new }
        }
        overrides.apply(to: &rules, problems: problems)
        library.rules = rules.values.sorted { $0.id < $1.id }
        return library
    }

    private static func belongsElsewhere(_ path: String, in directory: String) -> Bool {
        let below = path.dropFirst(directory.count + 1)
        return below.hasPrefix("dengbao/") || below.hasPrefix("indicators/")
    }

    /// Has `columns` prepare each rule's SQL: it answers with the column names or throws what is wrong. What is wrong, and
    /// what messages ask for that the SQL does not give, goes to `problems`.
    package func check(columns: (QueryText) throws -> [String], problems: Problems) {
        for rule in rules {
            do {
                let given = try columns(QueryText(rule.select))
                let mistakes = QueryText.mistakes(
                    columns: given, required: ["subject", "outcome"], placeholders: rule.message.columns)
                for mistake in mistakes {
                    problems.add(rule.place.problem("`\(rule.id)`: \(mistake.what)", remedy: mistake.remedy))
                }
            } catch {
                problems.add(rule.place.problem("the query of `\(rule.id)` cannot run: \(error)", remedy: "correct the SQL"))
            }
        }
    }

    package func rule(_ id: String) -> Rule? { rules.first { $0.id == id } }
}
