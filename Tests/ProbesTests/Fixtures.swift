import Campus
import Definitions
import Foundation
import Probes

/// Where the repository's own files lie, and what is made from them.
enum Fixtures {
    static let repository = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent().path
    static let recordings = "\(repository)/Tests/ProbesTests/Recordings"
    static let standard = "\(repository)/Probes/snmp/standard"

    /// The shipped definitions.
    static let library = ProbeLibrary.load(directories: ["\(repository)/Probes/snmp"], problems: Problems())

    static func recording(_ name: String) throws -> Recording { try Recording(file: "\(recordings)/\(name)/walk.snmprec") }

    /// One device's life up to its first report.
    static func polled(_ recording: Recording, library: ProbeLibrary) -> (
        plan: DevicePlan, answers: [VariableBindings], report: DeviceReport
    ) {
        let identity = recording.answer(library.identityRequest)
        let plan = library.plan(identity: identity)
        let answers = recording.answers(plan.fullRequests)
        return (plan, answers, plan.report(identity: identity, answers: answers))
    }

    static func export(_ report: DeviceReport) -> String {
        DeviceExport.json(
            report, host: "device", port: 161, polledAt: Timestamp(seconds: 1_795_300_000), duration: .milliseconds(250), pdus: 9)
    }

    /// A library of definitions written in a test, and what is wrong with them.
    static func library(of text: String) throws -> (library: ProbeLibrary, problems: [String]) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "probes-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try text.write(to: folder.appending(path: "test.yaml"), atomically: true, encoding: .utf8)
        let problems = Problems()
        let library = ProbeLibrary.load(directories: [folder.path], problems: problems)
        return (library, problems.all.map { "\($0.line):\($0.column): \($0.what): \($0.remedy)" })
    }
}
