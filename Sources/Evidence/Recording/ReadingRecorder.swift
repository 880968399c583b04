import Campus
import GRDB

/// Gives sensors and gauges their numbers and follows their states.
enum ReadingRecorder {
    static func readings(of poll: DevicePoll, _ device: inout DeviceMemory, _ db: Database) throws -> [PackedReading] {
        var readings: [PackedReading] = []
        readings.reserveCapacity(poll.sensors.count + poll.gauges.count)
        let t = poll.startedAt.milliseconds
        for sensor in poll.sensors {
            let key = ReadingKey.sensor(sensor.sensorClass, sensor.oid)
            if device.readings[key] == nil { try meet(sensor, key, &device, at: t, db) }
            guard var memory = device.readings[key] else { continue }
            let state = SensorState.number(sensor.state)
            if memory.since == nil || memory.state != state {
                memory.state = state
                memory.since = t
                device.readings[key] = memory
            }
            var reading = PackedReading(number: memory.number, value: sensor.value.flatMap { $0.isFinite ? $0 : nil })
            reading.state = state
            reading.raw = sensor.raw
            reading.text = sensor.text
            reading.since = memory.since
            readings.append(reading)
        }
        for gauge in poll.gauges {
            let key = ReadingKey.gauge(gauge.kind, gauge.oid)
            if device.readings[key] == nil { try meet(gauge, key, &device, at: t, db) }
            guard let memory = device.readings[key] else { continue }
            let percent = gauge.usedPercent.flatMap { $0.isFinite ? ($0 * 100).rounded() / 100 : nil }
            var reading = PackedReading(number: memory.number, value: percent)
            reading.used = gauge.usedBytes
            reading.total = gauge.totalBytes
            readings.append(reading)
        }
        return readings
    }

    private static func meet(_ sensor: SensorReading, _ key: ReadingKey, _ device: inout DeviceMemory, at: Int64, _ db: Database)
        throws
    {
        let number = device.nextReading
        try db.run(
            """
            INSERT INTO sensor (device, id, class, name, unit, number, first_seen) VALUES (?, ?, ?, ?, ?, ?, ?)
            """, device.id.text, sensor.id, sensor.sensorClass.rawValue, sensor.name, sensor.sensorClass.unit, Int64(number), at)
        device.readings[key] = ReadingMemory(number: number)
        device.nextReading += 1
    }

    private static func meet(_ gauge: Gauge, _ key: ReadingKey, _ device: inout DeviceMemory, at: Int64, _ db: Database) throws {
        let number = device.nextReading
        try db.run(
            "INSERT INTO gauge (device, id, kind, name, type, number, first_seen) VALUES (?, ?, ?, ?, ?, ?, ?)", device.id.text,
            gauge.id,
            gauge.kind.rawValue, gauge.name, gauge.type, Int64(number), at)
        device.readings[key] = ReadingMemory(number: number)
        device.nextReading += 1
    }
}

extension SensorState {
    /// By place, from 1; 0 for none.
    static func number(_ state: SensorState?) -> UInt8 {
        switch state {
        case nil: 0
        case .ok: 1
        case .warning: 2
        case .critical: 3
        case .unknown: 4
        }
    }

    init?(number: UInt8) {
        switch number {
        case 1: self = .ok
        case 2: self = .warning
        case 3: self = .critical
        case 4: self = .unknown
        default: return nil
        }
    }
}
