import Campus

/// The scalars that are asked before anything else is known: SNMPv2-MIB's system group (RFC 3418) and snmpEngineID (RFC 3411).
struct IdentityDefinition: Sendable {
    enum Field: String, CaseIterable, Sendable {
        case description, uptime, contact, name, location
        case objectID = "object_id"
        case engineID = "engine_id"
    }

    var instances: [Field: ObjectIdentifier] = [:]

    var uptime: ObjectIdentifier? { instances[.uptime] }

    var request: TableRequest {
        TableRequest(name: "identity", kind: .scalars(Field.allCases.compactMap { instances[$0] }))
    }

    /// The facts that the answers hold; what is absent stays empty.
    func facts(_ answers: VariableBindings) -> DeviceFacts {
        var facts = DeviceFacts()
        facts.description = text(.description, answers)
        facts.contact = text(.contact, answers)
        facts.name = text(.name, answers)
        facts.location = text(.location, answers)
        facts.objectID = objectID(answers)
        facts.uptime = seconds(answers)
        if let octets = binding(.engineID, answers).flatMap({ answers.octets($0) }), !octets.isEmpty {
            facts.engineID = Hexadecimal.text(octets)
        }
        return facts
    }

    /// Some power distribution units send sysObjectID as a text.
    private func objectID(_ answers: VariableBindings) -> ObjectIdentifier? {
        guard let binding = binding(.objectID, answers) else { return nil }
        if case .objectIdentifier(let identifier) = answers.value(binding) { return identifier.arcs.isEmpty ? nil : identifier }
        return answers.octets(binding).flatMap { ObjectIdentifier(SNMPText.decoded($0)) }
    }

    /// sysUpTime in seconds; it wraps after 497 days (RFC 3418: hundredths in 32 bits).
    func seconds(_ answers: VariableBindings) -> Double? {
        binding(.uptime, answers).flatMap { answers.unsigned($0) }.map { Double($0) / 100 }
    }

    private func text(_ field: Field, _ answers: VariableBindings) -> String {
        binding(field, answers).flatMap { answers.octets($0) }.map { SNMPText.decoded($0) } ?? ""
    }

    private func binding(_ field: Field, _ answers: VariableBindings) -> Int? {
        guard let instance = instances[field] else { return nil }
        return (0..<answers.count).first { answers.hasValue($0) && answers.name($0).elementsEqual(instance.arcs) }
    }
}

enum Hexadecimal {
    private static let digits = Array("0123456789abcdef".utf8)

    static func text(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
