/// Why bytes are not what they should be, naming the field; no value of this type holds a byte of the packet.
@usableFromInline
package enum WireError: Error, Hashable, Sendable {
    /// The bytes end before the field does.
    case truncated(field: StaticName, needed: Int, available: Int)
    /// A length that no valid message has.
    case impossibleLength(field: StaticName, claimed: Int, available: Int)
    /// A value that the field may not have.
    case unexpected(field: StaticName, value: Int)
}

extension WireError: CustomStringConvertible {
    @usableFromInline package var description: String {
        switch self {
        case .truncated(let field, let needed, let available): "\(field): needs \(needed) bytes, \(available) are there"
        case .impossibleLength(let field, let claimed, let available): "\(field): claims \(claimed) bytes of \(available)"
        case .unexpected(let field, let value): "\(field): \(value) is not possible"
        }
    }
}

/// A field's name, known when compiling: making one allocates nothing.
@usableFromInline
package struct StaticName: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    let text: StaticString

    @usableFromInline package init(stringLiteral text: StaticString) { self.text = text }

    @usableFromInline package var description: String { text.description }

    @usableFromInline package static func == (left: StaticName, right: StaticName) -> Bool {
        left.description == right.description
    }
    @usableFromInline package func hash(into hasher: inout Hasher) { hasher.combine(description) }
}
