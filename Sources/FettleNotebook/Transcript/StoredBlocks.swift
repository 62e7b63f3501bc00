import FettleCore
import Foundation

/// Contents as the JSON that the workspace's database holds.
///
/// A cell of a table is a text, `[number, "shown"]`, `null`, `{}` for a missing value or `[]` for a cell with
/// nothing to show; the rest are objects with few short names.
extension CellContent {
    /// The content as JSON on one line; the empty text for one with nothing in it.
    public var json: String {
        guard self != CellContent() else { return "" }
        var members: [JSONValue.Member] = []
        if !prose.isEmpty { members.append(.init("prose", .string(prose))) }
        if !blocks.isEmpty { members.append(.init("blocks", .array(blocks.map(\.stored)))) }
        if let failure {
            let parts = [failure.code, failure.message, failure.text]
            members.append(.init("failure", .array(parts.map { .string($0) })))
        }
        if !epilogue.isEmpty { members.append(.init("epilogue", .string(epilogue))) }
        return JSONValue.object(members).text()
    }

    /// Reads what ``json`` wrote; nil for anything else.
    ///
    /// Blocks of a kind that is not known, such as a later Fettle's, are left out.
    public init?(json: String) {
        guard !json.isEmpty,
            let value = try? JSONDecoder().decode(StoredJSON.self, from: Data(json.utf8)).value
        else { return nil }
        self.init(
            prose: value["prose"]?.text ?? "",
            blocks: (value["blocks"]?.items ?? []).compactMap(OutputBlock.init(stored:)),
            epilogue: value["epilogue"]?.text ?? ""
        )
        let parts = (value["failure"]?.items ?? []).compactMap(\.text)
        if parts.count == 3 {
            failure = Failure(code: parts[0], message: parts[1], text: parts[2])
        }
    }
}

/// Any JSON, read with Foundation's decoder.
private struct StoredJSON: Decodable {
    var value: JSONValue

    private struct Name: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        // Most values are texts and numbers; a container that is none costs an error each time.
        let one = try decoder.singleValueContainer()
        if one.decodeNil() {
            value = .null
        } else if let text = try? one.decode(String.self) {
            value = .string(text)
        } else if let number = try? one.decode(Double.self) {
            value = .number(number)
        } else if let boolean = try? one.decode(Bool.self) {
            value = .boolean(boolean)
        } else if var list = try? decoder.unkeyedContainer() {
            var items: [JSONValue] = []
            while !list.isAtEnd { items.append(try list.decode(StoredJSON.self).value) }
            value = .array(items)
        } else {
            let object = try decoder.container(keyedBy: Name.self)
            value = .object(
                try object.allKeys.map {
                    .init($0.stringValue, try object.decode(StoredJSON.self, forKey: $0).value)
                }
            )
        }
    }
}

extension JSONValue {
    /// The text, if it is one.
    var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The elements; none unless it is an array.
    var items: [JSONValue] {
        if case .array(let items) = self { items } else { [] }
    }

    /// A number; one that is not finite was stored as `null`.
    var double: Double {
        if case .number(let value) = self { value } else { .nan }
    }
}

extension OutputBlock {
    fileprivate var stored: JSONValue {
        switch self {
        case .text(let text): .object([.init("text", .string(text))])
        case .guide(let text): .object([.init("guide", .string(text))])
        case .note(let text): .object([.init("note", .string(text))])
        case .warning(let text): .object([.init("warning", .string(text))])
        case .data(let text): .object([.init("data", .string(text))])
        case .table(let table): .object([.init("table", table.stored)])
        case .fields(let fields):
            .object([
                .init(
                    "fields",
                    .array(fields.map { .array([.string($0.label), .string($0.value)]) })
                )
            ])
        case .bars(let chart):
            .object([
                .init(
                    "bars",
                    .array(
                        chart.bars.map {
                            .array([.string($0.label), .number($0.value), .string($0.text)])
                        }
                    )
                ),
                .init("title", chart.title.map { .string($0) } ?? .null),
            ])
        case .plot(let plot): .object([.init("plot", plot.stored)])
        }
    }

    fileprivate init?(stored: JSONValue) {
        if let text = stored["text"]?.text {
            self = .text(text)
        } else if let text = stored["guide"]?.text {
            self = .guide(text)
        } else if let text = stored["note"]?.text {
            self = .note(text)
        } else if let text = stored["warning"]?.text {
            self = .warning(text)
        } else if let text = stored["data"]?.text {
            self = .data(text)
        } else if let fields = stored["fields"]?.items {
            self = .fields(
                fields.map(\.items).compactMap { pair in
                    pair.count == 2 ? Field(pair[0].text ?? "", pair[1].text ?? "") : nil
                }
            )
        } else if let bars = stored["bars"]?.items {
            self = .bars(
                BarChart(
                    title: stored["title"]?.text,
                    bars: bars.map(\.items).compactMap { bar in
                        bar.count == 3
                            ? .init(bar[0].text ?? "", bar[1].double, bar[2].text ?? "") : nil
                    }
                )
            )
        } else if let plot = stored["plot"] {
            self = .plot(Plot(stored: plot))
        } else if let panels = stored["curves"]?.items, let table = stored["table"] {
            self = .plot(Plot(curves: panels, axis: stored["axis"]?.text ?? "", table))
        } else if let table = stored["table"] {
            self = .table(TextTable(stored: table))
        } else {
            return nil
        }
    }
}

extension TextTable {
    var stored: JSONValue {
        var members: [JSONValue.Member] = [
            .init(
                "columns",
                .array(
                    columns.map {
                        .array([.string($0.name), .string($0.alignment == .right ? "r" : "l")])
                    }
                )
            ),
            .init("rows", .array(rows.map { .array($0.map(\.stored)) })),
        ]
        if let footer { members.append(.init("footer", .string(footer))) }
        return .object(members)
    }

    init(stored: JSONValue) {
        self.init(
            columns: (stored["columns"]?.items ?? []).map(\.items).map { head in
                Column(head.first?.text ?? "", head.last?.text == "r" ? .right : .left)
            },
            rows: (stored["rows"]?.items ?? []).map { $0.items.map(Cell.init(stored:)) },
            footer: stored["footer"]?.text
        )
    }
}

extension TextTable.Cell {
    fileprivate var stored: JSONValue {
        switch self {
        case .text(let text): .string(text)
        case .number(let value, let shown): .array([.number(value), .string(shown)])
        case .null: .null
        case .missing: .object([])
        case .blank: .array([])
        }
    }

    fileprivate init(stored: JSONValue) {
        switch stored {
        case .string(let text): self = .text(text)
        case .array(let pair) where pair.count == 2:
            self = .number(pair[0].double, pair[1].text ?? "")
        case .array: self = .blank
        case .object: self = .missing
        default: self = .null
        }
    }
}
