import Campus

/// One definition file: which devices it is for, what it asks of them, and what the answers mean.
struct ProbeDefinition: Sendable {
    var id: String
    var title: String
    var match: DeviceMatch
    var tables: [TableDefinition] = []
    var interfaces: InterfaceDefinition?
    var links = LinkDefinitions()
    var contexts: [ContextDefinition] = []
    var sensors: [SensorDefinition] = []
    var gauges: [GaugeDefinition] = []
    var inventory: [InventoryDefinition] = []
    var facts: [FactsDefinition] = []
    /// Definitions whose entries of some kinds are doubles of what this one found, if it found any.
    var replaced: [String: Set<EntryKind>] = [:]
    var traps: [TrapDefinition] = []
}

/// What a definition can say of a device; the keys of its lists.
enum EntryKind: String, CaseIterable, Sendable {
    case sensors, processors, memory, storage, supplies, inventory
}

/// Sensors of one kind, one a row.
struct SensorDefinition: Sendable {
    enum Class: Sendable {
        case fixed(SensorClass)
        /// A column whose words are class names; a row with another word is left out.
        case column(ColumnReference)
    }

    struct State: Sendable {
        var text: String
        var state: SensorState
    }

    var source: RowSource
    var sensorClass: Class
    var name: [NameTemplate]
    /// The name when the table has but one row for it.
    var alone: NameTemplate?
    var value: Operand
    /// The column that names the sensor's instance: the first of its value.
    var anchor: ColumnReference
    var scaling = Scaling()
    var combination: Combination?
    /// At most so many.
    var limit: Int?
    /// Raw value to what it means; for the class `state` only.
    var states: [String: State] = [:]
}

/// Processors, memory pools or storage volumes, one a row.
struct GaugeDefinition: Sendable {
    var kind: Gauge.Kind
    var source: RowSource
    var name: [NameTemplate]
    /// A column, or a word for all.
    var type: NameTemplate?
    /// The name when the table has but one row for it.
    var alone: NameTemplate?
    var percent: Operand?
    var used: Operand?
    var free: Operand?
    var total: Operand?
    /// Of `percent`.
    var scaling = Scaling()
    /// Bytes that one unit of `used`, `free` and `total` stands for.
    var unit: Operand = .constant(1)
    /// Rows of the same table whose `used` is no real use: caches within the memory.
    var less: [RowCondition] = []
    /// Rows of the same table of which the first tells the total.
    var totalOf: [RowCondition] = []

    var combination: Combination?
    /// At most so many.
    var limit: Int?

    /// The column that names the gauge's instance.
    var anchor: ColumnReference? { [percent, used, free, total].lazy.compactMap { $0?.columns.first }.first }
}

/// Rows of an inventory table, one an item.
struct InventoryDefinition: Sendable {
    var source: RowSource
    /// Where the row's index is not the item's.
    var index: ColumnReference?
    var parent: ColumnReference?
    var fields: [(field: InventoryField, column: ColumnReference)] = []
}

enum InventoryField: String, CaseIterable, Sendable {
    case itemClass = "class"
    case name, description, model, serial, vendor, hardware, firmware, software
}

/// What a definition says of the device as a whole; the first definition that has a text for a fact wins.
struct FactsDefinition: Sendable {
    /// The devices that it speaks of, of those that the whole definition is for.
    var match = DeviceMatch()
    var source: RowSource?
    /// Of each fact the templates, of which the first that is complete tells it.
    var fields: [(field: FactField, texts: [NameTemplate])] = []
}

enum FactField: String, CaseIterable, Sendable {
    case os, vendor, kind, model, version, serial, features
}
