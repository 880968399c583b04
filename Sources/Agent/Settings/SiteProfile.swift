package import Campus
package import Evidence
package import Indicators
package import Rules

/// What `site.yaml` tells of the site: where things are, whose they are, what may talk to what, when people work.
package struct SiteProfile: Sendable {
    /// A part of the network with rules of its own.
    package struct Zone: Hashable, Sendable {
        package var id: String
        package var name: String
        package var prefixes: [AddressPrefix]
        package var vlans: [Int]
        /// Zones that hosts of this one may open connections to.
        package var mayReach: [String]
        /// Whether devices are managed from here (等保 8.1.4.1-c reads SNMPv2c inside as partial).
        package var isManagement: Bool
    }

    /// A person with a duty: 系统管理员, 安全管理员, 审计管理员, or on call.
    package struct Duty: Hashable, Sendable {
        package enum Role: String, CaseIterable, Sendable { case system, security, audit, duty, leader }

        package var person: String
        package var role: Role
        package var contact: String
    }

    /// An information system as it is filed (定级备案).
    package struct System: Hashable, Sendable {
        package var id: String
        package var name: String
        /// 等保 level 1 to 4; 2 and 3 are judged.
        package var level: Int
        package var filing: String
        package var owner: String
        package var assessedOn: CivilDate?
        package var hosts: [AddressPrefix]
    }

    /// An exit whose device is still a name or an address.
    package struct Exit: Hashable, Sendable {
        package var id: String
        package var device: String
        package var interface: String
        package var provider: String
        package var contractedDown: UInt64?
        package var contractedUp: UInt64?
    }

    package var places: [Place] = []
    /// Whether site.yaml lists places, so that no others may be named.
    package var listsPlaces = false
    package var owners: [Owner] = []
    package var roster: [Duty] = []
    package var zones: [Zone] = []
    package var systems: [System] = []
    package var exits: [Exit] = []
    package var calendar = SiteCalendar()
    package var workingHours = WorkingHours()
    /// Terms, holidays and maintenance windows, as the table `calendar` has them.
    package var entries: [CalendarEntry] = []
    /// Heads and areas, which indicators divide by: `students`, `staff`, `building_m2`, with the year they were counted.
    package var figures: [String: Double] = [:]

    package init() {}

    /// Whether an address lies in a management zone.
    package func isManaged(_ address: IPAddress) -> Bool {
        zones.contains { $0.isManagement && $0.prefixes.contains { $0.contains(address) } }
    }
}
