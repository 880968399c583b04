import Agent
import ArgumentParser
import Reporting
import Topology

struct Find: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say which switch port a MAC address, an IP address or a name is at, and was at before.",
        discussion: "Reads the evidence alone; a MAC address may be written in any notation. Exits 1 when nothing is known of it."
    )

    @OptionGroup var options: ConfigurationOptions
    @Argument(help: "A MAC address, an IP address, or a device's, access point's or neighbour's name.") var what: String
    @Flag(help: "One JSON object instead of a text.") var json = false

    func run() throws {
        let settings = try options.settings(.ignored)
        let vendors = Surroundings.vendors
        let answer = try Finder(try options.store(settings)) { vendors.name(of: $0) }.find(what)
        if json { Terminal.write(answer.json.serialised() + "\n") }
        guard !answer.findings.isEmpty else {
            throw CommandFailure.no("\(what): not known: looked through \(answer.searched)")
        }
        guard !json else { return }
        Terminal.write(answer.text(settings.localTime, now: Clock.now))
        if vendors.isEmpty, answer.findings.contains(where: { $0.mac != nil }) {
            Terminal.complain(
                "makers of MAC addresses are not known: \(Surroundings.registryPath) is missing: apt-get install ieee-data")
        }
    }
}
