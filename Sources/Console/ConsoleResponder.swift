import Campus
import Evidence
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Reporting

/// Answers every request of the console: reading only, and only for those who asked for this host by its own name.
struct ConsoleResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    private let settings: ConsoleSettings
    private let sources: ConsoleSources
    private let cache: SnapshotCache
    private let queue = ReadingQueue()
    private let store: EvidenceStore
    private let guarding: HostGuard

    init(settings: ConsoleSettings, store: EvidenceStore, titles: ConsoleTitles, sources: ConsoleSources) {
        self.settings = settings
        self.sources = sources
        self.store = store
        cache = SnapshotCache(reader: SnapshotReader(store: store, titles: titles))
        guarding = HostGuard(listening: settings.host)
    }

    func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
        if let refusal = refusal(of: request) { return refusal }
        var response = await answer(request)
        if request.method == .head {
            // The length that GET would have, and nothing else (RFC 9110 §9.3.2).
            response.body = ResponseBody(contentLength: response.body.contentLength) { writer in try await writer.finish(nil) }
        }
        return response
    }

    /// What is refused before anything is read.
    private func refusal(of request: Request) -> Response? {
        // RFC 9110 §7.4: a name that is not ours, e.g. of a page that points its own name at this address (DNS rebinding).
        guard guarding.accepts(request.head.authority) else {
            return .plain(
                .misdirectedRequest, "misdirected request: this console answers to its address, localhost and the host's name\n")
        }
        guard request.method == .get || request.method == .head else {
            var response = Response.plain(.methodNotAllowed, "method not allowed: the console only reads\n")
            response.headers[.allow] = "GET, HEAD"
            return response
        }
        guard request.uri.description.utf8.count <= 2048 else { return .plain(.uriTooLong, "uri too long: 2048 bytes at most\n") }
        let hasBody = request.headers[.transferEncoding] != nil || (request.headers[.contentLength] ?? "0") != "0"
        return hasBody ? .plain(.contentTooLarge, "content too large: send no body\n") : nil
    }

    private func answer(_ request: Request) async -> Response {
        switch request.uri.path {
        case "/campanile.css": .text(Stylesheet.text, type: "text/css; charset=utf-8", cached: true)
        case "/campanile.js": .text(Stylesheet.script, type: "text/javascript; charset=utf-8", cached: true)
        case "/campanile.svg", "/favicon.ico": .text(Stylesheet.icon, type: "image/svg+xml", cached: true)
        case "/healthz": health()
        default: await queue.run { read(request) }
        }
    }

    /// What takes queries over all interfaces, on the reading queue.
    private func read(_ request: Request) -> Response {
        switch request.uri.path {
        case "/": page(request)
        case "/live": live(request)
        case "/metrics": .text(Metric.exposition(sources.metrics()), type: "text/plain; version=0.0.4; charset=utf-8")
        case let path where path.hasPrefix("/api/"): api(String(path.dropFirst(5)))
        default: .plain(.notFound, "not found: see / /healthz /metrics /api/devices\n")
        }
    }

    // MARK: Pages

    private func page(_ request: Request) -> Response {
        let language = language(of: request)
        var response = Response.text(page(language).document.markup, type: "text/html; charset=utf-8")
        if request.uri.queryParameters["lang"] != nil {
            response.headers[.setCookie] = "lang=\(language.rawValue); Path=/; Max-Age=31536000; SameSite=Strict; HttpOnly"
        }
        return response
    }

    private func live(_ request: Request) -> Response {
        .text(page(language(of: request)).refresh.markup, type: "text/html; charset=utf-8")
    }

    private func page(_ language: Language) -> Page {
        let snapshot = cache.snapshot(at: Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)))
        return Page(
            snapshot: snapshot, siteName: settings.siteName, language: language, time: LocalTime(zoneName: settings.timeZone))
    }

    /// What the address says, else what the reader chose before, else the site's.
    private func language(of request: Request) -> Language {
        if let asked = request.uri.queryParameters["lang"].flatMap({ Language(rawValue: String($0)) }) { return asked }
        let cookies = (request.headers[.cookie] ?? "").split(separator: ";").map { $0.filter { $0 != " " } }
        return cookies.first { $0.hasPrefix("lang=") }.flatMap { Language(rawValue: String($0.dropFirst(5))) }
            ?? settings.language
    }

    // MARK: For programs

    private func health() -> Response {
        let checks = sources.health()
        let isHealthy = checks.allSatisfy { $0.problem == nil }
        let json = JSONValue.members([
            "status": .text(isHealthy ? "ok" : "failing"),
            "checks": .array(
                checks.map {
                    .members(["name": .text($0.name), "ok": .bool($0.problem == nil), "problem": .optional($0.problem)])
                }),
        ])
        return .text(
            json.serialised(pretty: true) + "\n", type: "application/json", status: isHealthy ? .ok : .serviceUnavailable)
    }

    private static let tables = [
        "devices":
            "SELECT d.id, d.name, d.address, d.layer, d.place, n.state, n.since, n.reason, n.seen_at, n.latency_ms, n.uptime_s FROM device d LEFT JOIN device_now n ON n.device = d.id WHERE d.declared = 1 ORDER BY d.name LIMIT 5000",
        "interfaces":
            "SELECT subject, device_name, name, alias, admin, oper, speed_bps, in_bps, out_bps, utilisation, gap, seen_at FROM interface_rate LIMIT 20000",
        "captures": "SELECT * FROM capture_now",
        "alerts":
            "SELECT id, rule, subject, severity, state, started_at, firing_at, message_zh, message_en, dengbao FROM alert WHERE state IN ('pending', 'firing', 'acknowledged') ORDER BY started_at LIMIT 5000",
        "verdicts":
            "SELECT item, system, subject, verdict, reason_zh, reason_en, coverage, at FROM verdict JOIN (SELECT item, system, max(at) AS at FROM verdict GROUP BY item, system) USING (item, system, at) LIMIT 20000",
    ]

    private func api(_ name: String) -> Response {
        guard let sql = ConsoleResponder.tables[name] else {
            return .plain(.notFound, "not found: one of \(ConsoleResponder.tables.keys.sorted().joined(separator: ", "))\n")
        }
        do {
            let table = try store.select(sql, limits: QueryLimits(time: .seconds(5), rows: 20_000))
            return .text(TableReport.json(table).serialised() + "\n", type: "application/json")
        } catch {
            return .plain(.serviceUnavailable, "\(error)\n")
        }
    }
}

extension Response {
    /// No script, style, frame or connection but our own; nothing is guessed, framed, referred or kept.
    private static let protection: [(HTTPField.Name, String)] = [
        (
            .contentSecurityPolicy,
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ),
        (.xContentTypeOptions, "nosniff"),
    ]

    static func text(_ text: String, type: String, cached: Bool = false, status: HTTPResponse.Status = .ok) -> Response {
        var headers = HTTPFields()
        for (name, value) in protection { headers[name] = value }
        for (name, value) in [
            ("X-Frame-Options", "DENY"), ("Referrer-Policy", "no-referrer"), ("Cross-Origin-Resource-Policy", "same-origin"),
        ] {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        headers[.contentType] = type
        headers[.cacheControl] = cached ? "max-age=86400" : "no-store"
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    static func plain(_ status: HTTPResponse.Status, _ text: String) -> Response {
        .text(text, type: "text/plain; charset=utf-8", status: status)
    }
}
