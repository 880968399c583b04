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
        var found = source.rows(tables).compactMap { row in
            value(of: row, cached: cached, whole: whole).map { (row: row, value: $0) }
        }
        if let combination {
            let shares = combination.combined(found.compactMap { entry in entry.value.percent.map { (entry.row, $0) } })
            found = shares.map { ($0.row, Value(percent: min(100, $0.value))) }
        }
        return limit.map { Array(found.prefix($0)) } ?? found
    }

    private func value(of row: Row, cached: [Row], whole: Row?) -> Value? {
        if let percent {
            guard let share = row.value(percent).flatMap({ scaling.applied(to: $0, in: row) }), share >= 0, share <= 100 else {
                return nil
            }
            guard let total = bytes(row, self.total), total > 0, total < 0x1p62 else { return Value(percent: share) }
            return Value(percent: share, used: UInt64(total * share / 100), total: UInt64(total))
        }
        let total = whole.flatMap { bytes($0, self.total) } ?? bytes(row, self.total)
        guard var used = bytes(row, self.used) ?? total.flatMap({ total in bytes(row, free).map { total - $0 } }) else {
            return nil
        }
        let caches = cached.compactMap { bytes($0, self.used) }.reduce(0, +)
        if caches <= used { used -= caches }
        guard let total = total ?? bytes(row, free).map({ used + $0 }), total > 0, used >= 0, total < 0x1p62, used < total * 2
        else { return nil }
        let share = min(100, used / total * 100)
        return Value(percent: kind == .supply ? 100 - share : share, used: UInt64(used), total: UInt64(total))
    }

    /// A size in bytes. HOST-RESOURCES-MIB counts in 32 bits with a sign, and agents let large volumes run over into the
    /// negative: 2^32 more is what they mean.
    private func bytes(_ row: Row, _ size: Operand?) -> Double? {
        guard let size, let count = row.value(size), let unit = row.value(unit), unit > 0, count >= -0x1p31 else {
            return nil
        }
        return (count < 0 ? count + 0x1p32 : count) * unit
    }

    /// Every gauge of the table, named.
    func readings(_ tables: [AnswerTable]) -> [Gauge] {
        guard let anchor else { return [] }
        let found = values(tables)
        return found.enumerated().map { position, entry in
            let alone = found.count == 1 ? alone?.text(entry.row, number: 1) : nil
            let name = alone ?? name.lazy.compactMap { $0.text(entry.row, number: position + 1) }.first
            return Gauge(
                kind: kind, name: name ?? "\(kind.rawValue) \(position + 1)",
                type: type.flatMap { $0.text(entry.row, number: position + 1) },
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
