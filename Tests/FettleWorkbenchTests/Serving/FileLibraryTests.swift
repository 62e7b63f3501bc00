import FettleCore
import FettleData
import FettleStore
import Foundation
import Testing

@testable import FettleWorkbench

struct FileLibraryTests {
    private let folder: TemporaryFolder
    private let workspace: Workspace
    private let library: FileLibrary

    init() throws {
        folder = try TemporaryFolder()
        workspace = Workspace(.folder(folder.file(".fettle")), session: "test")
        library = FileLibrary(workspace, clock: Samples.clock)
    }

    /// Uploads a text in pieces of so many bytes.
    private func upload(
        _ text: String,
        pieces: Int = 7,
        filename: String = "train.jsonl",
        purpose: String = "fine-tune"
    ) throws(Diagnostic) -> FileRecord {
        let upload = try library.begin(filename: filename, purpose: purpose)
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            try upload.append(Array(bytes[start..<min(start + pieces, bytes.count)]))
        }
        return try upload.finish()
    }

    private func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.file(".fettle/files")).sorted()
    }

    private static let line = "{\"prompt\": \"good ->\", \"completion\": \" 5\"}\n"

    @Test func uploadedFileIsKeptWithItsFacts() throws {
        let text = Self.line + Self.line
        let file = try upload(text)
        #expect(file.id.wholeMatch(of: /file-[A-Za-z0-9]{24}/) != nil)
        #expect(file.bytes == Int64(text.utf8.count))
        #expect(
            file.fingerprint == Array(text.utf8).withUnsafeBytes { ContentHash.xxh3_128($0).hex }
        )
        #expect(file.createdAt == Samples.moment)
        #expect(file.status == "processed")
        #expect(try library.file(file.id) == file)
        #expect(try library.files() == [file])
        #expect(try String(contentsOfFile: library.path(of: file), encoding: .utf8) == text)
    }

    @Test func nothingIsMadeBeforeTheFirstUpload() throws {
        #expect(try library.files() == [])
        library.removeLeftovers()
        #expect(!FileManager.default.fileExists(atPath: folder.file(".fettle")))
    }

    @Test(arguments: ["../../etc/passwd", "/tmp/x/train.jsonl", "", "..", "é\n"])
    func namesThatArePathsAreDataOnly(filename: String) throws {
        let file = try upload(Self.line, filename: filename)
        #expect(try library.file(file.id).filename == filename)
        #expect(try names() == [file.id])
    }

    @Test func zeroBytesOfNamesAreReplaced() throws {
        let file = try upload(Self.line, filename: "a\u{0}b")
        #expect(try library.file(file.id).filename == "a\u{FFFD}b")
    }

    @Test func resultsAreNotCheckedByLine() throws {
        let file = try library.add(
            text: "step,training_loss\n1,0.5\n",
            filename: "compiled_results.csv",
            purpose: "fine-tune-results"
        )
        #expect(try library.file(file.id).purpose == "fine-tune-results")
    }

    @Test func deletedFileIsGone() throws {
        let file = try upload(Self.line)
        #expect(try library.delete(file.id) == file)
        #expect(try names() == [])
        #expect(throws: Diagnostic("unknown-file", "No such File object: \(file.id)")) {
            try library.delete(file.id)
        }
    }

    @Test func unknownIDsAreToldWithNearOnes() throws {
        let file = try upload(Self.line)
        let wrong = String(file.id.dropLast())
        #expect(
            throws: Diagnostic(
                "unknown-file",
                "No such File object: \(wrong)",
                hint: "did you mean '\(file.id)'?"
            )
        ) {
            try library.file(wrong)
        }
        #expect(throws: Diagnostic("unknown-file", "No such File object: ../fettle.sqlite")) {
            try library.file("../fettle.sqlite")
        }
    }

    // MARK: - Ends

    @Test func whatIsGivenUpLeavesNothing() throws {
        let upload = try library.begin(filename: "a", purpose: "fine-tune")
        try upload.append(Array(Self.line.utf8))
        #expect(try names() == [upload.id + ".part"])
        upload.abandon()
        upload.abandon()
        #expect(try names() == [])
        do {
            let dropped = try library.begin(filename: "a", purpose: "fine-tune")
            try dropped.append(Array(Self.line.utf8))
        }
        #expect(try names() == [])
        #expect(try library.files() == [])
    }

    @Test func whatAKilledProcessLeftIsRemoved() throws {
        let kept = try upload(Self.line)
        let half = folder.file(".fettle/files/file-abc.part")
        let unrecorded = folder.file(".fettle/files/file-abd")
        try Data("{".utf8).write(to: URL(filePath: half))
        try Data("{}".utf8).write(to: URL(filePath: unrecorded))
        let running = try library.begin(filename: "a", purpose: "fine-tune")
        library.removeLeftovers()
        #expect(try names() == [kept.id, running.id + ".part"].sorted())
        try running.append(Array(Self.line.utf8))
        _ = try running.finish()
        #expect(try library.files().count == 2)
    }

    // MARK: - Lines

    private static let head =
        "Expected file to have JSONL format, where every line is a JSON dictionary. "

    @Test(
        arguments: [
            "\u{FEFF}" + line, line + line + "\n\n \n", "\n" + line, line.dropLast() + "\r\n",
            line.dropLast() + "",
            "{\"prompt\": \"a\u{2028}b\u{85}\", \"completion\": \"\\u2028\\ud800\\/\"}\n",
            "{}\n{\"a\": [1, -2.5e3, true, false, null, {}, [], [[]], {\"b\": {}}]}\n",
            " {\"messages\" : [ {\"role\": \"user\"} ] } \n",
        ] as [String],
        [1, 2, 3, 5, 1000]
    )
    func goodLinesAreTaken(text: String, pieces: Int) throws {
        #expect(try upload(text, pieces: pieces).bytes == Int64(text.utf8.count))
    }

    @Test(arguments: [
        (
            "prompt,completion\n",
            "Line 1 is not a dictionary (HINT: line starts with: \"p...\"). "
                + "In column 1: expected an object, '{…}', found 'p'."
        ),
        (
            "{\"prompt\": \"a\",\n \"completion\": \"b\"}",
            "Line 1 is not a dictionary (HINT: line starts with: \"{\\\"p...\"). "
                + "In column 16: expected a name in double quotes, found the end of the line."
        ),
        (
            line + "[1]\n",
            "Line 2 is not a dictionary (HINT: line starts with: \"[...\"). "
                + "In column 1: expected an object, '{…}', found '['."
        ),
        (
            line + "\n{'prompt': 1}\n",
            "Line 3 is not a dictionary (HINT: line starts with: \"{'...\"). "
                + "In column 2: expected a name in double quotes, found '''."
        ),
        (
            "{\"é\": tru}\n",
            "Line 1 is not a dictionary (HINT: line starts with: \"{\\\"é...\"). "
                + "In column 10: expected a value, found 't'."
        ),
        (
            "{\"a\": 1} {\"b\": 2}\n",
            "Line 1 is not a dictionary (HINT: line starts with: \"{\\\"a...\"). "
                + "In column 10: expected the end of the line after the object, found '{'."
        ),
        (
            line + "{\"a\": \"x",
            "Line 2 is not a dictionary (HINT: line starts with: \"{\\\"a...\"). "
                + "In column 8: expected the rest of the object, found the end of the text."
        ),
        (
            "{\"a\": \"x\ty\"}\n",
            "Line 1 is not a dictionary (HINT: line starts with: \"{\\\"a...\"). "
                + "In column 9: expected the end of the string, '\"', found the byte 0x9."
        ),
        (
            "{\"a\": [1}\n",
            "Line 1 is not a dictionary (HINT: line starts with: \"{\\\"a...\"). "
                + "In column 9: expected ',' or ']', found '}'."
        ),
        ("\n \n", "The file has no lines."), ("", "The file has no lines."),
    ])
    func badLineIsNamedWithWhatIsWrong(text: String, problem: String) throws {
        for pieces in [1, 4, 1000] {
            #expect(throws: Diagnostic("bad-lines", Self.head + problem)) {
                try upload(text, pieces: pieces)
            }
        }
        #expect(try names() == [])
    }

    @Test func deepLinesAreRefused() throws {
        let line = "{\"a\": " + String(repeating: "[", count: 10_000)
        #expect(
            throws: Diagnostic(
                "bad-lines",
                Self.head
                    + "Line 1 is not a dictionary (HINT: line starts with: \"{\\\"a...\"). In column "
                    + "134: expected at most 128 brackets that are open at once, found '['."
            )
        ) {
            try upload(line)
        }
    }

    @Test func otherPurposesTakeAnything() throws {
        #expect(try upload("\u{0}\n}", purpose: "user_data").bytes == 3)
    }
}
