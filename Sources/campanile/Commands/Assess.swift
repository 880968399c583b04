import Agent
import ArgumentParser
import Campus
import Compliance
import Judging
import Reporting

struct Assess: AsyncParsableCommand {
    enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

    static let configuration = CommandConfiguration(
        abstract: "Judge the 等保 items (GB/T 22239-2019) that the agent can judge, now.",
        discussion: "Exits 1 when an item is 不符合 or 未判定; `status` of the JSON says which.")

    @OptionGroup var options: ConfigurationOptions
    @Option(help: "The level to judge by: 2 or 3.") var level = 3
    @Option(help: "An information system's id; else the whole site.") var system = ""
    @Option(help: "text or json.") var format = Format.text

    func validate() throws {
        guard level == 2 || level == 3 else { throw ValidationError("--level is 2 or 3") }
    }

    func run() async throws {
        let (settings, definitions) = try options.everything(.ignored)
        if !system.isEmpty, !settings.profile.systems.contains(where: { $0.id == system }) {
            throw CommandFailure.usage("\(system): no such system: declare it below `systems` in site.yaml")
        }
        let assessor = Assessor(
            store: try options.store(settings), definitions: definitions.judging, settings: settings.judging, logger: Log.quiet)
        let assessments = await assessor.assess(level: level, system: system, at: Clock.now)
        let status = Assess.status(assessments)
        switch format {
        case .json: Terminal.write(Assess.json(assessments, status: status, settings).serialised(pretty: true) + "\n")
        case .text: Terminal.write(Assess.text(assessments, settings))
        }
        if status != "conform" { throw ExitCode(1) }
    }

    /// `nonconform` before `undetermined` before `conform`: what a script asks first.
    private static func status(_ assessments: [Assessment]) -> String {
        let verdicts = Set(assessments.map(\.verdict))
        if verdicts.contains(.nonconform) || verdicts.contains(.partial) { return "nonconform" }
        return verdicts.contains(.undetermined) || assessments.isEmpty ? "undetermined" : "conform"
    }

    private static func text(_ assessments: [Assessment], _ settings: AgentSettings) -> String {
        let language = settings.site.language
        var text = ""
        for assessment in assessments {
            text +=
                "\(assessment.clause)  \(Terminal.coloured(assessment.verdict.title.text(language), colour(assessment.verdict)))  "
            text += "\(assessment.item.requirement.text(language))\n    \(assessment.reason.text(language).printable)\n"
            for object in assessment.objects {
                text +=
                    "    \(object.verdict.title.text(language).padded(to: 10))  \(object.subject.printable)  \(object.reason.text(language).printable)\n"
            }
        }
        return text.isEmpty ? "no item applies\n" : text
    }

    private static func colour(_ verdict: Verdict) -> Terminal.Colour {
        switch verdict {
        case .conform: .green
        case .nonconform: .red
        case .partial: .yellow
        case .notApplicable, .undetermined: .grey
        }
    }

    private static func json(_ assessments: [Assessment], status: String, _ settings: AgentSettings) -> JSONValue {
        .members([
            "status": .text(status), "site": .text(settings.site.name), "at": .text(settings.localTime.rfc3339(Clock.now)),
            "items": .array(
                assessments.map { assessment in
                    .members([
                        "item": .text(assessment.item.id), "clause": .text(assessment.clause),
                        "level": .integer(Int64(assessment.level)),
                        "system": .text(assessment.system), "verdict": .text(assessment.verdict.rawValue),
                        "verdict_zh": .text(assessment.verdict.title.zh), "requirement_zh": .text(assessment.item.requirement.zh),
                        "requirement_en": .text(assessment.item.requirement.en), "reason_zh": .text(assessment.reason.zh),
                        "reason_en": .text(assessment.reason.en), "coverage": .optional(assessment.coverage),
                        "objects": .array(assessment.objects.map(object)),
                    ])
                }),
        ])
    }

    private static func object(_ object: ObjectVerdict) -> JSONValue {
        .members([
            "subject": .text(object.subject), "verdict": .text(object.verdict.rawValue), "reason_zh": .text(object.reason.zh),
            "reason_en": .text(object.reason.en), "value": .optional(object.value),
            "samples": .optional(object.samples.map { Int64($0) }),
            "expected": .optional(object.expected.map { Int64($0) }), "coverage": .optional(object.coverage),
        ])
    }
}
