/// libFuzzer's entry: the first byte chooses the parser, the rest is its input.
@c(LLVMFuzzerTestOneInput)
func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    guard let start = unsafe start, count > 1 else { return 0 }
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    let bytes = input.span.extracting(1..<count)
    let parsers: [(Span<UInt8>) -> Void] = [
        WireFuzz.link, WireFuzz.network, WireFuzz.transport, WireFuzz.arp, WireFuzz.dhcp, WireFuzz.dns, WireFuzz.tls,
        WireFuzz.http,
        WireFuzz.snmp, WireFuzz.ssh, AnalyserFuzz.frames, SNMPFuzz.response, SNMPFuzz.notification,
    ]
    parsers[Int(input[0]) % parsers.count](bytes)
    return 0
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<Int32>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ one: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// SwiftPM calls an executable's main by this name.
@c(Fuzz_main)
func fuzzMain(_ count: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> Int32 {
    var count = count
    var arguments = unsafe arguments
    return unsafe runDriver(&count, &arguments, fuzzOne)
}
