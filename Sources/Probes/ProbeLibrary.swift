package import Campus
package import Definitions

/// Every probe definition that was read, and what to ask a device before anything else is known of it.
package struct ProbeLibrary: Sendable {
    private(set) var identity = IdentityDefinition()
    private(set) var definitions: [ProbeDefinition] = []

    /// sysDescr, sysObjectID, sysUpTime, sysContact, sysName, sysLocation and snmpEngineID, by one GET.
    package var identityRequest: TableRequest { identity.request }

    /// Reads all `.yaml` files below the folders, in their order; each mistake becomes a problem, and the faulty definition is left out.
    package static func load(directories: [String], problems: Problems) -> ProbeLibrary {
        var library = ProbeLibrary()
        for path in directories.flatMap({ DefinitionFiles.yaml(below: $0, problems: problems) }) {
            for document in DefinitionFiles.documents(of: path, problems: problems) { library.add(document, problems) }
        }
        return library
    }

    /// The plan for a device that answered `identityRequest` with `identity`: the definitions whose `match` fits, those made
    /// for such devices before those for all.
    package func plan(identity answers: VariableBindings) -> DevicePlan {
        let facts = identity.facts(answers)
        let fitting = definitions.filter { $0.match.fits(objectID: facts.objectID, description: facts.description) }
        return DevicePlan(
            identity: identity, definitions: fitting.filter(\.match.isParticular) + fitting.filter { !$0.match.isParticular })
    }

    private mutating func add(_ document: Element, _ problems: Problems) {
        let before = problems.all.count
        let parser = DefinitionParser(document, problems)
        let definition = parser.definition()
        let identity = parser.identity()
        parser.finish()
        guard let definition, problems.all.count == before else { return }
        if let known = definitions.first(where: { $0.id == definition.id }) {
            problems.add(document.problem("a second definition `\(known.id)`", remedy: "give each definition an id of its own"))
            return
        }
        if let identity { self.identity = identity }
        definitions.append(definition)
    }
}
