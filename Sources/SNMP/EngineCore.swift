import Campus
import Glibc
import Logging
import Synchronization

/// The engine's thread: takes polls, sends, reads and waits.
final class EngineCore: EventCore {
    enum Command: Sendable {
        case poll(PendingPoll)
        case cancel(UInt64, SNMPTarget)
    }

    let settings: SNMPSettings
    let logger: Logger
    private var devices: [SNMPTarget: DeviceSession] = [:]
    private var byDescriptor: [DeviceSession?] = []
    private var inLine: [DeviceSession] = []
    private var lineHead = 0
    private var placesTaken = 0
    private var openSessions = 0
    private var deadlines = DeadlineHeap<DeviceSession>()
    private var interests: [Interest] = []
    private var writer = MessageWriter()
    private var reader = BindingReader()
    /// A datagram, whatever its size.
    private var datagram = [UInt8](repeating: 0, count: 65_536)
    /// The id of the last request, of messages of all agents.
    private var lastRequest = Int32.random(in: 0...Int32.max)
    private var question = Question()
    private var keys = KeyCache()

    init(settings: SNMPSettings, logger: Logger) {
        self.settings = settings
        self.logger = logger
    }

    // MARK: Entry points

    func receive(_ command: Command) {
        switch command {
        case .poll(let poll): accept(poll)
        case .cancel(let id, let target): cancel(id, target)
        }
    }

    func ready(_ descriptor: Int32) {
        guard byDescriptor.indices.contains(Int(descriptor)), let device = byDescriptor[Int(descriptor)] else { return }
        read(device)
    }

    func advance(now: UInt64) -> UInt64? {
        while let device = deadlines.popDue(now) { deadlinePassed(device, now) }
        return deadlines.earliest
    }

    func takeInterests() -> [Interest] {
        guard !interests.isEmpty else { return [] }
        defer { interests.removeAll(keepingCapacity: true) }
        return interests
    }

    func stop() {
        for device in devices.values {
            if device.poll != nil { finish(device, .cancelled, next: false) }
            for poll in device.waiting { poll.continuation.resume(returning: .empty(poll, .cancelled)) }
            device.waiting = []
            closeSession(device)
        }
        devices = [:]
    }

    // MARK: Polls come and go

    private func accept(_ poll: PendingPoll) {
        if let problem = poll.target.credential.problem {
            return poll.continuation.resume(returning: .empty(poll, .unreachable(problem)))
        }
        let device = devices[poll.target] ?? addDevice(poll.target)
        guard device.phase == .idle else { return device.waiting.append(poll) }
        enqueue(device, poll)
    }

    private func addDevice(_ target: SNMPTarget) -> DeviceSession {
        let device = DeviceSession(target: target, settings: settings)
        devices[target] = device
        return device
    }

    private func enqueue(_ device: DeviceSession, _ poll: PendingPoll) {
        device.begin(poll, now: monotonicNanoseconds())
        device.phase = .queued
        inLine.append(device)
        startWaiting()
    }

    private func startWaiting() {
        while placesTaken < settings.maximumConcurrentPolls, lineHead < inLine.count {
            let device = inLine[lineHead]
            lineHead += 1
            // A poll that was cancelled in line has left its place there.
            if device.phase == .queued {
                placesTaken += 1
                device.holdsPlace = true
                start(device)
            }
        }
        if lineHead == inLine.count {
            inLine.removeAll(keepingCapacity: true)
            lineHead = 0
        }
    }

    /// A device that keeps silent gives its place back, so that many dead ones together hold nobody up.
    private func releasePlace(_ device: DeviceSession) {
        guard device.holdsPlace else { return }
        device.holdsPlace = false
        placesTaken -= 1
    }

    private func cancel(_ id: UInt64, _ target: SNMPTarget) {
        guard let device = devices[target] else { return }
        if let index = device.waiting.firstIndex(where: { $0.id == id }) {
            let poll = device.waiting.remove(at: index)
            poll.continuation.resume(returning: .empty(poll, .cancelled))
        } else if device.poll?.id == id {
            // The open request must not meet the next poll: the socket goes, and with it a late answer.
            closeSession(device)
            finish(device, .cancelled)
        }
    }

    private func finish(_ device: DeviceSession, _ outcome: SNMPOutcome, next: Bool = true) {
        guard let poll = device.poll else { return }
        let now = monotonicNanoseconds()
        let answer = device.answer(outcome, now: now)
        if device.hasAnswered, let run = device.exchange.run {
            device.capacity.pollEnded(run.size)
        }
        device.exchange.run = nil
        device.exchange.openRequest = nil
        device.poll = nil
        device.phase = .idle
        device.lastUsed = now
        releasePlace(device)
        tell(.ended(outcome))
        poll.continuation.resume(returning: answer)
        guard next else { return }
        if !device.waiting.isEmpty {
            enqueue(device, device.waiting.removeFirst())
        } else {
            startWaiting()
        }
    }

    // MARK: One request after the other

    private func start(_ device: DeviceSession) {
        guard device.exchange.run?.isDone == false else { return finish(device, .answered) }
        guard openSession(device) else { return }
        device.phase = device.target.credential.version == .v3 && device.session?.engineID == nil ? .discovering : .asking
        tell(device.phase == .discovering ? .discovering : .asking(device.target))
        send(device)
    }

    /// Sends what the phase asks for; sets the deadline, or ends the poll when nothing can be sent.
    private func send(_ device: DeviceSession) {
        let timeout = device.roundTrip.timeout(device.exchange.attempt, settings)
        // The same question again keeps its id, so that an answer which is merely late still counts.
        let request = device.exchange.attempt == 1 ? device.exchange.openRequest ?? nextRequest() : nextRequest()
        device.exchange.collects = device.phase == .asking
        device.exchange.openRequest = request
        prepareQuestion(device)
        device.pduCount += 1
        let now = monotonicNanoseconds()
        device.sentAt = now
        device.deadline = now &+ UInt64(clamping: timeout.milliseconds) &* 1_000_000
        let withoutPrivacy = device.phase == .diagnosing
        let error = device.session?.send(question, id: request, withoutPrivacy: withoutPrivacy, &writer, now: now) ?? EBADF
        // A full buffer or a refused port is as good as a lost datagram.
        if error != 0, ![EAGAIN, ENOBUFS, ECONNREFUSED, EINTR].contains(error) {
            return finish(device, .unreachable("sending to \(device.target): \(unsafe String(cString: strerror(error)))"))
        }
        arm(device)
    }

    private func tell(_ step: @autoclosure () -> SNMPStep) { settings.witness?(step()) }

    /// Tells of the tables that the last reply, or its absence, has ended.
    private func tellEnded(_ device: DeviceSession) {
        guard settings.witness != nil, let run = device.exchange.run, let poll = device.poll else { return }
        for position in run.ended[device.told...] {
            tell(
                .read(
                    name: poll.requests[position].name, values: run.tables[position].count,
                    pduCount: run.costs[position].pduCount,
                    problem: run.errors[position]))
        }
        device.told = run.ended.count
    }

    private func nextRequest() -> Int32 {
        lastRequest = lastRequest == Int32.max ? 1 : lastRequest + 1
        return lastRequest
    }

    private func prepareQuestion(_ device: DeviceSession) {
        switch device.phase {
        case .asking:
            let attempt = device.exchange.attempt
            device.exchange.run?.ask(&question, attempt: attempt)
        case .discovering, .idle, .queued:
            question.removeAll()
            question.command = .get
        case .diagnosing:
            // sysUpTime.0 with authentication alone.
            question.removeAll()
            question.command = .get
            question.append([1, 3, 6, 1, 2, 1, 1, 3, 0])
        }
    }

    private func arm(_ device: DeviceSession) {
        guard !device.isTimed else { return }
        device.isTimed = true
        deadlines.push(device.deadline, device)
    }

    private func read(_ device: DeviceSession) {
        let now = monotonicNanoseconds()
        switch device.session?.read(&datagram, &reader, into: &device.exchange, now: now) {
        case .event(let event)?: settle(device, event)
        case .malformed?: device.malformed += 1
        case .foreign?: device.foreign += 1
        case .nothing?, nil: break
        }
    }

    private func deadlinePassed(_ device: DeviceSession, _ now: UInt64) {
        device.isTimed = false
        guard device.phase != .idle, device.phase != .queued else { return }
        guard device.deadline <= now else { return arm(device) }
        settle(device, .timedOut)
    }

    private func settle(_ device: DeviceSession, _ event: ExchangeEvent) {
        guard device.phase != .idle, device.phase != .queued else { return }
        switch event {
        case .replied: replied(device)
        case .refused(let reason): refused(device, reason)
        case .clockSet: clockSet(device)
        case .timedOut: timedOut(device)
        }
    }

    /// Once a question: an agent that goes on refusing has another clock than it says.
    private func clockSet(_ device: DeviceSession) {
        guard !device.hasSetClock else { return finish(device, .unauthorised(.notInTimeWindow)) }
        device.hasSetClock = true
        device.exchange.resynchronised += 1
        if let (boots, seconds) = device.session?.clock(now: monotonicNanoseconds()) {
            tell(.clockSet(boots: boots, seconds: seconds))
        }
        device.pduCount -= 1
        device.exchange.attempt = 0
        send(device)
    }

    private func replied(_ device: DeviceSession) {
        if device.exchange.attempt == 0 {
            device.roundTrip.add(.nanoseconds(Int64(clamping: monotonicNanoseconds() &- device.sentAt)))
        }
        device.exchange.attempt = 0
        device.exchange.openRequest = nil
        device.hasSetClock = false
        if device.phase == .diagnosing { return finish(device, .unauthorised(.decryptionError)) }
        if !device.hasAnswered {
            tell(.answered(roundTrip: .nanoseconds(Int64(clamping: monotonicNanoseconds() &- device.sentAt))))
        }
        device.hasAnswered = true
        device.phase = .asking
        tellEnded(device)
        if device.exchange.run?.isDone == false { send(device) } else { finish(device, .answered) }
    }

    private func refused(_ device: DeviceSession, _ reason: USMReason?) {
        device.exchange.openRequest = nil
        if device.phase == .discovering, let engineID = device.session?.engineID {
            let (boots, seconds) = device.session?.clock(now: monotonicNanoseconds()) ?? (0, 0)
            tell(.discovered(engineID: engineID, boots: boots, seconds: seconds))
            guard device.session?.makeKeys() == true else {
                return finish(device, .unreachable("no keys could be made for \(device.target): check the passwords' protocols"))
            }
            tell(.keysMade)
            device.exchange.attempt = 0
            device.phase = .asking
            tell(.asking(device.target))
            return send(device)
        }
        tell(.refused(reason))
        if reason == .unknownEngineID, device.rediscoveries == 0 {
            // The agent was replaced or reset: its engine has another name now.
            return rediscover(device)
        }
        finish(device, .unauthorised(reason ?? .unsupportedSecurityLevel))
    }

    /// At most once a poll.
    private func rediscover(_ device: DeviceSession) {
        device.rediscoveries += 1
        device.exchange.attempt = 0
        closeSession(device)
        start(device)
    }

    private func timedOut(_ device: DeviceSession) {
        releasePlace(device)
        startWaiting()
        tell(.timedOut(attempt: device.exchange.attempt + 1, after: device.roundTrip.timeout(device.exchange.attempt, settings)))
        if device.exchange.attempt < settings.retries {
            device.exchange.attempt += 1
            device.retries += 1
            return send(device)
        }
        device.exchange.attempt = 0
        device.exchange.openRequest = nil
        guard device.hasAnswered else { return silent(device) }
        device.exchange.run?.giveUp("no answer within \(settings.retries + 1) tries")
        tellEnded(device)
        if device.exchange.run?.isDone == false { send(device) } else { finish(device, .answered) }
    }

    /// An agent that lost its boot counter (a reset, a restored image) answers with a clock that RFC 3414 §3.2 forbids to believe;
    /// its engine is then discovered again, as after a restart of ours.
    private func lostItsClock(_ device: DeviceSession) -> Bool {
        device.malformed > 0 && device.rediscoveries == 0 && device.session?.engineID != nil
    }

    /// An agent drops what it cannot decrypt into a PDU without a report, as Net-SNMP does for AES: ask once without privacy.
    private func silent(_ device: DeviceSession) {
        if lostItsClock(device) {
            logger.warning("engine clock went back, discovering again", metadata: ["target": "\(device.target)"])
            return rediscover(device)
        }
        guard device.phase == .asking, device.target.credential.priv != nil else { return finish(device, .silent) }
        device.phase = .diagnosing
        tell(.withoutPrivacy)
        device.exchange.attempt = settings.retries
        send(device)
    }

    // MARK: Sessions

    /// Opens the device's session unless it is open; ends the poll and says false when that fails.
    private func openSession(_ device: DeviceSession) -> Bool {
        if device.session != nil { return true }
        if openSessions >= settings.maximumSessions { closeOldestIdle() }
        let credential = device.target.credential
        device.session = AgentSession(device.target, authMaster: keys.authKey(credential), privMaster: keys.privKey(credential))
        guard let descriptor = device.session?.descriptor else {
            finish(device, .unreachable("no socket for \(device.target): raise LimitNOFILE or lower the number of devices"))
            return false
        }
        openSessions += 1
        while byDescriptor.count <= Int(descriptor) { byDescriptor.append(nil) }
        byDescriptor[Int(descriptor)] = device
        interests.append(Interest(descriptor: descriptor, readiness: .read))
        return true
    }

    private func closeSession(_ device: DeviceSession) {
        guard let descriptor = device.session?.descriptor else { return }
        byDescriptor[Int(descriptor)] = nil
        device.session = nil
        openSessions -= 1
    }

    private func closeOldestIdle() {
        let idle = devices.values.filter { $0.phase == .idle && $0.session != nil }
        guard let oldest = idle.min(by: { $0.lastUsed < $1.lastUsed }) else { return }
        closeSession(oldest)
        devices[oldest.target] = nil
    }
}

extension SNMPAnswer {
    /// The answer to a poll that never began.
    static func empty(_ poll: PendingPoll, _ outcome: SNMPOutcome) -> SNMPAnswer {
        SNMPAnswer(requestCount: poll.requests.count, outcome: outcome)
    }
}
