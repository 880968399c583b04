import Campus
import Evidence
import Foundation
import Reporting
import Testing

struct TableTests {
    private let table = ResultTable(
        columns: ["name", "in_bps", "note"],
        rows: [
            [.text("核心交换机"), .real(950_000_000), .text("a,b \"c\"\nd")],
            [.text("=HYPERLINK(\"http://evil\")"), .integer(-5), .null],
            [.text("edge\u{1b}[31m"), .real(0.25), .blob([0, 255])],
        ])

    @Test func `comma-separated text quotes by RFC 4180 and lets no cell become a formula`() {
        #expect(
            TableReport.csv(table) == "name,in_bps,note\r\n"
                + "核心交换机,950000000,\"a,b \"\"c\"\"\nd\"\r\n"
                + "\"'=HYPERLINK(\"\"http://evil\"\")\",-5,\r\n"
                + "edge\u{1b}[31m,0.25,00ff\r\n")
    }

    @Test(arguments: ["=1+1", "+1", "-1+2", "@SUM(A1)", "\tx", "\rx", "＝1"])
    func `what a spreadsheet would run gets an apostrophe`(text: String) {
        #expect(CommaSeparated.written(.text(text)).replacing("\"", with: "").hasPrefix("'"))
    }

    @Test func `a table at a terminal is aligned by display width and carries no escape sequence`() {
        let text = TableReport.text(table)
        #expect(!text.contains("\u{1b}"))
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines.count == 6)
        #expect(lines.last == "3 rows")
        let column = lines[2].range(of: "950000000").map { String(lines[2][..<$0.upperBound]).displayWidth }
        let other = lines[3].range(of: "-5").map { String(lines[3][..<$0.upperBound]).displayWidth }
        #expect(column == other)
    }

    @Test func `JSON keeps the order of columns, the type of values and what is not known`() {
        #expect(
            TableReport.json(
                ResultTable(columns: ["b", "a"], rows: [[.real(.infinity), .text("\u{1}\"\\")], [.null, .integer(7)]])
            ).serialised()
                == #"[{"b":null,"a":"\u0001\"\\"},{"b":null,"a":7}]"#)
    }

    @Test func `an indicator's instants are written in the site's zone`() {
        let records = ResultTable(
            columns: ["indicator", "period_start", "value"],
            rows: [[.text("net.availability.core"), .integer(1_763_654_400_000), .real(99.95)]])
        #expect(
            IndicatorReport.csv(records, time: LocalTime(zoneName: "Asia/Shanghai"))
                == "indicator,period_start,value\r\nnet.availability.core,2025-11-21T00:00:00.000+08:00,99.95\r\n")
    }
}

struct FiguresTests {
    @Test func `one is singular`() {
        #expect([0, 1, 2].map { Figures.several($0, "mistake") } == ["0 mistakes", "1 mistake", "2 mistakes"])
    }

    @Test(arguments: [
        (0, "0 bit/s"), (999, "999 bit/s"), (1000, "1.00 kbit/s"), (12_345_678, "12.3 Mbit/s"), (999_950_000, "1.00 Gbit/s"),
        (4e10, "40.0 Gbit/s"),
    ])
    func `bit rates show three digits that matter`(rate: Double, text: String) {
        #expect(Figures.bitRate(rate) == text)
    }

    @Test(arguments: [
        (0.0, "0 s"), (59, "59 s"), (61, "1 min"), (3661, "1 h 1 min"), (90_000, "1 d 1 h"), (.nan, "–"), (-5, "0 s"),
        (.infinity, "–"),
    ])
    func `spans show their two largest parts`(seconds: Double, text: String) {
        #expect(Figures.span(seconds, language: .en) == text)
    }

    @Test func `numbers of any size are written without a trap`() {
        #expect(Figures.rounded(-0.049, decimals: 1) == "0.0" || Figures.rounded(-0.049, decimals: 1) == "-0.0")
        #expect(Figures.rounded(1e300, decimals: 2) == "–")
        #expect(Figures.rounded(2.005, decimals: 1) == "2.0")
        #expect(Figures.count(.min) == "-9\u{202f}223\u{202f}372\u{202f}036\u{202f}854\u{202f}775\u{202f}808")
        #expect(Figures.bytes(16_777_216) == "16.0 MiB")
    }

    @Test func `instants far outside any calendar are clamped, not trapped over`() {
        let time = LocalTime(zoneName: "Asia/Shanghai")
        #expect(time.text(Timestamp(milliseconds: .max)).hasPrefix("9999"))
        #expect(time.text(Timestamp(milliseconds: .min)).hasPrefix("0001"))
        #expect(time.rfc3339(Timestamp(milliseconds: 1_763_654_400_120)) == "2025-11-21T00:00:00.120+08:00")
    }
}
