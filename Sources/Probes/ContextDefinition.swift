package import Campus

/// Tables that a device answers once in each of several contexts: for each VLAN, a bridge of its own (Cisco).
struct ContextDefinition: Sendable {
    /// The rows that each name a context.
    var source: RowSource
    /// What stands after `@` in the community.
    var suffix: NameTemplate
    /// contextName of SNMPv3 (RFC 3411).
    var name: NameTemplate
    /// The VLAN that is meant where a row of `tables` tells none.
    var vlan: ColumnReference?
    /// Positions in `ProbeDefinition.tables`.
    var tables: [Int]

    /// More contexts than any device has VLANs in use; what a device claims beyond is not asked.
    static let limit = 512
}

/// One context of a device, and what to ask there.
package struct ContextRequest: Sendable {
    /// SNMPv1 and v2c: the community is followed by `@` and this.
    package let communitySuffix: String
    /// SNMPv3: contextName.
    package let name: String
    package let requests: [TableRequest]

    /// The definition and the tables that the answers are for.
    let definition: Int
    let tables: [Int]
    let vlan: Int?
}

/// What a device answered in one context.
package struct ContextAnswer: Sendable {
    package let request: ContextRequest
    /// Aligned with the request's.
    package let tables: [VariableBindings]

    package init(_ request: ContextRequest, tables: [VariableBindings]) {
        self.request = request
        self.tables = tables
    }
}

extension DevicePlan {
    /// What to ask in other contexts, now that `answers` to `fullRequests` tell which there are. A device that keeps silent in
    /// one knows none: the others need not be asked.
    package func contextRequests(after answers: [VariableBindings]) -> [ContextRequest] {
        definitions.enumerated().flatMap { position, definition in
            let tables = definition.contexts.isEmpty ? [] : full.tables(of: position, definition, answers: answers)
            return definition.contexts.flatMap { context in
                context.source.rows(tables).prefix(ContextDefinition.limit).compactMap { row in
                    context.request(row, of: definition, at: position)
                }
            }
        }
    }

    /// Adds what contexts answered for one definition, whose tables in the default context are `tables`.
    func collect(
        _ contexts: [ContextAnswer], of position: Int, _ tables: [AnswerTable], _ resolver: InterfaceResolver,
        into report: inout DeviceReport
    ) {
        for answer in contexts where answer.request.definition == position {
            var tables = tables
            for (table, bindings) in zip(answer.request.tables, answer.tables) {
                tables[table] = AnswerTable(tables[table].definition, sources: [bindings])
            }
            for entry in definitions[position].links.forwarding where answer.request.tables.contains(entry.source.table) {
                report.forwarding += entry.source.rows(tables).compactMap { row in
                    entry.learned(row, resolver, vlan: answer.request.vlan)
                }
            }
        }
    }
}

extension ContextDefinition {
    fileprivate func request(_ row: Row, of definition: ProbeDefinition, at position: Int) -> ContextRequest? {
        guard let suffix = suffix.text(row, number: 1), let name = name.text(row, number: 1) else { return nil }
        let requests = tables.map { definition.tables[$0] }.map { table in
            TableRequest(name: table.name, kind: .columns(table.requests))
        }
        return ContextRequest(
            communitySuffix: suffix, name: name, requests: requests, definition: position, tables: tables,
            vlan: vlan.flatMap { row.vlan($0) })
    }
}

extension TableDefinition {
    /// Every column that is asked, once.
    fileprivate var requests: [ObjectIdentifier] {
        columns.indices.reduce(into: []) { found, column in
            if let identifier = request(column), !found.contains(identifier) { found.append(identifier) }
        }
    }
}
