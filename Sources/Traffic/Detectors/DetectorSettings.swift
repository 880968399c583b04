package import Campus

/// The parameters of all detectors.
package struct DetectorSettings: Hashable, Sendable {
    package var portScan = PortScanDetector.Settings()
    package var hostSweep = HostSweepDetector.Settings()
    package var arpSweep = ARPSweepDetector.Settings()
    package var arpSpoof = ARPSpoofDetector.Settings()
    package var cleartextManagement = CleartextManagementDetector.Settings()
    package var synFlood = SYNFloodDetector.Settings()
    package var icmpFlood = ICMPFloodDetector.Settings()
    package var rogueDHCP = RogueDHCPDetector.Settings()

    package init() {}

    /// The devices whose management in clear text is told.
    package var managedDevices: Set<IPAddress> {
        get { cleartextManagement.managedDevices }
        set { cleartextManagement.managedDevices = newValue }
    }

    /// The names that `set` knows of a class, sorted; empty for a class without a detector.
    package static func parameterNames(of observationClass: String) -> [String] {
        (parameters[observationClass] ?? [:]).keys.sorted()
    }

    /// Sets one parameter as a rule file names it; durations are in seconds. False when there is none of that name, or
    /// when the number is not above zero or beyond what the parameter can hold.
    package mutating func set(_ name: String, of observationClass: String, to value: Double) -> Bool {
        guard let parameter = DetectorSettings.parameters[observationClass]?[name], value > 0, value <= 1e9 else { return false }
        switch parameter {
        case .count(let path): self[keyPath: path] = max(1, Int(value))
        case .seconds(let path): self[keyPath: path] = .milliseconds(Int64(value * 1000))
        }
        return true
    }

    private enum Parameter: Sendable {
        case count(any WritableKeyPath<DetectorSettings, Int> & Sendable)
        case seconds(any WritableKeyPath<DetectorSettings, Duration> & Sendable)
    }

    private static let parameters: [String: [String: Parameter]] = [
        "port_scan": [
            "ports": .count(\.portScan.ports), "window": .seconds(\.portScan.window), "grace": .seconds(\.portScan.grace),
            "repeat_after": .seconds(\.portScan.repeatAfter), "udp_port_limit": .count(\.portScan.udpPortLimit),
        ],
        "host_sweep": [
            "hosts": .count(\.hostSweep.hosts), "scattered_hosts": .count(\.hostSweep.scatteredHosts),
            "window": .seconds(\.hostSweep.window), "grace": .seconds(\.hostSweep.grace),
            "repeat_after": .seconds(\.hostSweep.repeatAfter),
        ],
        "arp_sweep": [
            "addresses": .count(\.arpSweep.addresses), "window": .seconds(\.arpSweep.window), "grace": .seconds(\.arpSweep.grace),
            "repeat_after": .seconds(\.arpSweep.repeatAfter),
        ],
        "arp_spoof": [
            "claims": .count(\.arpSpoof.claims), "holding": .seconds(\.arpSpoof.holding),
            "question_life": .seconds(\.arpSpoof.questionLife), "repeat_after": .seconds(\.arpSpoof.repeatAfter),
        ],
        "cleartext_management": ["repeat_after": .seconds(\.cleartextManagement.repeatAfter)],
        "syn_flood": [
            "connections": .count(\.synFlood.connections), "window": .seconds(\.synFlood.window),
            "completed_percent": .count(\.synFlood.completedPercent), "repeat_after": .seconds(\.synFlood.repeatAfter),
        ],
        "icmp_flood": [
            "messages": .count(\.icmpFlood.messages), "window": .seconds(\.icmpFlood.window),
            "repeat_after": .seconds(\.icmpFlood.repeatAfter),
        ],
        "rogue_dhcp": ["repeat_after": .seconds(\.rogueDHCP.repeatAfter)],
    ]
}
