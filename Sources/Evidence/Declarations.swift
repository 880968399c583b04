package import Campus

/// A campus, building or room.
package struct Place: Hashable, Sendable {
    /// `图书馆/机房`
    package var id: String
    package var campus: String
    package var building: String
    package var room: String

    package init(id: String, campus: String = "", building: String = "", room: String = "") {
        self.id = id
        self.campus = campus
        self.building = building
        self.room = room
    }
}

/// 责任部门, 责任人.
package struct Owner: Hashable, Sendable {
    package var id: String
    package var department: String
    package var person: String

    package init(id: String, department: String = "", person: String = "") {
        self.id = id
        self.department = department
        self.person = person
    }
}

/// A line to the outside with the bandwidth that was bought, in bit/s.
package struct CampusExit: Hashable, Sendable {
    package var id: String
    package var device: DeviceID
    /// The interface's name on the device.
    package var interface: String
    package var provider: String
    package var contractedDown: UInt64?
    package var contractedUp: UInt64?

    package init(
        id: String, device: DeviceID, interface: String, provider: String = "", contractedDown: UInt64? = nil,
        contractedUp: UInt64? = nil
    ) {
        self.id = id
        self.device = device
        self.interface = interface
        self.provider = provider
        self.contractedDown = contractedDown
        self.contractedUp = contractedUp
    }
}

/// An information system with its 等保 level, 2 or 3.
package struct InformationSystem: Hashable, Sendable {
    package var id: String
    package var name: String
    package var level: Int

    package init(id: String, name: String, level: Int) {
        self.id = id
        self.name = name
        self.level = level
    }
}

/// A term, holiday, maintenance window or stretch of working hours.
package struct CalendarEntry: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case term, holiday, maintenance
        case workingHours = "working_hours"
    }

    package var kind: Kind
    package var start: Timestamp
    package var end: Timestamp
    /// What it is about; empty for everything.
    package var scope: String
    package var note: String

    package init(kind: Kind, start: Timestamp, end: Timestamp, scope: String = "", note: String = "") {
        self.kind = kind
        self.start = start
        self.end = end
        self.scope = scope
        self.note = note
    }
}

/// What the store knows of a device that a configuration names by address.
package struct KnownDevice: Hashable, Sendable {
    package var id: DeviceID
    package var address: IPAddress
    package var port: UInt16
    package var engineID: String?

    package init(id: DeviceID, address: IPAddress, port: UInt16, engineID: String? = nil) {
        self.id = id
        self.address = address
        self.port = port
        self.engineID = engineID
    }
}

/// A device's counters as last stored, from which rates go on after a restart.
package struct LastSamples: Sendable {
    package var samples: [InterfaceSample]
    package var at: Timestamp
    /// sysUpTime in seconds.
    package var uptime: Double?

    package init(samples: [InterfaceSample], at: Timestamp, uptime: Double?) {
        self.samples = samples
        self.at = at
        self.uptime = uptime
    }
}
