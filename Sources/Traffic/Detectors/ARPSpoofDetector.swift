package import Campus

/// One address claimed by a second station while the first still claims it.
///
/// Evidence is either an answer that nobody asked for, sent to one victim, or a claim that goes back and forth between two
/// stations. A lease that moves on, a cluster that fails over (gratuitous claims, the old station silent) and virtual
/// router addresses (VRRP/CARP 00:00:5e:00:01, HSRP 00:00:0c:07:ac and 00:00:0c:9f:f, GLBP 00:07:b4:00) are none.
package struct ARPSpoofDetector: Detector {
    package struct Settings: Hashable, Sendable {
        /// Contradicting claims until it is told.
        package var claims = 2
        /// How long a station counts as holding an address that it claimed.
        package var holding = Duration.seconds(120)
        /// How long a question justifies an answer.
        package var questionLife = Duration.seconds(3)
        package var repeatAfter = Duration.seconds(60)

        package init() {}
    }

    private struct Place: Hashable {
        var vlan: UInt16?
        var address: IPAddress
    }

    private struct Question: Hashable {
        var asker: IPAddress
        var about: IPAddress
    }

    fileprivate struct Claim {
        var holder: MACAddress
        var heldAt: Int64
        var rival: MACAddress?
        var rivalAt: Int64 = 0
        var firstAt: Int64 = 0
        var contradictions = 0
        var repetition = Repetition()
    }

    private let settings: Settings
    private let interface: String
    private var claims = GenerationTable<Place, Claim>(capacity: ARPSpoofDetector.capacity)
    private var questions = GenerationTable<Question, Int64>(capacity: ARPSpoofDetector.capacity)
    private var outbox = Outbox()
    /// Addresses, and questions, remembered at a time.
    static let capacity = 65_536

    package init(settings: Settings = Settings(), interface: String = "") {
        self.settings = settings
        self.interface = interface
    }

    package mutating func arp(_ fact: ARPFact) {
        if fact.operation == 1, !fact.isGratuitous {
            questions.update(Question(asker: fact.senderIP, about: fact.targetIP), initial: fact.at) { $0 = fact.at }
        }
        // A probe (RFC 5227 §2.1.1) has no sender address and claims nothing.
        guard fact.operation == 1 || fact.operation == 2, fact.senderIP.isUnicast, fact.senderMAC.isStation,
            !fact.senderMAC.isVirtualRouter
        else { return }
        weigh(fact, isUnasked: isUnasked(fact))
    }

    private mutating func isUnasked(_ fact: ARPFact) -> Bool {
        if fact.operation != 2 || fact.isGratuitous || !fact.targetMAC.isStation { return false }
        let askedAt = questions.updateExisting(Question(asker: fact.targetIP, about: fact.senderIP)) { $0 }
        guard let askedAt else { return true }
        return fact.at &- askedAt > settings.questionLife.microseconds
    }

    private mutating func weigh(_ fact: ARPFact, isUnasked: Bool) {
        let holding = settings.holding.microseconds
        let needed = settings.claims
        let interval = settings.repeatAfter.microseconds
        let place = Place(vlan: fact.vlan, address: fact.senderIP)
        let told = claims.update(place, initial: Claim(holder: fact.senderMAC, heldAt: fact.at)) { claim -> Claim? in
            guard claim.note(fact.senderMAC, at: fact.at, holding: holding, isUnasked: isUnasked) else { return nil }
            guard claim.contradictions >= needed else { return nil }
            return claim.repetition.isDue(count: claim.contradictions, at: fact.at, interval: interval) ? claim : nil
        }
        if let claim = told, let rival = claim.rival { report(fact, claim, rival: rival) }
    }

    private mutating func report(_ fact: ARPFact, _ claim: Claim, rival: MACAddress) {
        outbox.add(
            Observation(
                observationClass: "arp_spoof", severity: .high, at: Timestamp(microseconds: fact.at),
                firstAt: Timestamp(microseconds: claim.firstAt), source: fact.senderIP,
                destination: fact.isGratuitous || fact.operation == 1 ? nil : fact.targetIP, sourceMAC: rival,
                count: claim.contradictions,
                detail: "\(fact.senderIP) of \(claim.holder) is also claimed by \(rival)", interface: interface))
    }

    package mutating func advance(to now: Int64) {}

    package mutating func drain() -> [Observation] { outbox.drain() }
}

extension ARPSpoofDetector.Claim {
    /// Takes one claim; true when it contradicts a holder that is still there.
    fileprivate mutating func note(_ mac: MACAddress, at now: Int64, holding: Int64, isUnasked: Bool) -> Bool {
        if mac == holder {
            let isReturn = rival != nil && rivalAt > heldAt && now &- rivalAt <= holding
            heldAt = now
            if isReturn { contradictions += 1 }
            return isReturn
        }
        guard now &- heldAt <= holding else {
            self = Self(holder: mac, heldAt: now)
            return false
        }
        if rival == nil || now &- rivalAt > holding {
            contradictions = 0
            firstAt = now
        }
        rival = mac
        rivalAt = now
        if isUnasked { contradictions += 1 }
        return isUnasked
    }
}

extension MACAddress {
    /// Neither zero nor a group address.
    fileprivate var isStation: Bool { value != 0 && value >> 40 & 1 == 0 }

    /// Addresses that several routers share by design (RFC 9568 §7.3; Cisco HSRP 1 and 2, GLBP).
    fileprivate var isVirtualRouter: Bool {
        let five = value >> 8
        return five == 0x5e_0001 || five == 0x5e_0002 || five == 0x0c_07ac || value >> 12 == 0xc_9ff || value >> 16 == 0x7_b400
    }
}
