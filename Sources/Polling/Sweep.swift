package import Campus
import Logging
package import Probes
package import SNMP
package import Topology

/// What a sweep asks, and how fast.
package struct SweepSettings: Sendable {
    package var ranges: [AddressRange] = []
    package var port: UInt16 = 161
    /// Tried in this order, and no others.
    package var credentials: [NamedCredential] = []
    /// Requests a second, echo requests included.
    package var rate = 100
    /// Addresses asked at the same time.
    package var concurrency = 256
    package var echoTimeout: Duration = .seconds(1)
    /// How long an agent has for its first answer.
    package var timeout: Duration = .seconds(1)
    /// Addresses by which a device is better known than by others.
    package var preferred: Set<IPAddress> = []

    package init() {}

    package struct NamedCredential: Sendable {
        package var name: String
        package var credential: SNMPCredential

        package init(name: String, credential: SNMPCredential) {
            self.name = name
            self.credential = credential
        }
    }
}

/// One device that a sweep met.
package struct SweptDevice: Sendable {
    package var surveyed: SurveyedDevice
    package var address: IPAddress
    /// Its other addresses that answered.
    package var alsoAt: [IPAddress] = []
    package var credential: String
    package var snmpVersion: String
    /// What is odd about it, for people: two devices that answer at one address.
    package var warning = ""
}

package struct SweepProgress: Sendable {
    package var asked = 0
    package var total = 0
    /// Addresses that answered anything.
    package var answered = 0
    /// Addresses with an SNMP agent that let itself be read.
    package var read = 0
}

/// What a sweep found.
package struct SweepResult: Sendable {
    package var devices: [SweptDevice] = []
    /// Answers ping, but none of the credentials: by address, why.
    package var silent: [(address: IPAddress, reason: String)] = []
    package var progress = SweepProgress()
    package var duration: Duration = .zero

    package init() {}
}

/// Asks every address of some ranges by ICMP and SNMP, no faster than it may, and reads what answers.
package struct Sweep: Sendable {
    private let settings: SweepSettings
    private let library: ProbeLibrary
    private let clock: PollingClock
    private let knocker: SNMPEngine
    private let reader: SNMPEngine
    private let reachability: Reachability
    private let pacer: Pacer

    package init(settings: SweepSettings, library: ProbeLibrary, clock: PollingClock = .system()) {
        self.settings = settings
        self.library = library
        self.clock = clock
        DescriptorLimit.raise()
        let quiet = Logger(label: "sweep", factory: { _ in SwiftLogNoOpLogHandler() })
        var knocking = SNMPSettings()
        knocking.timeout = settings.timeout
        knocking.maximumTimeout = settings.timeout
        knocking.retries = 1
        knocker = SNMPEngine(settings: knocking, logger: quiet)
        reader = SNMPEngine(logger: quiet)
        reachability = Reachability()
        pacer = Pacer(every: .seconds(1) / max(1, settings.rate), clock: clock)
    }

    /// Runs once; `tell` hears of each address.
    package func run(_ tell: @escaping @Sendable (SweepProgress) -> Void = { _ in }) async -> SweepResult {
        let start = clock.elapsed()
        var result = SweepResult()
        result.progress.total = settings.ranges.reduce(0) { $0 + $1.count }
        var found: [SweptDevice] = []
        var waiting = settings.ranges.lazy.flatMap { Array($0.addresses) }.makeIterator()
        var asked: Set<IPAddress> = []
        await withTaskGroup(of: Finding.self) { group in
            let next = { (group: inout TaskGroup<Finding>) in
                while let address = waiting.next() {
                    // Ranges may overlap.
                    guard asked.insert(address).inserted else { continue }
                    group.addTask { await knock(address) }
                    return
                }
            }
            for _ in 0..<settings.concurrency { next(&group) }
            while let finding = await group.next() {
                result.progress.asked += 1
                switch finding {
                case .nothing: break
                case .silent(let address, let reason):
                    result.progress.answered += 1
                    result.silent.append((address, reason))
                case .device(let device):
                    result.progress.answered += 1
                    result.progress.read += 1
                    found.append(device)
                }
                tell(result.progress)
                if !Task.isCancelled { next(&group) }
            }
        }
        result.progress.total = asked.count
        result.devices = merged(found.sorted { $0.address < $1.address })
        result.silent.sort { $0.address < $1.address }
        result.duration = clock.elapsed() - start
        knocker.shutdown()
        reader.shutdown()
        reachability.shutdown()
        return result
    }

    private enum Finding: Sendable {
        case nothing
        case silent(IPAddress, String)
        case device(SweptDevice)
    }

    private func knock(_ address: IPAddress) async -> Finding {
        await pacer.wait()
        let isThere = await reachability.ping(address, timeout: settings.echoTimeout) != nil
        var reason = "answers ping, but no SNMP"
        var isKnown = isThere
        for named in settings.credentials where !Task.isCancelled {
            await pacer.wait()
            let target = SNMPTarget(address: address, port: settings.port, credential: named.credential)
            let answer = await knocker.poll(target, [library.identityRequest])
            switch answer.outcome {
            case .answered: return await read(target, named.name, first: answer)
            case .unauthorised:
                isKnown = true
                reason = "\(named.name): \(answer.reason)"
            case .unreachable(let why): reason = why
            case .silent, .cancelled: break
            }
        }
        return isKnown ? .silent(address, reason) : .nothing
    }

    private func read(_ target: SNMPTarget, _ credential: String, first: SNMPAnswer) async -> Finding {
        let at = clock.now()
        let reading = await DeviceReading.read(target, library: library, engine: reader)
        guard reading.outcome == .answered else { return .silent(target.address, reading.reason) }
        let facts = reading.report.facts
        let id = DeviceIdentity.deviceID(
            facts: facts, inventory: reading.report.inventory, interfaces: reading.report.interfaces, address: target.address,
            port: target.port)
        let surveyed = SurveyedDevice(
            id: id, name: facts.name.isEmpty ? target.address.description : facts.name, address: target.address,
            report: reading.report,
            at: at)
        var device = SweptDevice(
            surveyed: surveyed, address: target.address, credential: credential, snmpVersion: target.credential.version.rawValue)
        // Both answers came within seconds: what is another name now is another device.
        let before = first.tables.first.map { library.facts(identity: $0) }
        if let before,
            before.objectID != facts.objectID || before.name != facts.name
                || before.engineID != nil && before.engineID != facts.engineID
        {
            device.warning = "two devices answer at this address: \(before.name) and \(facts.name)"
        }
        return .device(device)
    }

    /// One device a box, however many of its addresses answered.
    private func merged(_ found: [SweptDevice]) -> [SweptDevice] {
        Duplicates.groups(found.map(\.surveyed)).compactMap { group in
            let best = group.min { left, right in rank(found[left]) < rank(found[right]) }
            guard let best else { return nil }
            var device = found[best]
            device.alsoAt = group.filter { $0 != best }.map { found[$0].address }
            return device
        }.sorted { $0.address < $1.address }
    }

    /// The declared address, else one of a loopback interface (it does not go down with a port), else the lowest.
    private func rank(_ device: SweptDevice) -> (Int, IPAddress) {
        if settings.preferred.contains(device.address) { return (0, device.address) }
        let report = device.surveyed.report
        let index = report.addresses.first { $0.address == device.address }?.interfaceIndex
        let isLoopback = report.interfaces.contains { $0.index == index && $0.type == "softwareLoopback" }
        return (isLoopback ? 1 : 2, device.address)
    }
}

/// Lets one after the other pass, no more than one in `every`.
private actor Pacer {
    private let every: Duration
    private let clock: PollingClock
    private var next: Duration = .zero

    init(every: Duration, clock: PollingClock) {
        self.every = every
        self.clock = clock
    }

    func wait() async {
        let now = clock.elapsed()
        let slot = max(now, next)
        next = slot + every
        if slot > now { try? await clock.sleep(slot - now) }
    }
}
