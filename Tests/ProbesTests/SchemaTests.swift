import Definitions
import Foundation
import TestSupport
import Testing

enum SchemaValidator {
    static let isInstalled = ChildProcess.run(["/usr/bin/python3", "-W", "ignore", "-c", "import jsonschema"]).status == 0
}

/// Schemas/probe.schema.json says the same of a definition as the program does.
@Suite(.enabled(if: SchemaValidator.isInstalled, "no JSON Schema validator: apt install python3-jsonschema"))
struct SchemaTests {
    private static let program = """
        import json, sys, jsonschema
        schema = json.load(open(sys.argv[1]))
        validator = jsonschema.Draft202012Validator(schema)
        for name, document in json.load(open(sys.argv[2])).items():
            for error in validator.iter_errors(document):
                print(name, "/".join(map(str, error.path)), error.message[:200])
        """

    /// What the schema has against documents, by their names.
    private func complaints(_ documents: [String: Element]) throws -> [Substring] {
        let file = FileManager.default.temporaryDirectory.appending(path: "probes-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        try JSONSerialization.data(withJSONObject: documents.mapValues { json($0) }).write(to: file)
        let result = ChildProcess.run(
            [
                "/usr/bin/python3", "-W", "ignore", "-c", Self.program, "\(Fixtures.repository)/Schemas/probe.schema.json",
                file.path,
            ])
        #expect(result.status == 0, "\(result.output)")
        return result.output.split(separator: "\n")
    }

    /// As YAML's core schema has it, but that dotted numbers are texts.
    private func json(_ element: Element) -> Any {
        switch element.value {
        case .sequence(let list): return list.map { json($0) }
        case .mapping(let pairs):
            return Dictionary(pairs.map { ($0.key.text ?? "", json($0.value)) }, uniquingKeysWith: { first, _ in first })
        case .scalar(let text, let quoted):
            if quoted { return text }
            if let number = Int(text) { return number }
            if let number = Double(text) { return number }
            return ["true": true, "false": false][text] ?? text
        }
    }

    @Test func `every shipped definition fits`() throws {
        let found = try complaints(Fixtures.definitions)
        #expect(found == [])
    }

    @Test(arguments: [
        "tittle: x", "match: {objectid: [1.3.6.1]}", "match: {object_id: [1.3.x]}", "tables: {t: {columns: {a: 1}}}",
        "tables: {t: {table: 1.3.6, columns: {a: {colum: 1}}}}", "sensors: [{table: t, class: laod, value: a}]",
        "sensors: [{class: load, value: a}]", "sensors: [{table: t, class: state, value: a, states: {1: [up, good]}}]",
        "processors: [{table: t, percnt: a}]", "traps: [{oid: 1.3.6.1, name: x, severity: bad}]", "instead_of: {a: [sensor]}",
    ])
    func `what the program refuses does not fit`(mistake: String) throws {
        let text = "id: a\ntitle: A\n\(mistake)\n"
        let document = try #require(try Element.documents(in: text, file: "test.yaml").first)
        #expect(try !complaints(["a": document]).isEmpty)
        #expect(try !Fixtures.library(of: text).problems.isEmpty)
    }
}
