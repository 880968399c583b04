import Agent
import ArgumentParser
import Campus
import Capture
import Evidence
import Foundation
import Polling
import Reporting

struct Discover: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find devices by ICMP and SNMP, draw the map, and take them into the inventory.",
        subcommands: [Sweep.self, Approve.self], defaultSubcommand: Sweep.self)

    struct Sweep: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sweep ranges of addresses.",
            discussion: """
                Ranges: 10.1.0.0/24, 10.1.1.7, 10.1.1.10-10.1.1.20; without any, those of `discovery.ranges`. Credentials are tried in \
                the order given, by default that of `discovery.credentials`, and no others. What is found waits for `campanile discover \
                approve`, or is taken at once by --write. Exits 1 when no device was found.
                """)

        @OptionGroup var options: ConfigurationOptions
        @Argument(help: ArgumentHelp("What to sweep.", valueName: "range")) var ranges: [String] = []
        @Option(help: ArgumentHelp("Add what is new to this inventory: .yaml or .csv.", valueName: "file")) var write: String?
        @Flag(help: "Change nothing; say what would be added, merged, changed.") var dryRun = false
        @Option(help: ArgumentHelp("Requests a second; else discovery.rate.", valueName: "n")) var rate: Int?
        @Option(
            name: .customLong("credential"), help: ArgumentHelp("A credential to try; give several in order.", valueName: "name"))
        var credentials: [String] = []
        @Flag(help: "One JSON object instead of a text.") var json = false

        func run() async throws {
            var (settings, definitions) = try options.everything(.required)
            try take(&settings)
            let known = try? options.store(settings).knownDevices()
            let bar = ProgressBar(isShown: !json)
            let startedAt = Clock.now
            let discovery = await Discovery.run(settings, library: definitions.probes, known: known ?? []) { bar.show($0) }
            bar.end()
            Terminal.write(json ? DiscoveryReport.json(discovery).serialised() + "\n" : DiscoveryReport.text(discovery))
            if !dryRun { try keep(discovery, settings, at: startedAt) }
            if discovery.devices.isEmpty {
                throw CommandFailure.no(
                    "\(settings.discovery.ranges.map(\.description).joined(separator: " ")): no device let itself be read: check ranges and credentials"
                )
            }
        }

        private func take(_ settings: inout AgentSettings) throws {
            if !ranges.isEmpty {
                settings.discovery.ranges = try ranges.map { text in
                    do throws(AddressRange.Refusal) {
                        return try AddressRange(text)
                    } catch {
                        throw CommandFailure.usage("\(text): \(error.reason): \(error.remedy)")
                    }
                }
            }
            guard !settings.discovery.ranges.isEmpty else {
                throw CommandFailure.usage(
                    "ranges: none was given: name one, e.g. 10.1.0.0/24, or set discovery.ranges in \(options.path)")
            }
            for name in credentials where settings.credentials[name] == nil {
                throw CommandFailure.usage(
                    "\(name): no such credential in \(options.path): use one of \(settings.credentials.keys.sorted().joined(separator: ", "))"
                )
            }
            if !credentials.isEmpty { settings.discovery.credentials = credentials }
            guard !settings.discovery.credentials.isEmpty else {
                throw CommandFailure.usage("credentials: there are none: declare one below `credentials` in \(options.path)")
            }
            if let rate {
                guard (1...10_000).contains(rate) else {
                    throw CommandFailure.usage("--rate \(rate): not a rate: give 1 to 10000 a second")
                }
                settings.discovery.rate = rate
            }
        }

        private func keep(_ discovery: Discovery, _ settings: AgentSettings, at: Timestamp) throws {
            do {
                try DiscoveryStore.record(discovery, settings, at: at, logger: Log.quiet)
            } catch {
                // The inventory is what was asked for; the store may be another user's.
                Terminal.complain("\(error): nothing waits for approval")
            }
            guard let write else { return }
            try Inventory.take(discovery.additions.map(\.declared), discovery.changes, path: write, isQuiet: json)
        }
    }

    struct Approve: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take found devices into the inventory.",
            discussion: "Without names all that wait. The daemon polls them after systemctl reload campanile.")

        @OptionGroup var options: ConfigurationOptions
        @Argument(help: ArgumentHelp("Addresses or names of devices that wait; all unless given.", valueName: "device"))
        var devices: [String] = []
        @Option(help: ArgumentHelp("The inventory; else inventory.yaml beside the configuration.", valueName: "file")) var write:
            String?
        @Flag(help: "Change nothing; list what waits.") var dryRun = false
        @Flag(help: "JSON instead of a text.") var json = false

        func run() throws {
            let settings = try options.settings(.ignored)
            // The store knows what the daemon declared; the files may say more by now.
            let taken = Set(settings.devices.map { "\($0.address) \($0.port)" })
            let names = Set(settings.devices.map(\.name))
            var pending = try options.store(settings).pendingDevices().filter { !taken.contains("\($0.address) \($0.port)") }
            for name in devices where !pending.contains(where: { $0.name == name || $0.address.description == name }) {
                throw CommandFailure.no("\(name): no such device waits: see campanile discover approve --dry-run")
            }
            if !devices.isEmpty {
                pending = pending.filter { devices.contains($0.name) || devices.contains($0.address.description) }
            }
            for place in pending.indices where names.contains(pending[place].name) {
                pending[place].name += " (\(pending[place].address))"
            }
            if json {
                Terminal.write(JSONValue.array(pending.map(DiscoveryReport.json)).serialised() + "\n")
            } else {
                Terminal.write(pending.isEmpty ? "no device waits\n" : DiscoveryReport.table(pending))
            }
            guard !dryRun, !pending.isEmpty else { return }
            let path = write ?? URL(fileURLWithPath: options.path).deletingLastPathComponent().path + "/inventory.yaml"
            try Inventory.take(pending.map(\.declared), [], path: path, isQuiet: json)
        }
    }
}

/// What both subcommands do with the inventory.
private enum Inventory {
    static func take(_ devices: [DeclaredDevice], _ changes: [Discovery.Change], path: String, isQuiet: Bool) throws {
        do {
            var file = try InventoryFile(path: path)
            file.append(devices)
            var byHand = 0
            for change in changes where !file.change(credential: change.after, of: change.device.address) { byHand += 1 }
            guard !devices.isEmpty || byHand < changes.count else {
                if !isQuiet { Terminal.write("\(path): nothing to add\n") }
                return
            }
            try file.write()
            guard !isQuiet else { return }
            Terminal.write(
                "\(path): \(Figures.several(devices.count, "device")) added; systemctl reload campanile takes them over\n")
            if byHand > 0 { Terminal.write("\(Figures.several(byHand, "change")) to be made by hand\n") }
        } catch {
            throw CommandFailure.cannotRun("\(error)")
        }
    }
}

/// One line on standard error that grows while a sweep goes on; only a terminal sees it.
private final class ProgressBar: Sendable {
    private let isShown: Bool

    init(isShown: Bool) { self.isShown = isShown && isatty(STDERR_FILENO) == 1 }

    func show(_ progress: SweepProgress) {
        guard isShown, progress.asked % max(1, progress.total / 200) == 0 || progress.asked == progress.total else { return }
        let width = 30
        let filled = progress.total == 0 ? width : progress.asked * width / progress.total
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        write("\r\(bar) \(progress.asked)/\(progress.total)  \(progress.answered) answered, \(progress.read) read ")
    }

    func end() { if isShown { write("\r\u{1b}[K") } }

    private func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }
}
