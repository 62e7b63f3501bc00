import FettleTestSupport
import Foundation
import GRDB
import Testing

/// Disks that are full or read-only, and a second Fettle: clear errors, and nothing half-written.
struct FaultTests {
    /// Whether this machine lets a test mount file systems for itself alone.
    static let canMount: Bool = {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", "unshare -m mount -t tmpfs tmpfs /mnt 2>/dev/null"]
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    private static func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        var text = "text,label\n"
        for row in 0..<4000 { text += "row number \(row) of the file,\(row % 3)\n" }
        try folder.write(text, to: "many.csv")
        return folder
    }

    /// Runs lines of the system's shell with a mount space of their own, in which `fettle` is the program.
    private static func shell(_ lines: String, in folder: TemporaryFolder) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "unshare", "-m", "sh", "-c", "fettle() { '\(FettleProgram.path)' \"$@\"; }\n" + lines,
        ]
        process.currentDirectoryURL = URL(filePath: folder.path)
        process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": folder.path]
        let pipe = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self)
            .replacingOccurrences(of: folder.path, with: "FOLDER")
    }

    @Test(.enabled(if: canMount, "mounting needs a right that this user lacks"))
    func fullDiskLeavesNoHalfOfAFile() throws {
        let folder = try Self.folder()
        let shown = try Self.shell(
            """
            mkdir full && mount -t tmpfs -o size=64k tmpfs full
            fettle -c 'load many.csv' > loaded
            fettle -c 'load many.csv' -c 'rows many > full/out.csv' 2>&1 >/dev/null
            echo "status $?"
            fettle -c 'load many.csv' -c 'format prompt="{{text}}" completion=" {{label}}"' \
              -c 'export many to full/out.jsonl --no-check' 2>&1 >/dev/null
            echo "status $?"
            ls -A full
            """,
            in: folder
        )
        #expect(
            shown == """
                error[cannot-write]: cannot write 'full/out.csv': no space left on device
                    1 | rows many > full/out.csv
                      |             ^^^^^^^^^^^^
                  hint: nothing was left half-written
                status 1
                error[cannot-write]: cannot write 'full/out.jsonl': no space left on device
                    1 | export many to full/out.jsonl --no-check
                      |                ^^^^^^^^^^^^^^
                  hint: nothing was left half-written
                status 1

                """
        )
    }

    @Test(.enabled(if: canMount, "mounting needs a right that this user lacks"))
    func modelThatDoesNotFitOnTheDiskIsNotLeftInPart() throws {
        let folder = try Self.folder()
        try folder.link("samples")
        let shown = try Self.shell(
            """
            mkdir full && mount -t tmpfs -o size=16k tmpfs full
            fettle -c 'model add samples/tiny-llama as tiny' > added
            for form in gguf folder modelfile; do
              fettle -c "model export tiny full/out as $form" 2>&1 >/dev/null
              echo "status $?"
              ls -A full
            done
            """,
            in: folder
        )
        let errors = [
            ("gguf", "out"), ("folder", "out/model.safetensors"), ("modelfile", "tiny.gguf"),
        ].map {
            form,
            file in
            """
            error[model-unwritable]: cannot write the model 'full/\(file)': No space left on device
                1 | model export tiny full/out as \(form)
                  |              ^^^^
              hint: check the free space and the permissions of its folder
            status 1

            """
        }
        #expect(shown == errors.joined(), "\(shown)")
    }

    @Test(.enabled(if: canMount, "mounting needs a right that this user lacks"))
    func workspaceOnAFullDiskIsSaidAndUsableOnceThereIsSpace() throws {
        let folder = try Self.folder()
        let shown = try Self.shell(
            """
            mkdir full && mount -t tmpfs -o size=1m tmpfs full
            dd if=/dev/zero of=full/fill bs=1k count=960 2>/dev/null
            fettle --workspace full/ws -c 'load many.csv' 2>&1 >/dev/null
            echo "status $?"
            rm full/fill
            fettle --workspace full/ws -c 'load many.csv' -c jobs 2>&1
            echo "status $?"
            """,
            in: folder
        )
        #expect(
            shown == """
                error[bad-workspace]: the workspace database 'full/ws/fettle.sqlite' cannot be used: the disk is full
                    1 | load many.csv
                      | ^^^^
                  hint: free some space, or name another place with --workspace DIR
                status 1
                many: 4,000 rows, 2 columns (CSV, UTF-8, delimiter ',', with header, 119 kB)
                text text, label integer
                no job was started: tune ngram on DATASET as NAME
                status 0

                """
        )
    }

    @Test(.enabled(if: canMount, "mounting needs a right that this user lacks"))
    func readOnlyFolderIsSaidAndEphemeralRunsWork() throws {
        let folder = try Self.folder()
        let shown = try Self.shell(
            """
            mkdir there && cp many.csv there && cd there && fettle -c 'load many.csv' >/dev/null && cd ..
            mkdir none && cp many.csv none
            for name in there none; do
              mount --bind $name $name && mount -o remount,ro,bind $name && cd $name
              fettle -c 'load many.csv' 2>&1
              echo "status $?"
              cd ..
            done
            cd there && fettle --ephemeral -c 'load many.csv' -c 'rows > out.csv' 2>&1
            echo "status $?"
            ls -A . .fettle | grep -v -e '-wal' -e '-shm'
            """,
            in: folder
        )
        #expect(
            shown == """
                error[bad-workspace]: the workspace database 'FOLDER/there/.fettle/fettle.sqlite' cannot be used: its folder is missing or read-only
                  hint: name another place with --workspace DIR, or keep nothing with --ephemeral
                commands run, but are not recorded
                error[bad-workspace]: the workspace database 'FOLDER/there/.fettle/fettle.sqlite' cannot be used: its folder is missing or read-only
                    1 | load many.csv
                      | ^^^^
                  hint: name another place with --workspace DIR, or keep nothing with --ephemeral
                status 1
                error[workspace-write]: the folder 'FOLDER/none/.fettle' cannot be made: read-only file system
                    1 | load many.csv
                      | ^^^^
                  hint: name another place with --workspace DIR, or keep nothing with --ephemeral
                status 1
                many: 4,000 rows, 2 columns (CSV, UTF-8, delimiter ',', with header, 119 kB)
                text text, label integer
                error[cannot-write]: cannot write 'out.csv': read-only file system
                    1 | rows > out.csv
                      |        ^^^^^^^
                status 1
                .:
                .fettle
                many.csv

                .fettle:
                fettle.sqlite

                """
        )
    }

    @Test func secondFettleInTheSameWorkspaceWaitsItsTurn() async throws {
        let folder = try Self.folder()
        let line = "load '\(folder.path)/many.csv' as many\nwhere label == 1\n"
        let script = try folder.write(String(repeating: line, count: 20), to: "a.fettle")
        let outputs = try (0..<3).map { _ in try TemporaryFolder() }
        let running = try outputs.map { output in
            try FettleProgram.start(
                ["run", "--workspace", folder.path + "/.fettle", script],
                in: output
            )
        }
        for (one, output) in zip(running, outputs) {
            let result = try await FettleProgram.finish(one, in: output)
            #expect(result.status == 0)
            #expect(result.errors == "")
        }
        let database = try DatabaseQueue(path: folder.path + "/.fettle/fettle.sqlite")
        let counts = try await database.read { database in
            try [
                "SELECT COUNT(*) FROM cell WHERE outcome = 'succeeded'",
                "SELECT COUNT(*) FROM dataset",
            ]
            .map { try Int.fetchOne(database, sql: $0) }
        }
        #expect(counts == [120, 120])
    }

    @Test func workspaceThatAnotherProgramKeepsLockedIsSaid() async throws {
        let folder = try Self.folder()
        _ = try await FettleProgram.run(["-c", "load many.csv"], in: folder)
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let database = try DatabaseQueue(
            path: folder.path + "/.fettle/fettle.sqlite",
            configuration: configuration
        )
        try await database.writeWithoutTransaction { database in
            try database.execute(sql: "BEGIN EXCLUSIVE")
        }
        let result = try await FettleProgram.run(["-c", "load many.csv"], in: folder)
        try await database.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        #expect(result.status == 1)
        #expect(
            result.errors == """
                error[workspace-write]: the workspace could not be written: another program has kept it locked for 5 seconds
                  hint: wait for it or end it; 'fuser .fettle/fettle.sqlite' tells which it is
                commands run, but are not recorded
                error[workspace-write]: the workspace could not be written: another program has kept it locked for 5 seconds
                    1 | load many.csv
                      | ^^^^
                  hint: wait for it or end it; 'fuser .fettle/fettle.sqlite' tells which it is

                """
        )
    }

    @Test func sourceThatWasCutSinceItWasLoadedIsSaid() async throws {
        let folder = try Self.folder()
        let result = try await FettleProgram.run(
            [
                "-c", "load many.csv", "-c", "!truncate -s 100 many.csv", "-c", "rows > out.csv",
            ],
            in: folder
        )
        #expect(result.status == 1)
        #expect(
            result.errors == """
                error[source-changed]: 'many.csv' was changed by another program after it was loaded
                    1 | rows > out.csv
                      | ^^^^
                  hint: load it again: its rows are read from the file, not copied

                """
        )
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/out.csv"))
    }

    @Test(arguments: ["rm many.csv", "echo new text,9 >> many.csv", "cp many.csv b; mv b many.csv"])
    func sourceThatIsGoneOrLongerStaysUsable(_ line: String) async throws {
        let folder = try Self.folder()
        let result = try await FettleProgram.run(
            ["-c", "load many.csv", "-c", "!\(line)", "-c", "rows 1"],
            in: folder
        )
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.hasSuffix("1 of 4,000 rows\n"))
    }
}
