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

    /// The shipped definitions as written, by id.
    static let definitions: [String: Element] = {
        let problems = Problems()
        let documents = DefinitionFiles.yaml(below: "\(repository)/Probes/snmp", problems: problems)
            .flatMap { DefinitionFiles.documents(of: $0, problems: problems) }
        return Dictionary(
            documents.compactMap { document in Reader(document, Problems()).string("id").map { ($0, document) } },
            uniquingKeysWith: { first, _ in first })
    }()

    static func recording(_ name: String) throws -> Recording { try Recording(folder: "\(recordings)/\(name)") }

    /// One device's life up to its first report.
    static func polled(_ recording: Recording, library: ProbeLibrary) -> (
        plan: DevicePlan, answers: [VariableBindings], report: DeviceReport
    ) {
        let identity = recording.identity(library)
        let plan = library.plan(identity: identity)
        let answers = recording.answers(plan.fullRequests)
        let contexts = recording.answers(plan.contextRequests(after: answers))
        return (plan, answers, plan.report(identity: identity, answers: answers, contexts: contexts))
    }

    /// The changes of a definition that its recording does not notice, as `file:line: what`.
    static func survivingMutations(of document: Element, recording: Recording) throws -> [String] {
        guard let system = definitions["system"], let interfaces = definitions["interfaces"] else {
            return ["no definition of the system group or of interfaces"]
        }
        // What names interfaces shows only where there are some.
        let fields = Reader(document, Problems())
        let namesInterfaces = ["neighbors", "forwarding", "arp", "addresses", "transceivers", "ports"].contains { fields.has($0) }
        let beside = namesInterfaces && document.file != interfaces.file ? [system, interfaces] : [system]
        let fingerprint = { (document: Element) in
            let problems = Problems()
            let report = polled(recording, library: ProbeLibrary(beside + [document], problems: problems)).report
            let unexported = report.samples.map { "\($0.discontinuity) \($0.wide)" }
            return export(report) + unexported.joined(separator: ",") + "\(problems.all)"
        }
        let original = fingerprint(document)
        let file = URL(filePath: document.file).lastPathComponent
        return Mutation.all(of: document).filter { fingerprint($0.document) == original }
            .map { "\(file):\($0.line): \($0.what) proves nothing" }
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
