// swift-tools-version: 6.2
import PackageDescription

// The house, floor by floor. A module imports what its line lists and nothing else; Tests/HouseTests reads this table
// and fails on an arrow that points up or sideways. Why each arrow: ARCHITECTURE.md.

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    // One optimised build serves run, test and bench; tests look inside their module.
    .unsafeFlags(["-enable-testing"], .when(configuration: .release)),
]

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let serviceLifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

let package = Package(
    name: "campanile",
    products: [.executable(name: "campanile", targets: ["campanile"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // ground: C libraries, a module map and a shim header each
        .systemLibrary(name: "CPcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"])]),
        .systemLibrary(name: "CNetSNMP", pkgConfig: "netsnmp", providers: [.apt(["libsnmp-dev"])]),

        // floor 1: values
        module("Campus"),
        module("Wire"),
        module("Definitions", [yams]),

        // floor 2: meaning; values in, values out
        module("Probes", ["Campus", "Definitions"]),
        module("Traffic", ["Campus", "Wire", crypto]),
        module("Rules", ["Campus", "Definitions"]),
        module("Compliance", ["Campus", "Definitions"]),
        module("Indicators", ["Campus", "Definitions", crypto]),
        module("Topology", ["Campus"]),

        // floor 3: owners of sockets, libpcap and SQLite
        module("SNMP", ["Campus", "Wire", "CNetSNMP", logging]),
        module("Capture", ["Campus", "CPcap"]),
        module("Evidence", ["Campus", grdb, logging]),

        // floor 4: services, with a clock
        module("Polling", ["Campus", "Definitions", "Probes", "SNMP", "Topology", "Evidence", logging, serviceLifecycle]),
        module("Receiving", ["Campus", "Probes", "SNMP", "Evidence", logging, serviceLifecycle]),
        module("Sampling", ["Campus", "Wire", "Traffic", "Capture", "Evidence", logging, serviceLifecycle]),
        module("Judging", ["Campus", "Definitions", "Rules", "Compliance", "Indicators", "Evidence", logging, serviceLifecycle]),

        // floor 5: telling
        module("Notify", ["Campus", "Evidence", crypto, logging]),
        module("Reporting", ["Campus", "Evidence", "Indicators"]),
        module("Console", ["Campus", "Evidence", "Reporting", hummingbird, logging, serviceLifecycle]),

        // floor 6: wiring
        module(
            "Agent",
            [
                "Campus", "Definitions", "Probes", "Traffic", "Rules", "Compliance", "Indicators", "Topology", "SNMP", "Capture",
                "Evidence", "Polling", "Receiving", "Sampling", "Judging", "Notify", "Reporting", "Console", logging,
                serviceLifecycle,
            ]),

        // floor 7: the door
        .executableTarget(
            name: "campanile",
            dependencies: [
                "Agent", "Campus", "Wire", "Definitions", "Probes", "Traffic", "Rules", "Compliance", "Indicators", "Topology",
                "SNMP",
                "Capture", "Evidence", "Polling", "Sampling", "Judging", "Notify", "Reporting", argumentParser, logging,
            ], swiftSettings: strict),

        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),

        // one folder of tests a module, the house itself, and the whole tower from end to end
        tests("CampusTests", ["Campus"]),
        tests("DefinitionsTests", ["Definitions"]),
        tests("WireTests", ["Wire"]),
        tests("ProbesTests", ["Campus", "Definitions", "Probes", "TestSupport"], exclude: ["Recordings"]),
        tests("TrafficTests", ["Campus", "Wire", "Traffic"]),
        tests("DetectorsTests", ["Campus", "Traffic"]),
        tests("RulesTests", ["Campus", "Definitions", "Rules"], exclude: ["Cases"]),
        tests("ComplianceTests", ["Campus", "Definitions", "Compliance"]),
        tests("IndicatorsTests", ["Campus", "Definitions", "Indicators"]),
        tests("TopologyTests", ["Campus", "Topology"]),
        tests("SNMPTests", ["Campus", "SNMP", "Wire", "TestSupport", logging]),
        tests("CaptureTests", ["Campus", "Capture", "CPcap"]),
        tests("EvidenceTests", ["Campus", "Evidence", grdb, logging]),
        tests(
            "PollingTests",
            ["Campus", "Definitions", "Probes", "SNMP", "Topology", "Evidence", "Polling", "TestSupport", logging]),
        tests(
            "ReceivingTests",
            ["Campus", "Definitions", "Probes", "SNMP", "Evidence", "Receiving", "TestSupport", logging, serviceLifecycle]),
        tests("SamplingTests", ["Campus", "Capture", "Traffic", "Sampling", "Evidence", "CPcap", logging, serviceLifecycle]),
        tests("JudgingTests", ["Campus", "Definitions", "Rules", "Compliance", "Indicators", "Evidence", "Judging", logging]),
        tests("NotifyTests", ["Campus", "Evidence", "Notify", logging], exclude: ["Golden"]),
        tests("ReportingTests", ["Campus", "Evidence", "Indicators", "Reporting"]),
        tests("ConsoleTests", ["Campus", "Evidence", "Reporting", "Console", hummingbird, logging, serviceLifecycle]),
        tests(
            "AgentTests",
            ["Campus", "Console", "Definitions", "Evidence", "Indicators", "Rules", "SNMP", "Polling", "Agent", logging]),
        tests("HouseTests", []),
        tests("EndToEndTests", ["TestSupport"], exclude: ["Helpers"]),
    ]
)

// A fuzz target's libFuzzer main would fail a plain build, and benchmarks are nobody's but ours.
if Context.environment["FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "Fuzz", dependencies: ["Campus", "SNMP", "Wire", "Traffic"], path: "Fuzz",
            swiftSettings: strict + [.unsafeFlags(["-parse-as-library", "-sanitize=fuzzer"])],
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]))
}
if Context.environment["BENCHMARKS"] != nil {
    package.targets.append(
        .executableTarget(
            name: "EvidenceBench", dependencies: ["Campus", "Evidence", logging], path: "Benchmarks/EvidenceBench",
            swiftSettings: strict))
}
