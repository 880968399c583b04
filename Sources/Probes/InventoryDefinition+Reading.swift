import Campus

extension InventoryDefinition {
    /// Every item of the table that has one number for its index.
    func items(_ tables: [AnswerTable]) -> [InventoryItem] {
        source.rows(tables).compactMap { row in
            guard let index = index(of: row) else { return nil }
            var item = InventoryItem(index: index)
            item.parent = parent.flatMap { row.integer($0) }.flatMap { UInt32(exactly: $0) }
            for (field, column) in fields { item[field] = row.text(column) ?? "" }
            return item
        }
    }
}

extension InventoryDefinition {
    private func index(of row: Row) -> UInt32? {
        if let index { return row.number(index).flatMap { UInt32(exactly: $0) } }
        return row.index.count == 1 ? row.index.first : nil
    }
}

extension InventoryItem {
    subscript(_ field: InventoryField) -> String {
        get { self[keyPath: InventoryItem.path(field)] }
        set { self[keyPath: InventoryItem.path(field)] = newValue }
    }

    private static func path(_ field: InventoryField) -> WritableKeyPath<InventoryItem, String> {
        switch field {
        case .itemClass: \.itemClass
        case .name: \.name
        case .description: \.description
        case .model: \.model
        case .serial: \.serial
        case .vendor: \.vendor
        case .hardware: \.hardware
        case .firmware: \.firmware
        case .software: \.software
        }
    }
}

extension FactsDefinition {
    /// Fills what is still empty.
    func complete(_ facts: inout DeviceFacts, from tables: [AnswerTable], identity: VariableBindings) {
        guard match.fits(objectID: facts.objectID, description: facts.description), match.isPresent(in: identity) else { return }
        let row: Row
        if let source {
            guard let first = source.rows(tables).first else { return }
            row = first
        } else {
            row = Row(tables: [], places: [])
        }
        for (field, templates) in fields where facts[field].isEmpty {
            facts[field] = templates.lazy.compactMap { $0.text(row, number: 1) }.first ?? ""
        }
    }
}

extension DeviceFacts {
    subscript(_ field: FactField) -> String {
        get { self[keyPath: DeviceFacts.path(field)] }
        set { self[keyPath: DeviceFacts.path(field)] = newValue }
    }

    private static func path(_ field: FactField) -> WritableKeyPath<DeviceFacts, String> {
        switch field {
        case .os: \.os
        case .vendor: \.vendor
        case .kind: \.kind
        case .model: \.model
        case .version: \.version
        case .serial: \.serial
        case .features: \.features
        }
    }
}
