package import Campus

/// What verification of an alert log found.
package struct AlertLogReport: Hashable, Sendable {
    package enum Finding: Hashable, Sendable {
        /// The line is no alert line, or differs from what the store says happened.
        case changed(line: Int, what: String)
        /// The line's hash of the line before does not fit: that line was changed, or lines between were removed.
        case broken(line: Int)
        /// Numbers that ought to stand before this line.
        case missing(line: Int, first: Int64, last: Int64)
        /// The last line was never finished; opening the log repairs it.
        case tornTail(line: Int)
        /// The store has events after the last line: the end was cut off, or could not be written.
        case cutTail(after: Int64, newest: Int64)
        /// The log has events that the store does not know.
        case unknownToStore(line: Int, sequence: Int64)
    }

    package var path: String
    package var lines = 0
    package var firstSequence: Int64?
    package var lastSequence: Int64 = 0
    package var findings: [Finding] = []
    /// How many findings there are in all; `findings` holds the first `longestList`.
    package var findingCount = 0

    static let longestList = 100

    package init(path: String) { self.path = path }

    package var isIntact: Bool { findingCount == 0 }

    mutating func add(_ finding: Finding) {
        findingCount += 1
        if findings.count < Self.longestList { findings.append(finding) }
    }

    /// One line for each finding after a summary.
    package func text(_ language: Language) -> String {
        let zh = language == .zh
        let range = "\(firstSequence.map { String($0) } ?? "-")–\(lastSequence)"
        let verdict = isIntact ? (zh ? "完整" : "intact") : (zh ? "\(findingCount) 处异常" : "\(findingCount) findings")
        let head = zh ? "\(path)：\(lines) 行，序号 \(range)，\(verdict)" : "\(path): \(lines) lines, sequence \(range), \(verdict)"
        return ([head] + findings.map { "  " + $0.text(language) }).joined(separator: "\n")
    }
}

extension AlertLogReport.Finding {
    package func text(_ language: Language) -> String {
        let zh = language == .zh
        switch self {
        case .changed(let line, let what):
            return zh ? "第 \(line) 行被改动：\(what)" : "line \(line) was changed: \(what)"
        case .broken(let line):
            return zh ? "第 \(line) 行与前一行的哈希不符" : "line \(line) does not continue the line before it"
        case .missing(let line, let first, let last):
            return zh ? "第 \(line) 行之前缺少序号 \(first)–\(last)" : "sequence \(first)–\(last) is missing before line \(line)"
        case .tornTail(let line):
            return zh ? "第 \(line) 行未写完（下次启动自动修复）" : "line \(line) was torn off (the next start repairs it)"
        case .cutTail(let after, let newest):
            return zh ? "尾部被截断：序号 \(after) 之后，库中还有到 \(newest)" : "the tail was cut: after \(after) the store goes on to \(newest)"
        case .unknownToStore(let line, let sequence):
            return zh
                ? "第 \(line) 行的序号 \(sequence) 在库中不存在" : "line \(line) has sequence \(sequence), which the store does not know"
        }
    }

    /// The word for machines.
    package var kind: String {
        switch self {
        case .changed: "changed"
        case .broken: "broken_chain"
        case .missing: "missing"
        case .tornTail: "torn_tail"
        case .cutTail: "cut_tail"
        case .unknownToStore: "unknown_to_store"
        }
    }
}
