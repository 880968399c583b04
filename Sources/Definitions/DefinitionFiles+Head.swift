import Foundation

extension DefinitionFiles {
    /// What stands at the top of a file with one document, up to the first key that is none of `keys`; nil where the file cannot be
    /// read so: it has several documents, a mistake, or does not begin with these keys.
    package static func head(of path: String, keys: Set<String>) -> Element? {
        guard let data = FileManager.default.contents(atPath: path), let text = String(validating: data, as: UTF8.self) else {
            return nil
        }
        var head = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("---") || line.hasPrefix("%") { return nil }
            if let first = line.first, first != " ", first != "#", first != "}", first != "]" {
                guard let colon = line.firstIndex(of: ":") else { return nil }
                if !keys.contains(String(line[..<colon])) { break }
            }
            head += line + "\n"
        }
        guard !text.contains("\n---") else { return nil }
        return try? Element.documents(in: head, file: path).first
    }
}
