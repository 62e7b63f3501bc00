import FettleCore
import Foundation
import Testing

@testable import FettleData

struct WriterTests {
    private var frame: Frame {
        get throws {
            try loaded(
                """
                {"title": "a|b, \\"c\\"\\n\\td", "n": 1, "x": 0.5, "ok": true, "tags": [1,  "a"]}
                {"title": "", "n": null, "x": -0.0, "ok": false}
                {"n": -9223372036854775808, "x": 1e300, "ok": null, "tags": {"k": null}}
                """
            ).frame
        }
    }

    @Test func jsonLinesKeepNullMissingAndEmptyApart() throws {
        #expect(
            try FrameWriter(format: "jsonl").text(frame) == """
                {"title": "a|b, \\"c\\"\\n\\td", "n": 1, "x": 0.5, "ok": true, "tags": [1,  "a"]}
                {"title": "", "n": null, "x": -0, "ok": false}
                {"n": -9223372036854775808, "x": 1e+300, "ok": null, "tags": {"k": null}}

                """
        )
    }

    @Test(arguments: ["csv", "tsv"])
    func nameThatBeginsWithAByteOrderMarkStaysAsItIs(_ format: String) throws {
        let frame = Frame(columns: [.init("\u{FEFF}a", Column(integers: [1]))])
        let text = try FrameWriter(format: format).text(frame)
        #expect(text == "\"\u{FEFF}a\"\n1\n")
        #expect(try loaded(text, as: "x.\(format)").frame.columnNames == ["\u{FEFF}a"])
    }

    @Test func commaSeparatedValuesKeepNullAndEmptyApart() throws {
        #expect(
            try FrameWriter(format: "csv").text(frame) == """
                title,n,x,ok,tags
                "a|b, ""c""
                \td",1,0.5,true,"[1,  ""a""]"
                "",,-0,false,
                ,-9223372036854775808,1e+300,,"{""k"": null}"

                """
        )
    }

    @Test func tabSeparatedValuesQuoteTabs() throws {
        let frame = try loaded("{\"a\": \"x\\ty\", \"b\": \"p,q\"}").frame
        #expect(try FrameWriter(format: "tsv").text(frame) == "a\tb\n\"x\ty\"\tp,q\n")
    }

    @Test func markdownTablesKeepTheirShape() throws {
        #expect(
            try FrameWriter(format: "md").text(frame.showing([2, 0])) == """
                | title | n | x | ok | tags |
                | --- | ---: | ---: | --- | --- |
                | *missing* | -9223372036854775808 | 1e+300 | *null* | {"k": null} |
                | a\\|b, "c"<br>\td | 1 | 0.5 | true | [1,  "a"] |

                """
        )
    }

    @Test func arraysOfNoRowsAreArrays() throws {
        let none = try frame.showing([])
        #expect(try FrameWriter(format: "json").text(none) == "[]\n")
        #expect(try FrameWriter(format: "jsonl").text(none) == "")
        #expect(try FrameWriter(format: "csv").text(none) == "title,n,x,ok,tags\n")
    }

    @Test func controlCharactersAreEscaped() throws {
        let text = "\u{0}\u{1F}\u{7F}\u{2028}é"
        var builder = ColumnBuilder(.text)
        try builder.append(text)
        let frame = Frame(columns: [.init("a", builder.build())])
        let line = try FrameWriter(format: "jsonl").text(frame)
        #expect(line == "{\"a\": \"\\u0000\\u001f\u{7F}\u{2028}é\"}\n")
        #expect(try loaded(line).frame.cells == [[.text(text)]])
    }

    @Test func fileAppearsWholeAndKeepsItsPermissions() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("old", to: "out.csv")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        let two = Frame(columns: [.init("n", Column(integers: [1, 2]))])
        try FrameWriter(forPath: path).write(two, toFile: path)
        #expect(try folder.read("out.csv") == "n\n1\n2\n")
        #expect(folder.names == ["out.csv"])
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        try FrameWriter(forPath: path).write(two.showing([1]), toFile: path, appending: true)
        #expect(try folder.read("out.csv") == "n\n1\n2\n2\n")
        let fresh = folder.file("fresh.tsv")
        try FrameWriter(forPath: fresh).write(two, toFile: fresh, appending: true)
        #expect(try folder.read("fresh.tsv") == "n\n1\n2\n")
    }

    @Test func rowsGoToADescriptor() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("", to: "pipe")
        let handle = try #require(FileHandle(forWritingAtPath: path))
        let frame = Frame(columns: [.init("n", Column(integers: [7]))])
        try FrameWriter(format: "csv").write(frame, toDescriptor: handle.fileDescriptor)
        try handle.close()
        #expect(try folder.read("pipe") == "n\n7\n")
    }

    @Test func filesThatCannotBeWrittenAreNamed() throws {
        let folder = try TemporaryFolder()
        let frame = Frame(columns: [.init("n", Column(integers: [7]))])
        func message(_ path: String, appending: Bool = false) -> String {
            do {
                try FrameWriter(forPath: path).write(frame, toFile: path, appending: appending)
                return "no error"
            } catch {
                return drawn(error as? Diagnostic)
            }
        }
        #expect(
            message(folder.file("none/x.csv"))
                == """
                cannot-write: cannot write '\(folder.file("none/x.csv"))': no such file or directory
                hint: there is no folder '\(folder.file("none"))'
                """
        )
        #expect(
            message("x.cvs")
                == """
                unknown-format: expected a file name that ends in .csv, .json, .jsonl, .md or .tsv, \
                found '.cvs'
                hint: did you mean 'csv'?
                """
        )
        #expect(
            message("rows")
                == "unknown-format: expected a file name that ends in .csv, .json, .jsonl, .md or "
                + ".tsv, found 'rows'"
        )
        #expect(
            message(folder.file("x.json"), appending: true)
                == """
                cannot-append: cannot add rows after the end of a JSON array
                hint: use '>', or write JSONL, which has one object a line
                """
        )
        #expect(folder.names.isEmpty)
    }

    @Test func examplesAreWrittenInBothForms() throws {
        let writer = ExampleWriter()
        try writer.write(Example(prompt: "Très bien\n\n###\n\n", completion: " 5"))
        try writer.write([
            Message(role: .system, content: "Rate."), Message(role: .user, content: "\"好\""),
            Message(role: .assistant, content: "5"),
        ])
        #expect(writer.count == 2)
        #expect(
            writer.text == """
                {"prompt": "Très bien\\n\\n###\\n\\n", "completion": " 5"}
                {"messages": [{"role": "system", "content": "Rate."}, {"role": "user", "content": "\\"好\\""}, {"role": "assistant", "content": "5"}]}

                """
        )
        let folder = try TemporaryFolder()
        let file = try ExampleWriter(path: folder.file("train.jsonl"))
        try file.write(contentsOf: [Example(prompt: "a", completion: " b")])
        #expect(!folder.names.contains("train.jsonl"))
        try file.finish()
        #expect(try folder.read("train.jsonl") == "{\"prompt\": \"a\", \"completion\": \" b\"}\n")
        #expect(folder.names == ["train.jsonl"])
    }

    /// The examples of a frame, written in one call.
    private func lines(_ format: PromptFormat, _ frame: Frame) throws -> (String, skipped: Int) {
        let writer = ExampleWriter()
        let skipped = try writer.write(try CompiledFormat(format, in: frame))
        #expect(writer.count == frame.count - skipped)
        return (writer.text, skipped)
    }

    @Test func examplesOfAFrameAreWrittenInBothForms() throws {
        let frame = Frame(columns: [
            .init("t", TestFrames.text(["\"a\"\n", nil, "\u{1}好\\"])),
            .init("n", Column(integers: [5, -2, 0], presence: [.value, .value, .null])),
            .init("x", Column(numbers: [0.5, 2, -1])),
            .init("b", Column(booleans: [true, false, true])),
        ])
        let plain = PromptFormat.completion(
            prompt: try PromptTemplate("{{t}}\n\n{{x}} \"{{b}}\""),
            completion: try PromptTemplate(" {{n}}")
        )
        let (text, skipped) = try lines(plain, frame)
        #expect(skipped == 1)
        #expect(
            text == #"""
                {"prompt": "\"a\"\n\n\n0.5 \"true\"", "completion": " 5"}
                {"prompt": "\n\n2 \"false\"", "completion": " -2"}

                """#
        )
        let chat = PromptFormat.chat(
            system: try PromptTemplate("Rate \"it\"."),
            user: try PromptTemplate("{{t}}"),
            assistant: try PromptTemplate("{{x}}")
        )
        #expect(
            try lines(chat, frame.showing([2, 1])).0 == #"""
                {"messages": [{"role": "system", "content": "Rate \"it\"."}, {"role": "user", "content": "\u0001好\\"}, {"role": "assistant", "content": "-1"}]}
                {"messages": [{"role": "system", "content": "Rate \"it\"."}, {"role": "user", "content": ""}, {"role": "assistant", "content": "2"}]}

                """#
        )
    }

    @Test func manyExamplesAreWrittenInTheirOrder() throws {
        let rows = 20_000
        let frame = Frame(
            columns: [.init("n", Column(integers: (0..<rows).map { Int64($0) }))],
            rows: (0..<UInt32(rows)).reversed()
        )
        let format = PromptFormat.completion(
            prompt: try PromptTemplate("{{n}}"),
            completion: try PromptTemplate(" {{n}}")
        )
        let expected = (0..<rows).reversed()
            .map { "{\"prompt\": \"\($0)\", \"completion\": \" \($0)\"}\n" }
        #expect(try lines(format, frame).0 == expected.joined())
    }

    @Test func cancelledAppendingLeavesTheFileAsItWas() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("n\n1\n", to: "out.csv")
        let frame = Frame(columns: [.init("n", Column(integers: Array(0..<500_000)))])
        let task = Task {
            try FrameWriter(forPath: path).write(frame, toFile: path, appending: true) { rows in
                if rows > 300_000 { withUnsafeCurrentTask { $0?.cancel() } }
            }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try folder.read("out.csv") == "n\n1\n")
    }

    @Test func abandonedFilesLeaveNothing() throws {
        let folder = try TemporaryFolder()
        do {
            let file = try ExampleWriter(path: folder.file("train.jsonl"))
            try file.write(Example(prompt: "a", completion: " b"))
        }
        #expect(folder.names.isEmpty)
    }
}
