/// One mistake in a file that a person wrote: where it is, what is wrong, what to do.
package struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
    package let file: String
    package let line: Int
    package let column: Int
    package let what: String
    package let remedy: String

    package init(file: String, line: Int, column: Int, what: String, remedy: String) {
        self.file = file
        self.line = line
        self.column = column
        self.what = what
        self.remedy = remedy
    }

    /// `file:line:column: what: remedy`, as compilers do, so that editors can jump there.
    package var description: String { "\(file):\(line):\(column): \(what): \(remedy)" }
}

/// Collects all the problems of a load, so that a person sees every mistake at once.
package final class Problems {
    package private(set) var all: [Problem] = []

    package init() {}

    package var isEmpty: Bool { all.isEmpty }

    package func add(_ problem: Problem) { all.append(problem) }
}
