import Campus

/// One definition file: which devices it is for, what it asks of them, and what the answers mean.
struct ProbeDefinition: Sendable {
    var id: String
    var title: String
    var match: DeviceMatch
    var tables: [TableDefinition] = []
    var interfaces: InterfaceDefinition?
    var links = LinkDefinitions()
    var sensors: [SensorDefinition] = []
    var gauges: [GaugeDefinition] = []
    var inventory: [InventoryDefinition] = []
    var facts: [FactsDefinition] = []
}

/// A conceptual row of a MIB, or a group of scalars, which is a table with the one row `.0`.
struct TableDefinition: Sendable {
    var name: String
    /// The entry object: a column's identifier is this and its number.
    var root: ObjectIdentifier
    var isScalar: Bool
    var columns: [ColumnDefinition]

    func column(_ name: String) -> Int? { columns.firstIndex { $0.name == name } }

    func identifier(_ column: Int) -> ObjectIdentifier { root.appending(CollectionOfOne(columns[column].number)) }
}

/// A column, and how its raw values read as words and as numbers.
struct ColumnDefinition: Sendable {
    var name: String
    var number: UInt32
    /// Raw value (a number or an identifier, as text) to word.
    var names: [String: String] = [:]
    /// Raw value to number, for columns such as entPhySensorScale.
    var numbers: [String: Double] = [:]
    /// Whether it is asked at each poll rather than at full polls only.
    var isLive = false
}

/// Where a value comes from: a column of an entry's own table, or of one that it joins.
struct ColumnReference: Hashable, Sendable {
    /// The position in the entry's `RowSource.tables`: 0 is its own.
    var table: Int
    var column: Int
}

/// The table that an entry walks and the ones beside it in which each row finds a partner.
struct RowSource: Sendable {
    struct Join: Sendable {
        var name: String
        var table: Int
        /// The own column that holds the partner's index; nil when both have the same index.
        var pointer: ColumnReference?
    }

    /// A position in `ProbeDefinition.tables`.
    var table: Int
    var joins: [Join] = []
    /// A row counts when one of these holds; none stands for all.
    var only: [RowCondition] = []
    /// A row is left out when one of these holds.
    var skip: [RowCondition] = []
}

/// A number that is written down or stands in a column.
enum Operand: Sendable {
    case constant(Double)
    case column(ColumnReference)
}

/// A raw value to the unit of its class: `value × multiply… ÷ divide… ÷ 10^precision + offset`.
struct Scaling: Sendable {
    var multiply: [Operand] = []
    var divide: [Operand] = []
    var precision: ColumnReference?
    var offset = 0.0
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
    var value: ColumnReference
    var scaling = Scaling()
    /// Raw value to what it means; for the class `state` only.
    var states: [String: State] = [:]
}

/// Processors, memory pools or storage volumes, one a row.
struct GaugeDefinition: Sendable {
    var kind: Gauge.Kind
    var source: RowSource
    var name: [NameTemplate]
    var type: ColumnReference?
    var percent: ColumnReference?
    var used: ColumnReference?
    var free: ColumnReference?
    var total: ColumnReference?
    /// Bytes that one unit of `used`, `free` and `total` stands for.
    var unit: Operand = .constant(1)
    /// Rows of the same table whose `used` is no real use: caches within the memory.
    var less: [RowCondition] = []
    /// Rows of the same table of which the first tells the total.
    var totalOf: [RowCondition] = []

    /// The column that names the gauge's instance.
    var anchor: ColumnReference? { percent ?? used ?? free ?? total }
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
    var fields: [(field: FactField, text: NameTemplate)] = []
}

enum FactField: String, CaseIterable, Sendable {
    case os, vendor, kind, model, version, serial, features
}
