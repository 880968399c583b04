import Foundation
import Testing

/// The floors of ARCHITECTURE.md. A module may import floors below its own, and on its own floor only what is listed here.
private let floors: [String: Int] = [
    "CPcap": 0, "CNetSNMP": 0,
    "Campus": 1, "Wire": 1, "Definitions": 1,
    "Probes": 2, "Traffic": 2, "Rules": 2, "Compliance": 2, "Indicators": 2, "Topology": 2,
    "SNMP": 3, "Capture": 3, "Evidence": 3,
    "Polling": 4, "Receiving": 4, "Sampling": 4, "Judging": 4,
    "Notify": 5, "Reporting": 5, "Console": 5,
    "Agent": 6,
    "campanile": 7,
]

/// The one arrow along a floor: the console shows what reporting writes.
private let allowedSideways: Set<[String]> = [["Console", "Reporting"]]

/// What floor 2 may import: it is meaning, values in and values out.
private let meaningImports: Set<String> = [
    "Campus", "Definitions", "Wire", "Crypto", "Foundation", "FoundationEssentials", "Synchronization",
]

struct ManifestTests {
    private let house = House()

    @Test func `every folder of Sources is a module on a floor, and every module is a folder`() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: house.path("Sources")).filter { !$0.hasPrefix(".") }
        #expect(Set(folders) == Set(floors.keys))
        #expect(Set(house.modules.keys) == Set(floors.keys).subtracting(["CPcap", "CNetSNMP"]))
    }

    @Test func `no arrow of the manifest points up or sideways`() {
        for (module, dependencies) in house.modules {
            for dependency in dependencies {
                guard let from = floors[module], let to = floors[dependency] else {
                    Issue.record("\(module) -> \(dependency) is on no floor")
                    continue
                }
                #expect(to < from || allowedSideways.contains([module, dependency]), "\(module) must not import \(dependency)")
            }
        }
    }

    @Test func `the test would notice an arrow that points up`() {
        let wrong = House.modules(in: #"module("Campus", ["Agent"]),"#)
        #expect(wrong == ["Campus": ["Agent"]])
        #expect((floors["Agent"] ?? 0) > (floors["Campus"] ?? 9))
    }

    @Test func `every import in Sources is one that the manifest lists`() throws {
        for (file, text) in try house.sources() {
            guard let module = file.split(separator: "/").dropFirst().first.map(String.init), let listed = house.modules[module]
            else { continue }
            for imported in House.imports(in: text) where floors[imported] != nil {
                #expect(listed.contains(imported) || imported == module, "\(file) imports \(imported)")
            }
        }
    }

    @Test func `meaning knows no clock, disk, network or C library`() throws {
        for (file, text) in try house.sources() {
            guard let module = file.split(separator: "/").dropFirst().first.map(String.init), floors[module] == 2 else {
                continue
            }
            for imported in House.imports(in: text) {
                #expect(meaningImports.contains(imported), "\(file) imports \(imported)")
            }
        }
    }
}

/// The checkout as text.
struct House {
    let top: String
    let modules: [String: [String]]

    init() {
        let file = URL(filePath: #filePath)
        top = file.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path()
        let manifest = try? String(contentsOfFile: top + "/Package.swift", encoding: .utf8)
        modules = House.modules(in: manifest ?? "")
    }

    func path(_ relative: String) -> String { top + "/" + relative }

    /// Module name to the names of ours it depends on, from the `module(…)` and `.executableTarget(…)` lines.
    static func modules(in manifest: String) -> [String: [String]] {
        var modules: [String: [String]] = [:]
        let pattern =
            #/(?:module\(\s*|\.executableTarget\(\s*name:\s*)"(?<name>\w+)"(?:,\s*(?:dependencies:\s*)?\[(?<list>[^\]]*)\])?/#
        // Fuzzers and benchmarks come after the house and are no part of it.
        let house = manifest.split(separator: "\nif Context.environment").first ?? ""
        for match in house.matches(of: pattern) {
            let names = (match.list ?? "").matches(of: #/"(?<name>\w+)"/#).map { String($0.name) }
            modules[String(match.name)] = names
        }
        return modules
    }

    static func imports(in source: String) -> [String] {
        source.matches(
            of:
                #/(?m)^(?:@\w+ )?(?:(?:public|package|internal|private|fileprivate) )?import (?:struct |class |enum |func )?(?<name>\w+)/#
        )
        .map { String($0.name) }
    }

    /// Every Swift file below Sources, by its path from the top.
    func sources() throws -> [(file: String, text: String)] {
        try files(below: "Sources").filter { $0.hasSuffix(".swift") }.map { ($0, try text($0)) }
    }

    func files(below folder: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: path(folder)).map { folder + "/" + $0 }.sorted()
    }

    func text(_ relative: String) throws -> String {
        try String(contentsOfFile: path(relative), encoding: .utf8)
    }
}
