import Agent
import ArgumentParser
import Campus
import Definitions
import Foundation
import Polling
import Probes
import Reporting
import SNMP

struct Probe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Poll one device now and print what it says of itself.",
        discussion: """
            A secret on the command line can be read by everybody in `ps`: give it by --community-file, --auth-secret-file, \
            --priv-secret-file, by $CAMPANILE_COMMUNITY, $CAMPANILE_AUTH_SECRET, $CAMPANILE_PRIV_SECRET, or name a credential of the \
            configuration by --credential. Exits 1 when the device does not answer or refuses.
            """)

    @Argument(help: "A name or address, with a port where it is not 161: 10.1.1.2, [2001:db8::1]:1161.") var host: String
    @Flag(help: "One JSON object instead of a text for people.") var json = false
    @Flag(name: .shortAndLong, help: "Say each step on standard error.") var verbose = false
    @OptionGroup var secrets: CredentialOptions
    @Option(help: "Folder that holds Probes; else where they are shipped.") var share: String?

    func run() async throws {
        let (address, port) = try HostName.resolve(host)
        let target = SNMPTarget(address: address, port: port, credential: try secrets.read())
        let problems = Problems()
        let folder = DefinitionPaths.share(
            configured: share, environment: ProcessInfo.processInfo.environment, executable: DefinitionPaths.executable)
        let library = ProbeLibrary.loadHeads(
            directories: [folder + "/Probes"] + DefinitionPaths.existing("/etc/campanile/probes.d"), problems: problems)
        guard problems.isEmpty else {
            for problem in problems.all { Terminal.complain("\(problem)") }
            throw CommandFailure.cannotRun(
                "\(folder)/Probes: \(Figures.several(problems.all.count, "mistake")): run campanile check")
        }
        var settings = SNMPSettings()
        settings.retries = 2
        if verbose { settings.witness = StepText(target).witness }
        let engine = SNMPEngine(settings: settings, logger: Log.quiet)
        defer { engine.shutdown() }
        let startedAt = Clock.now
        let reading = await DeviceReading.read(target, library: library, engine: engine)
        guard reading.outcome == .answered else { throw refused(target, reading) }
        guard reading.errors.isEmpty || !reading.errors.allSatisfy({ $0?.contains("authorizationError") ?? false }) else {
            throw CommandFailure.no(
                "\(target): the agent lets this user read nothing at this security level: ask with authentication and privacy, "
                    + "or correct the agent's access rules")
        }
        let (report, duration, pdus) = (reading.report, reading.duration, reading.pduCount)
        if json {
            Terminal.write(
                DeviceExport.json(report, host: host, port: port, polledAt: startedAt, duration: duration, pdus: pdus) + "\n")
        } else {
            Terminal.write(DeviceText.text(report, target: "\(target)", duration: duration, pdus: pdus))
        }
    }

    private func refused(_ target: SNMPTarget, _ reading: DeviceReading) -> CommandFailure {
        let remedy =
            switch reading.outcome {
            case .unauthorised: "correct the credential"
            case .unreachable: "check the address and the route to it"
            default: "check address, port and community, and that the agent lets this host ask"
            }
        return .no("\(target): \(reading.reason): \(remedy)")
    }
}
