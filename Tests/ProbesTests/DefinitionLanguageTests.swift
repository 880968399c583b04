import Campus
import Probes
import Testing

@Suite struct DefinitionLanguageTests {
    @Test(arguments: [
        ("tittle: T", "3:1: unknown key `tittle`: did you mean `title`?"),
        (
            "tables: {t: {table: 1.3.x, columns: {a: 1}}}",
            "3:21: `1.3.x` is no object identifier: write numbers with dots, e.g. 1.3.6.1.2.1.2.2.1"
        ),
        (
            "tables: {t: {table: 1.3.6, columns: {a: none}}}",
            "3:41: `none` is no column number: write e.g. 5 or 3.1"
        ),
        ("tables: {t: {table: 1.3.6, columns: {a: 1}, live: [b]}}", "3:51: no column `b`: did you mean `a`?"),
        ("sensors: [{table: x, class: load, value: a, name: n}]", "3:19: no table `x`: remove it"),
        (
            "tables: {t: {table: 1.3.6, columns: {load: 1}}}\nsensors: [{table: t, class: laod, value: load}]",
            "4:29: `class` cannot be `laod`: did you mean `load`?"
        ),
        (
            "tables: {t: {table: 1.3.6, columns: {load: 1}}}\nsensors: [{table: t, class: load, value: loda}]",
            "4:42: no column `loda`: did you mean `load`?"
        ),
        (
            "tables: {t: {table: 1.3.6, columns: {load: 1}}}\nsensors: [{table: t, class: load, value: load, name: \"{x\"}]",
            "4:54: `{` without `}`: close the brace"
        ),
        (
            "tables: {t: {table: 1.3.6, columns: {load: 1}}}\nsensors: [{table: t, class: state, value: load, states: {1: [up, good]}}]",
            "4:61: `1` must be a word and a state: write e.g. [normal, ok]; states are ok, warning, critical, unknown"
        ),
        (
            "tables: {t: {table: 1.3.6, columns: {a: 1}}}\nmemory: [{table: t, used: a}]",
            "4:10: neither `percent` nor two of `total`, `used` and `free`: name the columns that tell the share"
        ),
        (
            "tables: {t: {table: 1.3.6, columns: {a: {of: b}, b: 1}}}", "3:46: no column `b` above this one: remove it"
        ),
        (
            "tables: {t: {table: 1.3.6, columns: {a: {column: 1, pattern: 'x('}}}}",
            "3:62: `x(` is no regular expression: `(` without `)`: see \"Regular expressions\" in reference/probes.md"
        ),
        (
            "tables: {t: {table: 1.3.6, columns: {a: {column: 1, index: 1}}}}",
            "3:41: one of `column`, `instance`, `index` and `of` must be there: add e.g. `column: 1`"
        ),
        (
            "tables: {t: {table: 1.3.6, columns: {a: {index: 0}}}}",
            "3:49: `0` is no part of an index: write 1, -1, \"2-3\" or \"2-\""
        ),
        (
            "tables: {t: {table: 1.3.6, columns: {load: 1}}}\nsensors: [{table: t, class: load, value: \"= load *\"}]",
            "4:42: `= load *` is no formula: a column or a number is missing at its end: write e.g. \"= 100 - idle\""
        ),
        (
            "tables: {t: {table: 1.3.6, columns: {load: 1}}}\nsensors: [{table: t, class: load, value: \"= lod * 2\"}]",
            "4:42: no column `lod`: did you mean `load`?"
        ),
        (
            "tables: {t: {table: 1.3.6, columns: {a: 1}}}\nsensors: [{table: t, join: {o: {table: t, by: b.a}, b: {table: t}}, class: load, value: a}]",
            "4:47: no column `b.a`: use one of a"
        ),
        (
            "tables: {t: {table: 1.3.6, columns: {a: 1}}}\ninterfaces: {name: t.b}",
            "4:20: `t.b` is no column: write table.column with names from `tables`"
        ),
        (
            "tables: {t: {table: 1.3.6, columns: {a: 1}}}\ninterfaces: {each_poll: [opr]}",
            "4:26: no interface column `opr`: did you mean `oper`?"
        ),
    ])
    func `a mistake is told with its place and a remedy`(text: String, problem: String) throws {
        #expect(try Fixtures.library(of: "id: a\ntitle: A\n\(text)").problems.first == problem)
    }

    @Test func `all mistakes of a file are told at once, and it is left out`() throws {
        let (library, problems) = try Fixtures.library(of: "id: a\ntables: {t: {table: 1.3.6}}\nsensors: [{table: t}]\nextra: 1")
        #expect(problems.count >= 3)
        #expect(library.plan(identity: VariableBindings()).fullRequests.count == 1)
    }

    @Test func `an id stands once`() throws {
        #expect(
            try Fixtures.library(of: "id: a\ntitle: A\n---\nid: a\ntitle: B").problems == [
                "4:1: a second definition `a`: give each definition an id of its own"
            ])
    }

    private static let vendor = """
        id: system
        title: System
        identity: {description: 1.1.1.0, object_id: 1.1.2.0, uptime: 1.1.3.0, contact: 1.1.4.0, name: 1.1.5.0, location: 1.1.6.0, engine_id: 1.1.7.0}
        ---
        id: vendor
        title: Vendor
        match: {object_id: [1.3.6.1.4.1.32473], description: ["*switch*"]}
        tables:
          board:
            table: 1.9.1
            columns: {heat: 1, digits: 2, slot: 3, health: 4}
          slot:
            table: 1.9.2
            columns: {label: 1}
          pool:
            scalars: 1.9.3
            columns: {total: 1, free: 2}
        device:
          - {os: exampleos, kind: network}
        sensors:
          - table: board
            join: {slot: {table: slot, by: slot}}
            class: temperature
            value: heat
            precision: digits
            offset: -273
            skip: [{heat: < 1}, {health: [absent*, 9]}]
            name: ["Board {slot.label}", "Board {index} ({number})"]
        memory:
          - {table: pool, total: total, free: free, unit: 1024, name: Main}
        """

    private func device(descr: String = "Example Switch", objectID: [UInt32] = [1, 3, 6, 1, 4, 1, 32473, 5]) throws -> (
        DevicePlan, DeviceReport
    ) {
        let (library, problems) = try Fixtures.library(of: Self.vendor)
        #expect(problems == [])
        var identity = VariableBindings()
        identity.append(name: [1, 1, 1, 0], value: .octets(Array(descr.utf8)))
        identity.append(name: [1, 1, 2, 0], objectIdentifier: objectID)
        let plan = library.plan(identity: identity)
        let answers = plan.fullRequests.map { request in
            var bindings = VariableBindings()
            switch request.name {
            case "board":
                for (row, heat, digits, slot, health) in [
                    (1, 3001, 1, 7, "ok"), (2, 29415, 2, 8, "ok"), (3, 0, 0, 7, "ok"), (4, 9, 0, 7, "Absent!"),
                ] {
                    bindings.append(name: [1, 9, 1, 1, UInt32(row)], tag: .gauge32, number: UInt64(heat))
                    bindings.append(name: [1, 9, 1, 2, UInt32(row)], tag: .integer, number: UInt64(digits))
                    bindings.append(name: [1, 9, 1, 3, UInt32(row)], tag: .integer, number: UInt64(slot))
                    bindings.append(name: [1, 9, 1, 4, UInt32(row)], value: .octets(Array(health.utf8)))
                }
            case "slot": bindings.append(name: [1, 9, 2, 1, 7], value: .octets(Array("Slot G".utf8)))
            default:
                bindings.append(name: [1, 9, 3, 1, 0], tag: .integer, number: 1000)
                bindings.append(name: [1, 9, 3, 2, 0], tag: .integer, number: 250)
            }
            return bindings
        }
        return (plan, plan.report(identity: identity, answers: answers))
    }

    @Test func `rows find their partners by pointer, are scaled, named and skipped`() throws {
        let report = try device().1
        #expect(report.sensors.map(\.name) == ["Board Slot G", "Board 2 (2)"])
        #expect(report.sensors.map { ($0.value ?? 0).hundredths } == [27.1, 21.15])
        #expect(report.sensors.map(\.oid) == ["1.9.1.1.1", "1.9.1.1.2"])
        #expect(report.facts.os == "exampleos")
    }

    @Test func `free memory tells used memory`() throws {
        let gauge = try #require(try device().1.gauges.first)
        #expect(gauge.usedBytes == 768_000)
        #expect(gauge.totalBytes == 1_024_000)
        #expect(gauge.usedPercent == 75)
    }

    @Test(
        arguments: [
            ("A router", [1, 3, 6, 1, 4, 1, 32473, 5]), ("Example switch", [1, 3, 6, 1, 4, 1, 324_730]), ("Example switch", []),
        ] as [(String, [UInt32])])
    func `a definition is for the devices that it matches`(descr: String, objectID: [UInt32]) throws {
        let (plan, report) = try device(descr: descr, objectID: objectID)
        #expect(plan.fullRequests.map(\.name) == ["scalars"])
        #expect(report.sensors.isEmpty)
    }
}

extension Double {
    fileprivate var hundredths: Double { (self * 100).rounded() / 100 }
}
