import Campus

/// Which devices a definition is for, told by sysObjectID and sysDescr; without a condition, all.
struct DeviceMatch: Sendable {
    /// sysObjectID is one of these or lies below one.
    var objectIDs: [ObjectIdentifier] = []
    /// sysDescr fits one of these.
    var descriptions: [TextPattern] = []

    /// Whether it takes a certain device: such definitions speak before the general ones.
    var isParticular: Bool { !objectIDs.isEmpty || !descriptions.isEmpty }

    func fits(objectID: ObjectIdentifier?, description: String) -> Bool {
        if !objectIDs.isEmpty {
            guard let objectID, objectIDs.contains(where: { objectID.starts(with: $0) }) else { return false }
        }
        return descriptions.isEmpty || descriptions.contains { $0.matches(description) }
    }
}
