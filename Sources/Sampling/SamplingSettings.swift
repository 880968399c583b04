import Capture
package import Traffic

/// One configured capture.
package struct SamplingSettings: Hashable, Sendable {
    package var interface: String
    /// Bytes kept of each frame.
    package var snapLength = 512
    /// An expression of pcap-filter(7); empty for all frames.
    package var filter = ""
    /// The ring between capture and analyser, in bytes; rounded up to a power of two.
    package var ringBytes = 16 << 20
    /// The kernel's buffer, in bytes.
    package var bufferBytes = 32 << 20
    package var analyser = SamplingSettings.liveAnalyser
    package var detectors = DetectorSettings()
    package var summary = MinuteSummary.Settings()
    /// How often the accounting is stored.
    package var accountingInterval = Duration.seconds(5)

    package init(interface: String) { self.interface = interface }

    /// A live analyser keeps fewer flows than one that reads a file as fast as it can.
    private static var liveAnalyser: AnalyserSettings {
        var settings = AnalyserSettings()
        settings.maximumFlows = 1 << 18
        return settings
    }

    var capture: CaptureSettings {
        var settings = CaptureSettings(interface: interface)
        settings.snapLength = snapLength
        settings.filter = filter
        settings.ringBytes = ringBytes
        settings.bufferBytes = bufferBytes
        return settings
    }
}
