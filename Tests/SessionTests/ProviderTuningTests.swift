import FettleTestSupport
import Foundation
import Testing

/// Tuning at a provider that is another Fettle.
@Suite(.serialized) struct ProviderTuningTests {
    private static let loaded = """
        load learn.jsonl as learn; format prompt={{prompt}} completion={{completion}}; \
        load measure.jsonl as m; format prompt={{prompt}} completion={{completion}}
        """

    /// A folder with rows, for a workspace that uses a server; those to learn from so many times, as a job that
    /// is stopped takes some seconds.
    private static func rows(of there: TemporaryFolder, times: Int = 1) throws -> TemporaryFolder {
        let here = try TemporaryFolder()
        for file in ["learn.jsonl", "measure.jsonl"] {
            try FileManager.default.copyItem(
                atPath: there.path + "/" + file,
                toPath: here.path + "/" + file
            )
        }
        let learn = try here.text("learn.jsonl")
        try here.write(String(repeating: learn, count: times), to: "learn.jsonl")
        return here
    }

    private static func run(
        _ here: TemporaryFolder,
        _ lines: String...
    ) async throws -> FettleProgram.Result {
        try await FettleProgram.run(lines.flatMap { ["-c", $0] }, in: here)
    }

    private static func json(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func modelIsTunedThereAskedHereAndTunedOn() async throws {
        let there = try TemporaryFolder()
        try await ServedProgram.reviews(into: there)
        let server = try await ServedProgram(there)
        let here = try Self.rows(of: there)
        let tuned = try await Self.run(
            here,
            "provider add other url=\(server.baseURL)",
            Self.loaded,
            "tune other/ada on learn validate=m n_epochs=2 suffix=mine as first --no-check",
            "evaluate first on m > here.json",
            "events 1 | as json > events.json",
            "curve 1 | as json > curve.json",
            "model first"
        )
        #expect(tuned.status == 0, "\(tuned.errors)")
        let id = try #require(
            tuned.output.firstMatch(of: #/\nfirst: (other\/ada:ft-personal:mine-[-0-9]+)\n/#)?.1,
            "\(tuned.output)"
        )
        #expect(tuned.output.contains("n_epochs"))

        // What the server made is the same model, and measures the same there.
        let name = id.dropFirst("other/".count)
        let asked = try await FettleProgram.run(
            ["-c", Self.loaded, "-c", "evaluate '\(name)' on m > there.json"],
            in: there
        )
        #expect(asked.status == 0, "\(asked.errors)")
        let accuracy = try Self.json(here.text("here.json"))["accuracy"] as? Double
        #expect(try #require(accuracy) > 0.5)
        #expect(accuracy == (try Self.json(there.text("there.json"))["accuracy"] as? Double))

        let events = try here.text("events.json")
        for message in [
            "Created fine-tune: ftjob-", "'other' calls it ftjob-", "Fine-tuning job started",
            "New fine-tuned model created: \(name)", "The job has successfully completed",
        ] {
            #expect(events.contains(message), "\(events)")
        }
        #expect(try here.text("curve.json").contains("\"validation"))

        // The same rows are not uploaded again; the next job goes on from the model that is there.
        let more = try await Self.run(
            here,
            Self.loaded,
            "tune first on learn n_epochs=1 as second --no-check",
            "evaluate second on m",
            "ask second row=1 on m logprobs=5"
        )
        #expect(more.status == 0, "\(more.errors)")
        #expect(more.output.contains("\nProbabilities:\n"))
        let files = try await server.shell("curl -sS \"$URL/files?purpose=fine-tune\"")
        let names = files.matches(of: #/"filename": "fettle-[0-9a-f]{32}\.jsonl"/#)
        #expect(names.count == 2, "\(files)")
        let jobs = try await server.shell("curl -sS \"$URL/fine_tuning/jobs\"")
        #expect(jobs.contains("\"model\": \"\(name)\""), "\(jobs)")
        _ = try await server.stop()
    }

    @Test func jobGoesOnThereWhileNobodyFollowsAndIsFollowedAgain() async throws {
        let there = try TemporaryFolder()
        try await ServedProgram.reviews(into: there)
        var server = try await ServedProgram(there)
        let here = try Self.rows(of: there, times: 5)
        _ = try await Self.run(here, "provider add other url=\(server.baseURL)")

        // Killed in the middle of following, and the server with it.
        let following = try FettleProgram.start(
            [
                "-c", Self.loaded, "-c",
                "tune other/ada on learn n_epochs=40 batch_size=1 as long --no-check",
            ],
            in: here,
            as: "-following"
        )
        while !(try await Self.run(here, "events 1")).output.contains("'other' calls it") {
            try await Task.sleep(for: .milliseconds(50))
        }
        kill(following.process.processIdentifier, SIGKILL)
        _ = try await FettleProgram.finish(following, in: here)
        let jobs = try await Self.run(here, "jobs")
        #expect(jobs.output.contains("interrupted"), "\(jobs.output)")
        let port = try #require(server.baseURL.firstMatch(of: #/:([0-9]+)\/v1$/#)?.1)
        try await server.kill()
        server = try await ServedProgram(there, "-again", port: String(port))

        let resumed = try await Self.run(here, Self.loaded, "resume 1", "evaluate long on m")
        #expect(resumed.status == 0, "\(resumed.errors)")
        #expect(resumed.output.contains("\nlong: other/ada:ft-personal-"), "\(resumed.output)")
        let made = try await server.shell("curl -sS \"$URL/fine_tuning/jobs\"")
        #expect(made.matches(of: #/"object": "fine_tuning.job"/#).count == 1, "\(made)")
        _ = try await server.stop()
    }

    @Test func cancellingEndsTheJobThere() async throws {
        let there = try TemporaryFolder()
        try await ServedProgram.reviews(into: there)
        let server = try await ServedProgram(there)
        let here = try Self.rows(of: there, times: 5)
        let cancelled = try await Self.run(
            here,
            "provider add other url=\(server.baseURL)",
            Self.loaded,
            "tune other/ada on learn n_epochs=50 batch_size=1 as long --no-check &",
            "!timeout 60 sh -c \"until '\(FettleProgram.path)' -c 'events 1' | grep -q calls.it; do sleep 0.1; done\"",
            "cancel long",
            "resume 1"
        )
        #expect(cancelled.status == 1)
        #expect(cancelled.output.contains("job 1 trains at 'other': watch 1, cancel 1"))
        #expect(
            cancelled.errors.hasPrefix(
                "error[provider-job-ended]: the job was cancelled at 'other', and is not taken up again there"
            ),
            "\(cancelled.errors)"
        )
        let jobs = try await server.shell("curl -sS \"$URL/fine_tuning/jobs\"")
        #expect(jobs.contains("\"status\": \"cancelled\""), "\(jobs)")
        _ = try await server.stop()
    }

    @Test func conversationsAreTunedAndAskedAsSuch() async throws {
        let there = try TemporaryFolder()
        try await ServedProgram.reviews(into: there)
        let server = try await ServedProgram(there)
        let here = try Self.rows(of: there)
        let tuned = try await Self.run(
            here,
            "provider add other url=\(server.baseURL)",
            """
            load learn.jsonl as learn; format chat system="Rate it." user={{prompt}} assistant={{completion}}; \
            load measure.jsonl as m; format like=learn
            """,
            "tune other/ada on learn n_epochs=1 as chatty --no-check",
            "evaluate chatty on m > here.json",
            "ask chatty row=1 on m logprobs=5"
        )
        #expect(tuned.status == 0, "\(tuned.errors)")
        #expect(try #require(Self.json(here.text("here.json"))["accuracy"] as? Double) > 0.5)
        let files = try await server.shell("curl -sS \"$URL/files?purpose=fine-tune\"")
        let file = try #require(files.firstMatch(of: #/"id": "(file-[A-Za-z0-9]+)"/#)?.1)
        let content = try await server.shell("curl -sS \"$URL/files/\(file)/content\" | head -1")
        #expect(
            content.hasPrefix(
                #"{"messages": [{"role": "system", "content": "Rate it."}, {"role": "user", "content": ""#
            ),
            "\(content)"
        )
        _ = try await server.stop()
    }

    @Test(arguments: [
        (
            "seed=3000000000",
            "'seed' is 3000000000, expected at most 2,147,483,647 for 'here/model'"
        ),
        ("shuffle=none", "'shuffle' is 'none', and 'here' chooses the order itself"),
    ])
    func settingThatNoProviderTakesIsRefused(setting: String, message: String) async throws {
        let here = try TemporaryFolder()
        try here.write(
            #"{"prompt": "abcd ->", "completion": " 1"}"# + "\n"
                + #"{"prompt": "efgh ->", "completion": " 2"}"# + "\n",
            to: "rows.jsonl"
        )
        let tuned = try await Self.run(
            here,
            // Nobody listens there.
            "provider add here url=http://127.0.0.1:1/v1",
            "load rows.jsonl as r; format prompt={{prompt}} completion={{completion}}",
            "tune here/model on r \(setting) --no-check"
        )
        #expect(tuned.status == 2)
        #expect(tuned.errors.hasPrefix("error[bad-value]: \(message)\n"), "\(tuned.errors)")
    }

    @Test func nothingIsSpentUnasked() async throws {
        let here = try TemporaryFolder()
        try here.write(
            #"{"prompt": "abcd ->", "completion": " 1"}"# + "\n"
                + #"{"prompt": "efgh ->", "completion": " 2"}"# + "\n",
            to: "rows.jsonl"
        )
        let loaded = "load rows.jsonl as r; format prompt={{prompt}} completion={{completion}}"
        let known = try await Self.run(
            here,
            // Nobody listens there.
            "provider add paid url=http://127.0.0.1:1/v1 training_price=3.5",
            loaded,
            "tune paid/model on r n_epochs=2 --no-check"
        )
        #expect(known.status == 4)
        #expect(
            known.errors == """
                error[needs-confirmation]: tuning at 'paid' may cost money: about 5 tokens × 2 epochs, about $0.00
                    1 | tune paid/model on r n_epochs=2 --no-check
                      | ^^^^
                  hint: '--yes' allows it

                """,
            "\(known.errors)"
        )
        let unknown = try await Self.run(
            here,
            "provider add far url=https://provider.invalid/v1",
            loaded,
            "tune far/model on r --no-check"
        )
        #expect(
            unknown.errors.contains(
                "tuning at 'far' may cost money: about 5 tokens × the epochs that it chooses, at a price that is not "
                    + "known here"
            ),
            "\(unknown.errors)"
        )
        #expect((try await Self.run(here, "jobs")).output.contains("no job was started"))
    }

    @Test func accountIsBroughtHereWithAScriptThatCompares() async throws {
        let there = try TemporaryFolder()
        try await ServedProgram.reviews(into: there)
        try there.write(
            """
            import json
            rows = [json.loads(line) for line in open("learn.jsonl")]
            with open("chat.jsonl", "w") as file:
                for row in rows:
                    print(json.dumps({"messages": [{"role": "user", "content": row["prompt"]},
                                                   {"role": "assistant", "content": row["completion"]}]}), file=file)
            """,
            to: "chat.py"
        )
        let server = try await ServedProgram(there)
        _ = try await server.shell("python3 chat.py")
        for file in ["learn", "chat"] {
            let made = try await server.shell(
                """
                FILE=$(curl -sS $URL/files -F purpose=fine-tune -F file=@\(file).jsonl | grep -o 'file-[A-Za-z0-9]*' | head -1)
                curl -sS $URL/fine_tuning/jobs -H 'content-type: application/json' \
                  -d '{"model": "ada", "training_file": "'$FILE'", "hyperparameters": {"n_epochs": 1}}'
                """
            )
            let job = try #require(made.firstMatch(of: #/"id": "(ftjob-[A-Za-z0-9]+)"/#)?.1)
            while try await !server.shell("curl -sS $URL/fine_tuning/jobs/\(job)").contains(
                "\"status\": \"succeeded\""
            ) {
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        let here = try TemporaryFolder()
        let imported = try await Self.run(
            here,
            "provider add other url=\(server.baseURL)",
            "provider import other"
        )
        #expect(imported.status == 0, "\(imported.errors)")
        let line = #/from ada,(?s:.*?)3,524\s+rows\s+in\s+file-/#
        #expect(imported.output.matches(of: line).count == 2, "\(imported.output)")
        let script = try here.text("other/import.fettle")
        #expect(
            script.contains(
                #"format chat system="{{system}}" user="{{user}}" assistant="{{assistant}}""#
            )
        )
        let run = try await FettleProgram.run(
            ["-c", "!cd other && \(FettleProgram.path) import.fettle > log.txt 2>&1"],
            in: here
        )
        let log = try here.text("other/log.txt")
        #expect(run.status == 0, "\(log)")
        #expect(log.matches(of: #/exact +[0-9.]+ %/#).count >= 2 || log.contains("exact"), "\(log)")
        #expect(try here.text("other/golden1.jsonl").contains("\"prediction\""))
        #expect(try here.text("other/golden2.jsonl").contains("\"prediction\""))
        _ = try await server.stop()
    }
}
