import FettleTestSupport
import Foundation
import Testing

/// Control characters in data, names and commands are never written to a terminal or a pipe of text, and
/// secrets are never stored.
struct UntrustedTextTests {
    /// Colours, a link, the clipboard, C1, bell, backspace, return, bidirectional and zero-width.
    private static let planted =
        "\u{1B}[31m\u{1B}]8;;http://x\u{7}\u{1B}]52;c;aGk=\u{7}\u{9B}2J\u{8}\u{202E}\u{2066}\u{200B}\u{85}"

    /// A file whose name, columns, cells and labels have them.
    private static func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        var text = "te\(planted)xt,label\n"
        for row in 0..<60 {
            text += "\"\(planted)\r \(["warm", "cold"][row % 2]) \(row)\",\(planted)\(row % 2)\n"
        }
        try folder.write(text, to: "many\(planted).csv")
        try folder.write("text\n\u{1B}[31m", to: "bad.csv")
        let file = try FileHandle(forWritingTo: URL(filePath: folder.path + "/bad.csv"))
        try file.seekToEnd()
        try file.write(contentsOf: Data([0x1B, 0x5B, 0xFF, 0xC3, 0x28, 0x0A]))
        try file.close()
        return folder
    }

    private static let setUp = """
        load 'many\(planted).csv' as d delimiter=','
        format prompt='{{te\(planted)xt}} ->' completion=' {{label}}'
        split 80/10/10 seed=1
        """

    /// A line for each command that shows data, then lines that are errors.
    private static let lines = [
        "datasets", "columns d", "rows d 3", "row 1 d", "stats d by=label", "check d", "preview 2",
        "where label == '\(planted)1' | rows", "dedupe", "sample 5",
        "relabel label '\(planted)1'=x",
        "derive n = label + '\(planted)'", "tune ngram on d.train n_epochs=1 as m --no-check",
        "ask m row=1 on d", "ask m '\(planted)'", "predict m on d.test", "evaluate m on d.test",
        "compare m m on d.test", "models", "model show m", "jobs", "job 1", "events 1", "curve 1",
        "let x = '\(planted)'; vars", "history", "help", "undo", "!true '\(planted)'", "format",
        "load bad.csv", "rows '\(planted)'", "where nope\(planted) == 1", "'\(planted)'",
        "load '\(planted)'", "run '\(planted)'", "help '\(planted)'", "ask '\(planted)' x",
        "rows d > '\(planted)/x.csv'", "param y; rows $y\(planted)", "!false '\(planted)'",
    ]

    private static func isSafe(_ text: String, allowing allowed: String = "\n\t") -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            allowed.unicodeScalars.contains(scalar)
                || !(scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
                    || [0x200B, 0x202E, 0x2066].contains(scalar.value))
        }
    }

    @Test func noCommandWritesControlCharactersToAPipe() async throws {
        let folder = try Self.folder()
        for line in Self.lines {
            try folder.write("\(Self.setUp)\n\(line)\n", to: "a.fettle")
            let result = try await FettleProgram.run(["a.fettle"], in: folder)
            #expect(
                Self.isSafe(result.output),
                "\(line.debugDescription): \(result.output.debugDescription)"
            )
            #expect(
                Self.isSafe(result.errors),
                "\(line.debugDescription): \(result.errors.debugDescription)"
            )
            #expect((result.output + result.errors).contains("␛"), "\(line.debugDescription)")
        }
        let usage = try await FettleProgram.run(["-c", "help", "--\(Self.planted)"], in: folder)
        #expect(usage.status == 2)
        #expect(Self.isSafe(usage.errors), "\(usage.errors.debugDescription)")
    }

    @Test func noCommandWritesPlantedSequencesToATerminal() async throws {
        let folder = try Self.folder()
        for line in Self.lines where !line.hasPrefix("!") {
            try folder.write("\(Self.setUp)\n\(line)\n", to: "a.fettle")
            let terminal = try PseudoTerminal(
                program: "/bin/sh",
                arguments: [
                    "-c",
                    "cd '\(folder.path)' && exec '\(FettleProgram.path)' --ephemeral a.fettle",
                ],
                environment: ["HOME": folder.path, "NO_COLOR": "1"]
            )
            _ = try await terminal.waitForExit()
            let text = String(decoding: terminal.output, as: UTF8.self)
            // The progress line goes back and clears its line.
            let rest = text.replacing("\u{1B}[K", with: "").replacing("\u{1B}[2K", with: "")
            #expect(
                Self.isSafe(rest, allowing: "\n\t\r"),
                "\(line.debugDescription): \(rest.debugDescription)"
            )
        }
    }

    @Test func filesKeepTheBytesAsTheirFormatWritesThem() async throws {
        let folder = try Self.folder()
        let written = try await FettleProgram.run(
            [
                "-c", Self.setUp, "-c",
                "where label == '\(Self.planted)1' | select label > out.jsonl",
            ],
            in: folder
        )
        #expect(written.status == 0, "\(written.errors)")
        let line = try #require(try folder.text("out.jsonl").split(separator: "\n").first)
        #expect(
            line == #"{"label": "\u001b[31m\u001b]8;;http://x\u0007\u001b]52;c;aGk=\u0007"#
                + "\u{9B}2J\\u0008\u{202E}\u{2066}\u{200B}\u{85}1\"}"
        )
    }

    @Test func secretsAreStoredNowhere() async throws {
        let folder = try Self.folder()
        try folder.link("samples")
        let secrets = [
            "sk-abcdefghij1234567890", "hf_abcdefghij1234567890", "bearerabcdefgh123",
            "keyvalue8765abc",
            "passvalue8765abc", "urlpass8765abc",
        ]
        let lines = [
            "let a = 'sk-abcdefghij1234567890'", "let b = hf_abcdefghij1234567890",
            "!true -H 'Authorization: Bearer bearerabcdefgh123'", "let my_key=keyvalue8765abc",
            "!true password=passvalue8765abc", "vars",
            "load samples/tickets.tsv as t", "derive s = 'sk-abcdefghij1234567890'", "rows 2",
            "relabel s sk-abcdefghij1234567890=x",
            "format prompt='{{body}} key' completion=' {{queue}}'",
            "tune ngram n_epochs=1 as m --no-check", "ask m 'hf_abcdefghij1234567890'",
            "history", "session save saved.fettle",
        ]
        let prompt = try Prompt(folder)
        try await prompt.wait(for: "Ctrl-D leaves")
        for (number, line) in lines.enumerated() {
            try prompt.terminal.send(line + "\r")
            try prompt.terminal.send("!echo done-\(number)-\r")
            try await prompt.wait(for: "\ndone-\(number)-\n")
        }
        for line in [
            "load https://me:urlpass8765abc@host/a.csv", "where 'sk-abcdefghij1234567890' ==",
            "nope sk-abcdefghij1234567890", "!false password=passvalue8765abc",
        ] {
            try prompt.terminal.send(line + "\r")
            try await prompt.wait(for: "error[")
        }
        try await prompt.quit()
        let paths = try #require(FileManager.default.subpaths(atPath: folder.path))
        var found: [String] = []
        for path in paths
        where path.hasPrefix(".fettle") || path.hasPrefix("state") || path == "saved.fettle" {
            guard let bytes = FileManager.default.contents(atPath: folder.path + "/" + path) else {
                continue
            }
            for secret in secrets where bytes.firstRange(of: Data(secret.utf8)) != nil {
                found.append("\(secret) in \(path)")
            }
        }
        #expect(found == [])
        #expect(paths.contains("state/fettle/history") && paths.contains("saved.fettle"))
    }
}
