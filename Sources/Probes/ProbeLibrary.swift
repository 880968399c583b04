package import Campus
package import Definitions

/// Every probe definition that was read, and what to ask a device before anything else is known of it.
package struct ProbeLibrary: Sendable {
    private(set) var identity = IdentityDefinition()
    private(set) var definitions: [ProbeDefinition] = []
    /// Definitions of which only the head was read.
    private var unread: [Unread] = []
    private let plans = PlanCache()

    private struct Unread: Sendable {
        var path: String
        var match: DeviceMatch
    }

    /// sysDescr, sysObjectID, sysUpTime, sysContact, sysName, sysLocation and snmpEngineID, by one GET.
    package var identityRequest: TableRequest { identity.request }

    /// Reads all `.yaml` files below the folders, in their order; each mistake becomes a problem, and the faulty definition is left out.
    package static func load(directories: [String], problems: Problems) -> ProbeLibrary {
        let paths = directories.flatMap { DefinitionFiles.yaml(below: $0, problems: problems) }
        return ProbeLibrary(paths.flatMap { DefinitionFiles.documents(of: $0, problems: problems) }, problems: problems)
    }

    /// As `load`, but of definitions that are for some devices only the head, for who asks but one device: `completed` reads the
    /// rest of those that are for it. Reading all takes longer than asking.
    package static func loadHeads(directories: [String], problems: Problems) -> ProbeLibrary {
        var library = ProbeLibrary([], problems: problems)
        for path in directories.flatMap({ DefinitionFiles.yaml(below: $0, problems: problems) }) {
            let aside = Problems()
            let head = DefinitionFiles.head(of: path, keys: ["id", "title", "match"])
            let match = head.map { DeviceMatch(Reader($0, aside), aside) }
            if let match, match.isParticular, aside.isEmpty {
                library.unread.append(Unread(path: path, match: match))
            } else {
                for document in DefinitionFiles.documents(of: path, problems: problems) { library.add(document, problems) }
            }
        }
        return library
    }

    /// The same with all definitions that could be for a device that answered `identityRequest` with `identity`.
    package func completed(for answers: VariableBindings, problems: Problems) -> ProbeLibrary {
        let facts = identity.facts(answers)
        var library = self
        library.unread = []
        for unread in unread where unread.match.fits(objectID: facts.objectID, description: facts.description) {
            for document in DefinitionFiles.documents(of: unread.path, problems: problems) { library.add(document, problems) }
        }
        return library
    }

    /// The definitions of documents that were read already.
    package init(_ documents: [Element], problems: Problems) {
        for document in documents { add(document, problems) }
    }

    /// The notifications that some definition names.
    package var traps: [TrapDefinition] { definitions.flatMap(\.traps) }

    /// What else to ask a device that answered `identityRequest` with `identity`: instances by which some definitions know
    /// their devices. nil when none of them could be for it.
    package func presenceRequest(identity answers: VariableBindings) -> TableRequest? {
        let facts = identity.facts(answers)
        var instances: [ObjectIdentifier] = []
        let fits = { (match: DeviceMatch) in match.fits(objectID: facts.objectID, description: facts.description) }
        for definition in definitions where fits(definition.match) {
            for match in [definition.match] + definition.facts.map(\.match) where fits(match) {
                instances += match.present.filter { !instances.contains($0) }
            }
        }
        return instances.isEmpty ? nil : TableRequest(name: "presence", kind: .scalars(instances))
    }

    /// The plan for a device that answered `identityRequest`, and `presenceRequest` if there was one, with `identity`: the
    /// definitions whose `match` fits, those made for such devices before those for all.
    package func plan(identity answers: VariableBindings) -> DevicePlan {
        let facts = identity.facts(answers)
        let fitting = definitions.filter { definition in
            definition.match.fits(objectID: facts.objectID, description: facts.description)
                && definition.match.isPresent(in: answers)
        }
        let closeness = fitting.map { $0.match.closeness(objectID: facts.objectID) }
        let order = fitting.indices.sorted { (-closeness[$0], $0) < (-closeness[$1], $1) }
        return plans.plan(for: order.map { fitting[$0].id }) {
            DevicePlan(identity: identity, definitions: order.map { fitting[$0] })
        }
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
