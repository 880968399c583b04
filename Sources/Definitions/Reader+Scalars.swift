extension Reader {
    /// The plain values of a mapping whose keys are the user's own: name, text, whether it was quoted, and its place.
    package func scalars(_ key: String) -> [(name: String, text: String, quoted: Bool, element: Element)] {
        guard let reader = mapping(key) else { return [] }
        return reader.names.compactMap { name in
            guard let element = reader.element(name) else { return nil }
            guard case .scalar(let text, let quoted) = element.value, !element.isNull else {
                complain(element, "`\(name)` holds \(element.kind)", "write one number or text")
                return nil
            }
            return (name, text, quoted, element)
        }
    }
}
