package import Campus
package import Evidence

/// The map of a campus as a tree from the agent's point of view, as JSON or as a graph for Graphviz.
package struct NetworkDrawing: Sendable {
    package enum Format: String, CaseIterable, Sendable { case text, json, dot }

    package struct Node: Sendable {
        package var id: String
        package var name: String
        package var address: String
        package var kind: String
        package var model: String
        package var place: String
        package var state: String
        package var parent: String?

        package init(
            id: String, name: String, address: String = "", kind: String = "", model: String = "", place: String = "",
            state: String = "",
            parent: String? = nil
        ) {
            self.id = id
            self.name = name
            self.address = address
            self.kind = kind
            self.model = model
            self.place = place
            self.state = state
            self.parent = parent
        }
    }

    package struct Edge: Hashable, Sendable {
        package var from: String
        package var fromPort: String
        package var to: String
        package var toPort: String
        package var source: String
        package var isConfirmed: Bool
    }

    package private(set) var nodes: [Node]
    package private(set) var edges: [Edge]

    package init(nodes: [Node], edges: [Edge]) {
        self.nodes = nodes
        self.edges = edges
    }

    /// A map that was drawn just now; `label` says more of each of its devices.
    package init(_ map: CampusMap, nodes: [Node]) {
        self.nodes = nodes.map { node in
            var node = node
            node.parent = map.paths[DeviceID(node.id)]?.parent?.text
            return node
        }
        edges = map.links.map {
            Edge(
                from: $0.a.device.text, fromPort: $0.a.name, to: $0.b.device.text, toPort: $0.b.name, source: $0.source,
                isConfirmed: $0.isConfirmed)
        }
    }

    /// The map that the store holds.
    package init(_ store: EvidenceStore) throws(EvidenceError) {
        let devices = try store.select(
            """
            SELECT d.id, d.name, d.address, d.kind, d.model, d.place, coalesce(n.state, 'unknown') AS state, d.parent
              FROM device d LEFT JOIN device_now n ON n.device = d.id WHERE d.declared = 1 ORDER BY d.name
            """)
        nodes = devices.rows.indices.map { row in
            let text = { (column: String) in devices[row, column].string ?? "" }
            return Node(
                id: text("id"), name: text("name"), address: text("address"), kind: text("kind"), model: text("model"),
                place: text("place"), state: text("state"), parent: devices[row, "parent"].string)
        }
        let links = try store.select(
            "SELECT device, port, remote_device, remote_port, source, confirmed FROM link WHERE gone_at IS NULL ORDER BY device, idx"
        )
        edges = links.rows.indices.map { row in
            let text = { (column: String) in links[row, column].string ?? "" }
            return Edge(
                from: text("device"), fromPort: text("port"), to: text("remote_device"), toPort: text("remote_port"),
                source: text("source"), isConfirmed: links[row, "confirmed"].int64 == 1)
        }
    }

    package func written(as format: Format) -> String {
        switch format {
        case .text: text
        case .json: json.serialised(pretty: true) + "\n"
        case .dot: dot
        }
    }

    // MARK: Text

    /// A tree a root, then the links that are not in a tree, then what hangs nowhere.
    package var text: String {
        var writer = TreeWriter(nodes: nodes, edges: edges)
        return writer.text()
    }

    // MARK: JSON

    package var json: JSONValue {
        .members([
            "devices": .array(
                nodes.map { node in
                    .members([
                        "id": .text(node.id), "name": .text(node.name), "address": .text(node.address), "kind": .text(node.kind),
                        "model": .text(node.model), "place": .text(node.place), "state": .text(node.state),
                        "parent": .optional(node.parent),
                    ])
                }),
            "links": .array(
                edges.map { edge in
                    .members([
                        "device": .text(edge.from), "port": .text(edge.fromPort), "remote_device": .text(edge.to),
                        "remote_port": .text(edge.toPort), "source": .text(edge.source), "confirmed": .bool(edge.isConfirmed),
                    ])
                }),
        ])
    }

    // MARK: Graphviz

    package var dot: String {
        let quoted = { (text: String) in JSONValue.text(text.printable).serialised() }
        var text = "graph campus {\n  node [shape=box];\n"
        for node in nodes {
            text += "  \(quoted(node.id)) [label=\(quoted(node.address.isEmpty ? node.name : "\(node.name)\n\(node.address)"))"
            text += node.state == "down" ? ", color=red];\n" : "];\n"
        }
        for edge in edges {
            text +=
                "  \(quoted(edge.from)) -- \(quoted(edge.to)) [taillabel=\(quoted(edge.fromPort)), headlabel=\(quoted(edge.toPort))"
            text += edge.source == "forwarding" ? ", style=dashed];\n" : "];\n"
        }
        return text + "}\n"
    }
}

/// Draws trees of devices with the ports between them.
private struct TreeWriter {
    private let nodes: [String: NetworkDrawing.Node]
    private let order: [String]
    private var children: [String: [String]] = [:]
    private var between: [Set<String>: [NetworkDrawing.Edge]] = [:]
    private let edges: [NetworkDrawing.Edge]
    private var drawn: Set<String> = []
    private var lines: [String] = []

    init(nodes: [NetworkDrawing.Node], edges: [NetworkDrawing.Edge]) {
        self.nodes = Dictionary(nodes.map { ($0.id, $0) }) { first, _ in first }
        self.edges = edges
        order = nodes.sorted { ($0.name, $0.id) < ($1.name, $1.id) }.map(\.id)
        for edge in edges { between[[edge.from, edge.to], default: []].append(edge) }
        for id in order {
            guard let parent = self.nodes[id]?.parent, parent != id, between[[parent, id]] != nil else { continue }
            children[parent, default: []].append(id)
        }
    }

    mutating func text() -> String {
        let isChild = Set(children.values.joined())
        let linked = Set(edges.flatMap { [$0.from, $0.to] })
        // Ways that were kept while devices were cut off may go in a circle: whatever is left begins a tree of its own.
        for id in order where !isChild.contains(id) && linked.contains(id) { draw(id, "", "", nil) }
        for id in order where linked.contains(id) && !drawn.contains(id) { draw(id, "", "", nil) }
        let others = edges.filter { edge in !isInTree(edge) }
        if !others.isEmpty { lines += ["", "also linked:"] }
        for edge in others {
            lines.append("  \(name(edge.from)) \(edge.fromPort) ── \(edge.toPort) \(name(edge.to))  \(edge.source)")
        }
        let alone = order.filter { !linked.contains($0) }
        if !alone.isEmpty { lines += (lines.isEmpty ? [] : [""]) + ["no link known:"] }
        for id in alone { lines.append("  \(label(id))") }
        return lines.map(\.printable).joined(separator: "\n") + "\n"
    }

    private func isInTree(_ edge: NetworkDrawing.Edge) -> Bool {
        children[edge.from]?.contains(edge.to) == true || children[edge.to]?.contains(edge.from) == true
    }

    private func name(_ id: String) -> String { nodes[id]?.name ?? id }

    private func label(_ id: String) -> String {
        guard let node = nodes[id] else { return id }
        let state = ["", "up", "unknown"].contains(node.state) ? "" : node.state.uppercased()
        return [node.name, node.address, node.model.isEmpty ? node.kind : node.model, node.place, state].filter { !$0.isEmpty }
            .joined(separator: "  ")
    }

    private mutating func draw(_ id: String, _ lead: String, _ below: String, _ parent: String?) {
        guard drawn.insert(id).inserted else { return }
        var wires = ""
        if let parent {
            let texts = (between[[parent, id]] ?? []).map { edge in
                let (near, far) = edge.from == parent ? (edge.fromPort, edge.toPort) : (edge.toPort, edge.fromPort)
                return "\(near) ── \(far)" + (edge.source == "forwarding" ? " (learned)" : "")
            }
            wires = texts.joined(separator: ", ") + "  "
        }
        lines.append("\(lead)\(wires)\(label(id))")
        // Cables as long as this are a circle that somebody wrote into the store.
        guard below.count < 300 else { return }
        let next = children[id] ?? []
        for (place, child) in next.enumerated() {
            let isLast = place == next.count - 1
            draw(child, below + (isLast ? "└─ " : "├─ "), below + (isLast ? "   " : "│  "), id)
        }
    }
}
