import Campus
import Foundation
import Probes

/// A walk in a file (`OID|TAG|VALUE`, the snmprec format of snmpsim) that answers requests as an agent would.
struct Recording {
    private(set) var rows: [(name: ObjectIdentifier, value: SNMPValue)] = []

    init(_ rows: [(name: ObjectIdentifier, value: SNMPValue)]) { self.rows = rows }

    /// By what stands after the `@` of the community, the same device in another context: `walk@60.snmprec`.
    private(set) var contexts: [String: Recording] = [:]

    /// The walk of one folder, with those of its contexts.
    init(folder: String) throws {
        try self.init(file: "\(folder)/walk.snmprec")
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name.hasPrefix("walk@") {
            contexts[String(name.dropFirst("walk@".count).dropLast(".snmprec".count))] = try Recording(file: "\(folder)/\(name)")
        }
    }

    private init(file: String) throws {
        for line in try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n") {
            let fields = line.split(separator: "|", maxSplits: 2, omittingEmptySubsequences: false).map { String($0) }
            guard fields.count == 3, let name = ObjectIdentifier(fields[0]),
                let value = SNMPValue(tag: fields[1], text: fields[2])
            else {
                throw RecordingError(line: String(line))
            }
            rows.append((name, value))
        }
        rows.sort { $0.name < $1.name }
    }

    /// What a GET or a walk of all columns side by side brings, row by row as GETBULK does.
    func answer(_ request: TableRequest) -> VariableBindings {
        var bindings = VariableBindings()
        switch request.kind {
        case .scalars(let names):
            for name in names {
                bindings.append(name: name.arcs, value: rows.first { $0.name == name }?.value ?? .noSuchInstance)
            }
        case .columns(let columns):
            let cells = columns.map { column in rows.filter { $0.name.starts(with: column) } }
            for row in 0..<(cells.map(\.count).max() ?? 0) {
                for column in cells where row < column.count {
                    bindings.append(name: column[row].name.arcs, value: column[row].value)
                }
            }
        }
        return bindings
    }

    /// What the device says before anything else is asked.
    func identity(_ library: ProbeLibrary) -> VariableBindings {
        var identity = answer(library.identityRequest)
        guard let more = library.presenceRequest(identity: identity).map({ answer($0) }) else { return identity }
        for binding in 0..<more.count { identity.append(name: more.name(binding), value: more.value(binding)) }
        return identity
    }

    func answers(_ requests: [TableRequest]) -> [VariableBindings] { requests.map { answer($0) } }

    /// What the device says in its contexts.
    func answers(_ requests: [ContextRequest]) -> [ContextAnswer] {
        requests.compactMap { request in
            contexts[request.communitySuffix].map { ContextAnswer(request, tables: $0.answers(request.requests)) }
        }
    }

    /// The same walk with other values, and without those for which there is none.
    func changed(_ change: (ObjectIdentifier, SNMPValue) -> SNMPValue?) -> Recording {
        var copy = self
        copy.rows = rows.compactMap { row in change(row.name, row.value).map { (row.name, $0) } }
        return copy
    }
}

struct RecordingError: Error {
    var line: String
}

extension SNMPValue {
    /// By the BER type's number as the files write it; `x` marks hexadecimal octets.
    fileprivate init?(tag: String, text: String) {
        switch tag {
        case "2": guard let number = Int64(text) else { return nil }; self = .integer(number)
        case "4": self = .octets(Array(text.utf8))
        case "4x":
            self = .octets(
                stride(from: 0, to: text.utf8.count, by: 2).compactMap { UInt8(text.dropFirst($0).prefix(2), radix: 16) })
        case "6": guard let name = ObjectIdentifier(text) else { return nil }; self = .objectIdentifier(name)
        case "64":
            guard let address = IPAddress(text), address.isIPv4 else { return nil }
            self = .ipAddress(UInt32(truncatingIfNeeded: address.low))
        case "65": guard let number = UInt32(text) else { return nil }; self = .counter32(number)
        case "66": guard let number = UInt32(text) else { return nil }; self = .gauge32(number)
        case "68x":
            guard case .octets(let octets)? = SNMPValue(tag: "4x", text: text) else { return nil }
            self = .opaque(octets)
        case "67": guard let number = UInt32(text) else { return nil }; self = .timeTicks(number)
        case "70": guard let number = UInt64(text) else { return nil }; self = .counter64(number)
        default: return nil
        }
    }
}
