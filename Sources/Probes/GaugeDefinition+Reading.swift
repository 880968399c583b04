import Campus

extension GaugeDefinition {
    struct Value {
        var percent: Double?
        var used: UInt64?
        var total: UInt64?
    }

    /// The rows that tell a share or a size, with it.
    func values(_ tables: [AnswerTable]) -> [(row: Row, value: Value)] {
        let all = less.isEmpty && totalOf.isEmpty ? [] : RowSource(table: source.table).rows(tables)
        let cached = all.filter { row in less.contains { $0.holds(in: row) } }
        let whole = all.first { row in totalOf.contains { $0.holds(in: row) } }
        return source.rows(tables).compactMap { row in
            value(of: row, cached: cached, whole: whole).map { (row, $0) }
        }
    }

    private func value(of row: Row, cached: [Row], whole: Row?) -> Value? {
        if let percent {
            guard let share = row.number(percent), share >= 0, share <= 100 else { return nil }
            return Value(percent: share)
        }
        let total = whole.flatMap { bytes($0, self.total) } ?? bytes(row, self.total)
        guard var used = bytes(row, self.used) ?? total.flatMap({ total in bytes(row, free).map { total - $0 } }) else {
            return nil
        }
        let caches = cached.compactMap { bytes($0, self.used) }.reduce(0, +)
        if caches <= used { used -= caches }
        guard let total, total > 0, used >= 0, total < 0x1p62, used < total * 2 else { return nil }
        let share = min(100, used / total * 100)
        return Value(percent: kind == .supply ? 100 - share : share, used: UInt64(used), total: UInt64(total))
    }

    /// A size in bytes. HOST-RESOURCES-MIB counts in 32 bits with a sign, and agents let large volumes run over into the
    /// negative: 2^32 more is what they mean.
    private func bytes(_ row: Row, _ column: ColumnReference?) -> Double? {
        guard let column, let count = row.number(column), let unit = row.value(unit), unit > 0, count >= -0x1p31 else {
            return nil
        }
        return (count < 0 ? count + 0x1p32 : count) * unit
    }

    /// Every gauge of the table, named.
    func readings(_ tables: [AnswerTable]) -> [Gauge] {
        guard let anchor else { return [] }
        return values(tables).enumerated().map { position, entry in
            let name = name.lazy.compactMap { $0.text(entry.row, number: position + 1) }.first
            return Gauge(
                kind: kind, name: name ?? "\(kind.rawValue) \(position + 1)", type: type.flatMap { entry.row.text($0) },
                usedPercent: entry.value.percent, usedBytes: entry.value.used, totalBytes: entry.value.total,
                oid: entry.row.identifier(anchor))
        }
    }
}

extension Gauge {
    /// The same gauge with what a later poll says of it.
    func updated(by value: GaugeDefinition.Value) -> Gauge {
        var gauge = self
        gauge.usedPercent = value.percent
        gauge.usedBytes = value.used
        gauge.totalBytes = value.total
        return gauge
    }
}
