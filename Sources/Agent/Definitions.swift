package import Campus
package import Definitions
import Evidence
import Foundation
package import Judging
package import Logging
package import Probes
import Rules
package import Traffic

/// Everything that is read from definition files: how to learn, and what it means.
package struct AgentDefinitions: Sendable {
    package var probes: ProbeLibrary
    package var judging: JudgingDefinitions

    /// Reads what the settings' folders hold and tells every mistake.
    package static func load(_ settings: AgentSettings, problems: Problems) -> AgentDefinitions {
        let definitions = AgentDefinitions(
            probes: .load(directories: settings.probeDirectories, problems: problems),
            judging: .load(directories: settings.ruleDirectories, overrides: settings.overrides, problems: problems))
        _ = definitions.detectorSettings(devices: settings.devices, problems: problems)
        return definitions
    }

    /// Prepares every query of rules, items and indicators against an empty store of the present schema, and tells what is wrong.
    package func check(problems: Problems, logger: Logger) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "campanile-check-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try EvidenceStore(path: folder + "/campanile.db", settings: EvidenceSettings(), logger: logger)
        judging.check(against: store, problems: problems)
        try store.close()
    }

    /// What the rules of detection give their detectors; a name that a detector does not know is a problem.
    package func detectorSettings(devices: [DeclaredDevice], problems: Problems) -> DetectorSettings {
        var settings = DetectorSettings()
        settings.managedDevices = Set(devices.map(\.address))
        for rule in judging.rules.rules {
            guard let detector = rule.detector else { continue }
            for (name, value) in detector.settings.sorted(by: { $0.key < $1.key }) {
                // A time span is a number of seconds to a detector.
                let seconds = value.text.flatMap { Duration(text: $0) }?.inSeconds
                guard let number = value.number ?? seconds, settings.set(name, of: detector.observationClass, to: number) else {
                    let names = DetectorSettings.parameterNames(of: detector.observationClass)
                    problems.add(
                        rule.place.problem(
                            "the detector of `\(detector.observationClass)` cannot take `\(name)`",
                            remedy: names.contains(name) ? "write a number above zero" : suggestion(name, among: names)))
                    continue
                }
            }
        }
        return settings
    }
}
