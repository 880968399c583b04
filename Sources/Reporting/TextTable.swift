/// Rows under a heading, for people at a terminal: columns are aligned by display width, numbers to the right.
package struct TextTable: Sendable {
    package var columns: [String]
    package var rows: [[String]]
    /// Columns whose cells are numbers, aligned to the right.
    package var numeric: Set<Int>
    /// The widest a column gets before its cells are cut with `…`.
    package var cellLimit: Int

    package init(columns: [String], rows: [[String]] = [], numeric: Set<Int> = [], cellLimit: Int = 60) {
        self.columns = columns
        self.rows = rows
        self.numeric = numeric
        self.cellLimit = cellLimit
    }

    /// The heading, a rule and one line a row, each ended by a newline; a table without columns is empty.
    package var text: String {
        guard !columns.isEmpty else { return "" }
        let cells = ([columns] + rows).map { row in row.map { $0.printable.truncated(to: cellLimit) } }
        let widths = columns.indices.map { column in
            cells.reduce(0) { max($0, column < $1.count ? $1[column].displayWidth : 0) }
        }
        var lines = cells.map { line($0, widths) }
        lines.insert(widths.map { String(repeating: "─", count: $0) }.joined(separator: "  "), at: 1)
        return lines.joined(separator: "\n") + "\n"
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        let parts = widths.indices.map { column in
            (column < cells.count ? cells[column] : "").padded(to: widths[column], alignRight: numeric.contains(column))
        }
        var line = parts.joined(separator: "  ")
        while line.hasSuffix(" ") { line.removeLast() }
        return line
    }
}
