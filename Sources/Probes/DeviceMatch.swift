import Campus

/// Which devices a definition is for, told by sysObjectID, sysDescr and what the device answers; without a condition, all.
struct DeviceMatch: Sendable {
    /// Device strings by a pattern with `*`, or by a regular expression.
    enum Description: Sendable {
        case pattern(TextPattern)
        case like(TextExpression)

        func matches(_ text: String) -> Bool {
            switch self {
            case .pattern(let pattern): pattern.matches(text)
            case .like(let expression): expression.matches(text)
            }
        }
    }

    /// sysObjectID is one of these or lies below one.
    var objectIDs: [ObjectIdentifier] = []
    /// sysDescr fits one of these.
    var descriptions: [Description] = []
    /// Neither of these does.
    var exceptObjectIDs: [ObjectIdentifier] = []
    var exceptDescriptions: [Description] = []
    /// Instances that the device answers, all of them.
    var present: [ObjectIdentifier] = []

    /// Whether it is for some devices and not for all.
    var isParticular: Bool { !objectIDs.isEmpty || !descriptions.isEmpty }

    /// How closely it is made for a device: definitions with the longer identifier speak first, then those that also look at
    /// sysDescr, then those that ask for an instance.
    func closeness(objectID: ObjectIdentifier?) -> Int {
        let arcs = objectIDs.filter { objectID?.starts(with: $0) ?? false }.map(\.arcs.count).max() ?? 0
        return arcs * 4 + (descriptions.isEmpty ? 0 : 2) + (present.isEmpty ? 0 : 1)
    }

    /// Whether sysObjectID and sysDescr fit.
    func fits(objectID: ObjectIdentifier?, description: String) -> Bool {
        if !objectIDs.isEmpty {
            guard let objectID, objectIDs.contains(where: { objectID.starts(with: $0) }) else { return false }
        }
        if let objectID, exceptObjectIDs.contains(where: { objectID.starts(with: $0) }) { return false }
        if exceptDescriptions.contains(where: { $0.matches(description) }) { return false }
        return descriptions.isEmpty || descriptions.contains { $0.matches(description) }
    }

    /// Whether the device answered every instance of `present`.
    func isPresent(in answers: VariableBindings) -> Bool {
        present.allSatisfy { instance in
            (0..<answers.count).contains { answers.hasValue($0) && answers.name($0).elementsEqual(instance.arcs) }
        }
    }
}
