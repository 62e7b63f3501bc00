import FettleTestSupport
import Foundation
import Testing

/// Keys and passwords in names, errors, jobs, transcripts and notebooks: none is in any file afterwards.
struct SecretStorageTests {
    private static let key = "sk-abcdefghij1234567890"
    private static let token = "hf_abcdefghij1234567890"
    private static let secrets = [
        key, token, "abcdefghij1234567890", "bearerabcdefgh123", "keyvalue8765abc",
        "passvalue8765abc", "urlpass8765abc", "promptkey8765abc",
    ]

    private static func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        var text = "text,label,other\n"
        for row in 0..<60 { text += "\(["warm", "cold"][row % 2]) \(row),\(row % 2),x \(key) y\n" }
        try folder.write(text, to: "in/\(key).csv")
        return folder
    }

    /// Returns the files below the folder that have a secret in their bytes, but for those under `in`.
    private static func leaks(_ folder: TemporaryFolder) -> [String] {
        let paths = FileManager.default.subpaths(atPath: folder.path) ?? []
        return paths.filter { !$0.hasPrefix("in/") }.sorted().flatMap { path -> [String] in
            let bytes = FileManager.default.contents(atPath: folder.path + "/" + path) ?? Data()
            return secrets.filter { bytes.firstRange(of: Data($0.utf8)) != nil }
                .map { "\($0) in \(path)" }
        }
    }

    @Test func noFileHasASecretThatWasTyped() async throws {
        let folder = try Self.folder()
        let load = "load 'in/\(Self.key).csv'"
        let lines = [
            "log t.txt", load, "load 'in/\(Self.key).csv' as d", "rows 2 | select other",
            "select text,label", #"format prompt="{{text}} ->" completion=" {{label}}""#,
            // Names are stored with jobs, models and datasets.
            "sample 9 as \(Self.key)", "tune ngram as \(Self.token)",
            "tune ngram suffix=\(Self.key)",
            "tune ngram suffix=\(Self.token)", "let \(Self.token)=1", "let my_key=keyvalue8765abc",
            "tune ngram n_epochs=1 as m --no-check &", "wait", "job '\(Self.key)'",
            "tune '\(Self.key)' on d", "evaluate \(Self.key) on d", "ask m 'a \(Self.token) b'",
            "curve \(Self.token)", "cancel \(Self.key)", "model show \(Self.token)",
            "model rename m \(Self.key)", "use \(Self.key)", "vars", "undo", "redo",
            "where text == '\(Self.key)'", "undo", "derive z = nope('\(Self.key)')",
            "load https://me:urlpass8765abc@host/a.csv", "run https://me:urlpass8765abc@host/a",
            "!false -H 'Authorization: Bearer bearerabcdefgh123'",
            "!true password=passvalue8765abc", "events", "job", "jobs", "history",
            "set prompt_key=promptkey8765abc", "help error \(Self.key)", "apropos \(Self.token)",
            "snippet save s 1..3", "rows > '\(Self.key)/no.csv'", "session save saved.fettle",
            "export notebook n.ipynb", "export notebook n.html", "export notebook n.md",
        ]
        var prompt = try Prompt(folder)
        try await prompt.wait(for: "Ctrl-D leaves")
        for (number, line) in lines.enumerated() {
            try prompt.terminal.send(line + "\r")
            try prompt.terminal.send("!echo done-\(number)-\r")
            try await prompt.wait(for: "\ndone-\(number)-\n")
        }
        // Killed, so that the database's WAL is there to be looked at, and the session is offered.
        try await prompt.kill()
        #expect(Self.leaks(folder) == [])
        let written = [
            "t.txt", "saved.fettle", "n.ipynb", "n.html", "n.md", ".fettle/fettle.sqlite",
        ]
        for name in written + [".fettle/fettle.sqlite-wal", "state/fettle/history"] {
            #expect(FileManager.default.fileExists(atPath: folder.path + "/" + name), "\(name)")
        }
        prompt = try Prompt(folder)
        try await prompt.terminal.wait(for: "the offer") {
            $0.currentLine == "bring its datasets and formats back? [y/N]"
        }
        try prompt.terminal.send("y\r")
        try await prompt.wait(for: "could not be repeated")
        let shown = String(decoding: prompt.terminal.output, as: UTF8.self)
        #expect(Self.secrets.filter { shown.contains($0) } == [])
        try await prompt.kill()
        #expect(Self.leaks(folder) == [])
    }

    @Test func nameThatLooksLikeAKeyIsRefused() async throws {
        let folder = try Self.folder()
        let result = try await FettleProgram.run(
            [
                "-c", "load 'in/\(Self.key).csv' as \(Self.key)",
            ],
            in: folder
        )
        #expect(result.status == 2)
        #expect(
            result.errors == """
                error[bad-name]: '\(Self.key)' looks like a key, and names are stored
                    1 | load 'in/\(Self.key).csv' as \(Self.key)
                      |                                          ^^^^^^^^^^^^^^^^^^^^^^^
                  hint: choose another name; 'secret set NAME' keeps a key

                """
        )
        #expect(
            Self.leaks(folder) == [
                "\(Self.key) in standard-error-run", "abcdefghij1234567890 in standard-error-run",
            ]
        )
    }
}
