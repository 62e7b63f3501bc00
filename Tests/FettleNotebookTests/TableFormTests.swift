import FettleCore
import FettleNotebook
import Foundation
import Testing

struct TableFormTests {
    private let table = TextTable(
        columns: [.init("n", .right), .init("text"), .init(""), .init("text")],
        rows: [
            [.number(12_910, "12,910"), .text("a,\"b\"\nc"), .text(""), .null],
            [.text("1,234.5"), .text("tab\there | _x_"), .missing, .blank],
            [.text("007"), .text("日本"), .text("<b>"), .number(0.631, "63.1 %")],
        ],
        footer: "left out"
    )

    @Test func csvQuotesWhatItMust() {
        #expect(
            CSVForm.text(of: table) == """
                n,text,"",text
                12910,"a,""b""
                c","",
                1234.5,tab\there | _x_,,
                007,日本,<b>,0.631

                """
        )
    }

    @Test func tsvQuotesTabs() {
        #expect(
            TSVForm.text(of: table) == """
                n\ttext\t""\ttext
                12910\t"a,""b""
                c"\t""\t
                1234.5\t"tab\there | _x_"\t\t
                007\t日本\t<b>\t0.631

                """
        )
    }

    @Test func jsonKeepsNullMissingAndEmptyApart() {
        #expect(
            JSONForm.text(of: table) == """
                [
                  {"n": 12910, "text": "a,\\"b\\"\\nc", "column_3": "", "text_2": null},
                  {"n": 1234.5, "text": "tab\\there | _x_", "text_2": null},
                  {"n": "007", "text": "日本", "column_3": "<b>", "text_2": 0.631}
                ]

                """
        )
        #expect(JSONForm.text(of: TextTable(columns: [.init("a")], rows: [])) == "[]\n")
    }

    @Test func jsonLinesHaveAnObjectEach() {
        let text = JSONLinesForm.text(of: table)
        #expect(text.split(separator: "\n").count == 3)
        #expect(text.hasPrefix("{\"n\": 12910, "))
    }

    @Test func markdownEscapesItsOwnSigns() {
        #expect(
            MarkdownForm.text(of: table) == #"""
                | n | text |  | text |
                | ---: | --- | --- | --- |
                | 12,910 | a,"b"<br>c | "" | null |
                | 1,234.5 | tab here \| \_x\_ | ·missing |  |
                | 007 | 日本 | \<b\> | 63.1 % |

                """#
        )
    }

    @Test func formsAreFoundByNameAndAlias() throws {
        #expect(try TableForms.named("CSV").name == "csv")
        #expect(try TableForms.named("markdown").name == "md")
        #expect(try TableForms.named("ndjson").name == "jsonl")
    }

    @Test func anUnknownFormIsNamedWithTheOthers() {
        let error = #expect(throws: Diagnostic.self) { try TableForms.named("jsn") }
        #expect(error?.code == "unknown-form")
        #expect(
            error?.message == "no form 'jsn' of a table, expected csv, tsv, json, jsonl, md"
        )
        #expect(error?.hints == ["did you mean 'json'?"])
    }

    @Test func everyFormFileIsInTheCatalogue() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/FettleNotebook/Forms").standardizedFileURL
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0 != "TableForm.swift" }
        #expect(Set(files) == Set(TableForms.all.map { "\($0).swift" }))
    }
}
