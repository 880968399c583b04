import ServiceLifecycle

/// Asks those parts how they are that can only be asked from asynchronous code.
struct VitalsService: Service {
    let vitals: Vitals

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await vitals.refresh()
                try? await Task.sleep(for: .seconds(2))
            }
        }
    }
}
