import Agent
import ArgumentParser
import Reporting

extension NetworkDrawing.Format: ExpressibleByArgument {}

struct TopologyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topology", abstract: "Draw the map of the campus.",
        discussion:
            "A tree from the agent's point of view. --format dot is for Graphviz: campanile topology --format dot | dot -Tsvg.")

    @OptionGroup var options: ConfigurationOptions
    @Option(help: "text, json or dot.") var format = NetworkDrawing.Format.text

    func run() throws {
        let drawing = try NetworkDrawing(try options.store(options.settings(.ignored)))
        guard !drawing.nodes.isEmpty else {
            throw CommandFailure.no("topology: no device is declared: add one to \(options.path), or run campanile discover")
        }
        Terminal.write(drawing.written(as: format))
    }
}
