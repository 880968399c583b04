/// One sentence in both languages with placeholders.
package struct BilingualTemplate: Hashable, Sendable {
    package var zh: MessageTemplate
    package var en: MessageTemplate

    package init(zh: MessageTemplate, en: MessageTemplate) {
        self.zh = zh
        self.en = en
    }

    package var columns: Set<String> { zh.columns.union(en.columns) }

    package func filled(from row: [String: ColumnValue]) -> Bilingual {
        Bilingual(zh: zh.filled(from: row), en: en.filled(from: row))
    }
}
