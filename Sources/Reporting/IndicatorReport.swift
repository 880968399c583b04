package import Campus
package import Evidence

/// Indicator records as consumers take them: the columns of the table `indicator_value`, with instants in RFC 3339.
package enum IndicatorReport {
    private static let instants: Set = ["period_start", "period_end", "computed_at"]

    /// The records as rows of `indicator_value`.
    package static func table(_ values: [IndicatorValue]) -> ResultTable {
        let real = { (number: Double?) in number.map { EvidenceValue.real($0) } ?? .null }
        let columns = [
            "indicator", "scope", "period", "period_start", "period_end", "value", "numerator", "denominator", "valid_samples",
            "expected_samples", "coverage", "status", "method_version", "rule_version", "sources", "computed_at", "input_digest",
        ]
        return ResultTable(
            columns: columns,
            rows: values.map { value in
                [
                    .text(value.indicator), .text(value.scope), .text(value.period), .integer(value.periodStart.milliseconds),
                    .integer(value.periodEnd.milliseconds), real(value.value), real(value.numerator), real(value.denominator),
                    real(value.validSamples), real(value.expectedSamples), real(value.coverage), .text(value.status.rawValue),
                    .text(value.methodVersion), .text(value.ruleVersion), .text(value.sources.joined(separator: " ")),
                    .integer(value.computedAt.milliseconds), .text(value.inputDigest),
                ]
            })
    }

    /// `records` with its instants written out in the site's zone.
    package static func readable(_ records: ResultTable, time: LocalTime) -> ResultTable {
        var readable = records
        for column in records.columns.indices where instants.contains(records.columns[column]) {
            for row in records.rows.indices {
                guard let milliseconds = records.rows[row][column].int64 else { continue }
                readable.rows[row][column] = .text(time.rfc3339(Timestamp(milliseconds: milliseconds)))
            }
        }
        return readable
    }

    /// RFC 4180, one record a line.
    package static func csv(_ records: ResultTable, time: LocalTime) -> String {
        TableReport.csv(readable(records, time: time))
    }

    /// A list with one object a record; what is not known is `null`.
    package static func json(_ records: ResultTable, time: LocalTime) -> JSONValue {
        TableReport.json(readable(records, time: time))
    }
}
