package import Campus
package import Reporting

/// The page: a frame around sections, each a function from a snapshot to markup.
package struct Page: Sendable {
    package let snapshot: Snapshot
    package let siteName: String
    package let language: Language
    package let time: LocalTime
    let words: Words

    package init(snapshot: Snapshot, siteName: String, language: Language, time: LocalTime) {
        self.snapshot = snapshot
        self.siteName = siteName
        self.language = language
        self.time = time
        words = Words(language: language)
    }

    /// The whole document.
    package var document: HTML {
        let other: HTML =
            language == .zh ? "<a href=\"/?lang=en\" lang=\"en\">English</a>" : "<a href=\"/?lang=zh\" lang=\"zh\">中文</a>"
        return """
            <!doctype html>
            <html lang="\(language == .zh ? "zh-CN" : "en")">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(words("钟楼", "Campanile")) · \(siteName)</title>
            <link rel="stylesheet" href="/campanile.css?\(Stylesheet.version)">
            <link rel="icon" href="/campanile.svg" type="image/svg+xml">
            </head>
            <body>
            <header><h1>\(words("钟楼 Campanile", "Campanile"))</h1><span class="site">\(siteName)</span>
            <span id="link" role="status" data-lost="\(words("与代理失去联系，自", "no answer from the agent since"))"></span>
            <nav><span id="clock">\(time.text(snapshot.at))</span><a href="/healthz">\(words("健康", "health"))</a>\
            <a href="/metrics">\(words("指标", "metrics"))</a>\(other)</nav></header>
            \(live)
            <footer><span>\(words("时区", "time zone")) \(time.zoneName)</span>\
            <span>\(words("空白表示未知，不表示零。", "A blank means not known, never zero."))</span>\
            <span>\(words("每五秒更新", "updated every five seconds"))</span></footer>
            <script src="/campanile.js?\(Stylesheet.version)" defer></script>
            </body>
            </html>

            """
    }

    /// The part that is fetched anew.
    package var live: HTML {
        """
        <main>
        \(failures)\(tiles)
        \(alerts)
        \(devices)
        \(interfaces)
        \(traffic)
        \(talkers)
        \(observations)
        \(items)
        \(indicators)
        </main>
        """
    }

    /// What the script fetches: the live part with its clock.
    package var refresh: HTML { "\(live)<span id=\"clock\">\(time.text(snapshot.at))</span>" }

    private var failures: HTML {
        guard !snapshot.failures.isEmpty else { return "" }
        return
            "<section><h2><span class=\"badge bad\">\(words("读取失败", "could not be read"))</span></h2>\(snapshot.failures.map { "<p>\($0)</p>" as HTML })</section>"
    }

    // MARK: Parts that several sections share

    func badge(_ state: (word: String, tone: Words.Tone)) -> HTML {
        "<span class=\"badge \(state.tone.rawValue)\">\(state.word)</span>"
    }

    func section(_ title: String, note: String = "", isHalf: Bool = false, _ body: HTML) -> HTML {
        "<section\(isHalf ? " class=\"half\"" as HTML : "")><h2>\(title) <small>\(note)</small></h2>\(body)</section>"
    }

    /// A table; a heading that ends in `#` is a column of numbers.
    func table(_ headings: [String], _ rows: [HTML], ifEmpty: String) -> HTML {
        guard !rows.isEmpty else { return "<p class=\"empty\">\(ifEmpty)</p>" }
        let heads = headings.map { heading -> HTML in
            heading.hasSuffix("#") ? "<th class=\"n\">\(String(heading.dropLast()))</th>" : "<th>\(heading)</th>"
        }
        return "<div class=\"scroll\"><table><thead><tr>\(heads)</tr></thead><tbody>\(rows)</tbody></table></div>"
    }

    func number(_ value: Double?, _ format: (Double) -> String) -> HTML {
        "<td class=\"n\">\(value.map(format) ?? "")</td>"
    }

    func moment(_ moment: Timestamp?) -> HTML {
        "<td class=\"t\">\(moment.map { time.short($0, now: snapshot.at) } ?? "")</td>"
    }
}
