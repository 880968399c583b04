package import Campus

/// The JSON of `probe HOST --json`: one object, a member that the device does not have is absent.
package enum DeviceExport {
    /// One poll of one device as a single line of JSON without a line feed; `duration` from the first to the last PDU.
    package static func json(
        _ report: DeviceReport, host: String, port: UInt16, polledAt: Timestamp, duration: Duration, pdus: Int
    ) -> String {
        "{}"
    }
}
