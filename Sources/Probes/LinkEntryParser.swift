import Campus
import Definitions

/// Reads the entries of a definition that tell of links.
struct LinkEntryParser {
    let entries: EntryParser

    func links(_ reader: Reader) -> LinkDefinitions {
        var links = LinkDefinitions()
        links.neighbors = each("neighbors", reader, neighbor)
        links.vlans = each("vlans", reader, vlan)
        links.forwarding = each("forwarding", reader, forwarding)
        links.arp = each("arp", reader, mapping)
        links.addresses = each("addresses", reader, address)
        links.transceivers = each("transceivers", reader, transceiver)
        links.accessPoints = each("access_points", reader, accessPoint)
        links.ports = each("ports", reader, port)
        return links
    }

    private func each<Entry>(
        _ key: String, _ reader: Reader, _ read: (RowSource, ColumnScope, Reader) -> Entry?
    ) -> [Entry] {
        reader.list(key).compactMap { element in
            let fields = Reader(element, entries.problems)
            defer { fields.finish() }
            guard let source = entries.source(fields) else { return nil }
            let scope = ColumnScope(source: source, tables: entries.tables, problems: entries.problems)
            return read(scope.filtered(fields), scope, fields)
        }
    }

    func contexts(_ reader: Reader) -> [ContextDefinition] {
        each("contexts", reader) { source, scope, fields in
            let tables = fields.list("tables").compactMap { entries.position($0.text ?? "", $0) }
            guard let suffix = scope.texts("suffix", fields).first, let name = scope.texts("name", fields).first else {
                fields.complain(
                    fields.element, "`suffix` or `name` is missing", "write what stands after the community's @, and contextName")
                return nil
            }
            return ContextDefinition(
                source: source, suffix: suffix, name: name, vlan: scope.column("vlan", fields), tables: tables)
        }
    }

    private func neighbor(_ source: RowSource, _ scope: ColumnScope, _ fields: Reader) -> NeighborDefinition? {
        guard let word = fields.requiredString("protocol") else { return nil }
        var neighbor = NeighborDefinition(
            source: source, discoveryProtocol: word, interface: scope.interface(fields),
            localText: scope.texts("local", fields), remoteName: scope.texts("remote_name", fields))
        neighbor.remotePort = identifier("remote_port", scope, fields)
        neighbor.remoteChassis = identifier("remote_chassis", scope, fields)
        neighbor.remoteDescription = scope.texts("remote_description", fields)
        neighbor.remoteAddress = scope.columns("remote_address", fields)
        neighbor.capabilities = capabilities(scope, fields)
        return neighbor
    }

    /// Templates, or `{octets: column, kind: column, text: templates}`.
    private func identifier(_ key: String, _ scope: ColumnScope, _ fields: Reader) -> NeighborDefinition.Identifier {
        guard let element = fields.element(key), case .mapping = element.value else {
            return NeighborDefinition.Identifier(text: scope.texts(key, fields))
        }
        let inner = Reader(element, entries.problems)
        defer { inner.finish() }
        return NeighborDefinition.Identifier(
            text: scope.texts("text", inner), octets: scope.required("octets", inner), kind: scope.column("kind", inner))
    }

    /// `{column: c, bits: {2: bridge, 4: router}}`, or a list of them.
    private func capabilities(_ scope: ColumnScope, _ fields: Reader) -> [CapabilityDefinition] {
        scope.elements("capabilities", fields).compactMap { element in
            let inner = Reader(element, entries.problems)
            defer { inner.finish() }
            guard let column = scope.required("column", inner), let bits = inner.mapping("bits") else { return nil }
            let words = bits.names.compactMap { name -> (Int, String)? in
                guard let word = bits.string(name), let bit = Int(name), (0..<64).contains(bit) else {
                    bits.complain(bits.element(name) ?? bits.element, "`\(name)` is no bit", "write a number from 0 to 63")
                    return nil
                }
                return (bit, word)
            }
            return CapabilityDefinition(column: column, words: words)
        }
    }

    private func vlan(_ source: RowSource, _ scope: ColumnScope, _ fields: Reader) -> VLANDefinition? {
        guard let id = scope.required("id", fields) else { return nil }
        return VLANDefinition(source: source, id: id, name: scope.texts("name", fields))
    }

    private func forwarding(_ source: RowSource, _ scope: ColumnScope, _ fields: Reader) -> ForwardingDefinition? {
        guard let mac = scope.required("mac", fields) else { return nil }
        return ForwardingDefinition(
            source: source, mac: mac, vlan: scope.columns("vlan", fields), interface: scope.interface(fields))
    }

    private func mapping(_ source: RowSource, _ scope: ColumnScope, _ fields: Reader) -> AddressMappingDefinition? {
        guard let mac = scope.required("mac", fields) else { return nil }
        return AddressMappingDefinition(
            source: source, address: scope.required("address", columnsOf: fields), mac: mac,
            interface: scope.interface(fields))
    }

    private func address(_ source: RowSource, _ scope: ColumnScope, _ fields: Reader) -> InterfaceAddressDefinition? {
        InterfaceAddressDefinition(
            source: source, address: scope.required("address", columnsOf: fields), prefix: scope.column("prefix", fields),
            interface: scope.interface(fields))
    }

    private func transceiver(_ source: RowSource, _ scope: ColumnScope, _ fields: Reader) -> TransceiverDefinition? {
        TransceiverDefinition(
            source: source, interface: scope.interface(fields), vendor: scope.texts("vendor", fields),
            model: scope.texts("model", fields), serial: scope.texts("serial", fields))
    }

    private func accessPoint(_ source: RowSource, _ scope: ColumnScope, _ fields: Reader) -> AccessPointDefinition? {
        var entry = AccessPointDefinition(
            source: source, name: scope.texts("name", fields), mac: scope.column("mac", fields),
            address: scope.column("address", fields), model: scope.texts("model", fields),
            serial: scope.texts("serial", fields), version: scope.texts("version", fields),
            location: scope.texts("location", fields))
        entry.clients = scope.operand("clients", fields)
        entry.state = scope.column("state", fields)
        entry.states = entries.states(fields)
        return entry
    }

    private func port(_ source: RowSource, _ scope: ColumnScope, _ fields: Reader) -> PortDefinition? {
        PortDefinition(
            source: source, interface: scope.interface(fields), vlan: scope.column("vlan", fields),
            aggregate: scope.columns("aggregate", fields))
    }
}

extension ColumnScope {
    /// A column, or a list of them.
    func columns(_ key: String, _ fields: Reader) -> [ColumnReference] {
        elements(key, fields).compactMap { element in element.text.flatMap { reference($0, at: element) } }
    }

    func required(_ key: String, columnsOf fields: Reader) -> [ColumnReference] {
        if !fields.has(key) { fields.complain(fields.element, "`\(key)` is missing", "name the columns that tell it") }
        return columns(key, fields)
    }

    fileprivate func interface(_ fields: Reader) -> InterfaceColumns { required("interface", columnsOf: fields) }

    /// Templates, or columns by their bare names.
    func texts(_ key: String, _ fields: Reader) -> [NameTemplate] {
        elements(key, fields).compactMap { element in
            guard let text = element.text else { return nil }
            if text.contains("{") { return template(text, at: element) }
            return reference(text, at: element).map { NameTemplate(parts: [.column($0)]) }
        }
    }
}

extension Reader {
    /// A sensor class by its word; those of radios are written without their prefix.
    func sensorClass(_ key: String, prefix: String) -> SensorClass? {
        if prefix.isEmpty { return choice(key, SensorClass.self) }
        guard let text = string(key) else { return nil }
        if let known = SensorClass(rawValue: prefix + text) { return known }
        let words = SensorClass.allCases.compactMap(\.wirelessName)
        complain(element(key) ?? element, "`\(key)` cannot be `\(text)`", suggestion(text, among: words))
        return nil
    }
}
