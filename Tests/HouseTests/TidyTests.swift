import Foundation
import Testing

struct TidyTests {
    private let house = House()

    @Test func `no marker of unfinished work is left in Sources`() throws {
        for (file, text) in try house.sources() {
            for marker in ["TODO", "FIXME", "XXX", "HACK", "try!", "as!", "fatalError("] {
                #expect(!text.contains(marker), "\(file) holds \(marker)")
            }
        }
    }

    @Test func `no Swift file is longer than 450 lines`() throws {
        let files =
            try house.sources() + house.files(below: "Tests").filter { $0.hasSuffix(".swift") }.map { ($0, try house.text($0)) }
        for (file, text) in files {
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).count
            #expect(lines <= 451, "\(file) has \(lines) lines")
        }
    }

    @Test func `unsafe code is written in few rooms`() throws {
        let rooms: Set<String> = ["SNMP", "Capture", "Evidence", "Agent", "campanile"]
        // Each for one call: loads whose bounds were just checked, a span taken over in one piece, executors on a queue of their own, and what the kernel knows.
        let files: Set<String> = [
            "Sources/Wire/Span+Fields.swift", "Sources/Campus/VariableBindings.swift", "Sources/Judging/Judge.swift",
            "Sources/Judging/Assessor.swift",
            "Sources/Judging/BlockingQueue.swift", "Sources/Polling/ProcessResources.swift", "Sources/Polling/PollingClock.swift",
        ]
        for (file, text) in try house.sources() {
            let module = file.split(separator: "/").dropFirst().first.map(String.init) ?? ""
            let isUnsafe = text.contains(#/\bunsafe\b(?! code)|@unchecked Sendable|Unsafe\w*Pointer/#)
            #expect(!isUnsafe || rooms.contains(module) || files.contains(file), "\(file)")
        }
    }

    @Test(arguments: ["README.md", "README.zh-CN.md", "ARCHITECTURE.md", "CHANGELOG.md", "Documentation"])
    func `links between documents lead somewhere`(start: String) throws {
        let files = start.hasSuffix(".md") ? [start] : try house.files(below: start).filter { $0.hasSuffix(".md") }
        for file in files {
            let folder = URL(filePath: house.path(file)).deletingLastPathComponent()
            for match in try house.text(file).matches(of: #/\]\((?<target>[^)#\s]+)(?:#[^)]*)?\)/#)
            where !match.target.contains("://") {
                let target = folder.appending(path: String(match.target)).path()
                #expect(FileManager.default.fileExists(atPath: target), "\(file) links to \(match.target)")
            }
        }
    }

    @Test func `README opens with the two commands and says what is out of scope`() throws {
        for file in ["README.md", "README.zh-CN.md"] {
            let head = try house.text(file).split(separator: "\n", omittingEmptySubsequences: false).prefix(60).joined(
                separator: "\n")
            #expect(head.contains("make run"))
            #expect(head.contains("make test"))
        }
        #expect(try house.text("README.md").contains("Out of scope"))
        #expect(try house.text("README.zh-CN.md").contains("不做"))
    }
}
