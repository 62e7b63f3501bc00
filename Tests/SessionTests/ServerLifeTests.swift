import FettleTestSupport
import Foundation
import Testing

/// What is left of a server's work when it is ended, gently or not.
struct ServerLifeTests {
    /// Begins a job that takes minutes, and prints its id.
    private static let longJob = """
        FILE=$(curl -sf $URL/files -F purpose=fine-tune -F file=@long.jsonl \
          | grep -o 'file-[A-Za-z0-9]*')
        curl -sf $URL/fine-tunes -d '{"training_file": "'$FILE'", "model": "ada", "n_epochs": 50,
          "batch_size": 1}' | grep -o 'ft-[A-Za-z0-9]*' | head -1
        """

    private static func wait(_ status: String, _ job: String, attempts: Int = 600) -> String {
        """
        for n in $(seq 1 \(attempts)); do
          curl -s $URL/fine-tunes/\(job) | grep -q '"status": "\(status)"' && exit 0
          sleep 0.05
        done
        curl -s $URL/fine-tunes/\(job); exit 1
        """
    }

    @Test(.enabled(if: ServedProgram.hasCurl, "no /usr/bin/curl"))
    func killedServersJobsGoOnAndFinishedOnesAreWhole() async throws {
        let folder = try TemporaryFolder()
        try await ServedProgram.reviews(into: folder)
        var server = try await ServedProgram(folder)
        let long = try await server.shell(Self.longJob).trimmed
        let short = try await server.shell(
            """
            FILE=$(curl -sf $URL/files | grep -o 'file-[A-Za-z0-9]*' | head -1)
            curl -sf $URL/fine-tunes -d '{"training_file": "'$FILE'", "model": "curie", "n_epochs": 1}' \
              | grep -o 'ft-[A-Za-z0-9]*' | head -1
            """
        ).trimmed
        for number in 1...3 {
            _ = try await server.shell(Self.wait("running", long))
            // Uploads, lists and questions are on their way when it ends.
            let url = server.baseURL
            let load = try FettleProgram.start(
                [
                    "-c",
                    """
                    while curl -s -o /dev/null \(url)/fine-tunes -o /dev/null \(url)/models \
                      && curl -s -o /dev/null \(url)/files -F purpose=fine-tune -F file=@learn.jsonl
                    do :; done
                    """,
                ],
                of: "/bin/sh",
                in: folder,
                as: "-load\(number)"
            )
            try await Task.sleep(for: .milliseconds(300))
            try await server.kill()
            _ = try await FettleProgram.finish(load, in: folder)
            server = try await ServedProgram(folder, "-serve\(number)")
        }
        // The long one goes on; the one that waited behind it is not lost.
        _ = try await server.shell(Self.wait("running", long))
        _ = try await server.shell("curl -sf -X POST $URL/fine-tunes/\(long)/cancel")
        _ = try await server.shell(Self.wait("succeeded", short))
        let answer = try await server.shell(
            """
            MODEL=$(curl -s $URL/models | grep -o 'curie:ft-[-a-z0-9]*' | head -1)
            curl -sf $URL/completions -d '{"model": "'$MODEL'", "prompt": "I love it", "temperature": 0}'
            """
        )
        #expect(answer.contains(#/"text": " [1-5]"/#), "\(answer)")
        // No half of an upload is listed.
        let files = try await server.shell("curl -sf $URL/files")
        let listed = files.matches(of: #/"(learn|long).jsonl", "bytes": (\d+), /#)
        #expect(!listed.isEmpty, "\(files)")
        for file in listed {
            #expect(try folder.text("\(file.1).jsonl").utf8.count == Int(file.2), "\(files)")
        }
        _ = try await server.stop()
    }

    @Test(.enabled(if: ServedProgram.hasCurl, "no /usr/bin/curl"))
    func streamEndsCleanlyWhenTheServerIsAskedToEnd() async throws {
        let folder = try TemporaryFolder()
        try await ServedProgram.reviews(into: folder)
        let server = try await ServedProgram(folder)
        let job = try await server.shell(Self.longJob).trimmed
        _ = try await server.shell(Self.wait("running", job))
        let stream = try FettleProgram.start(
            ["-sN", "\(server.baseURL)/fine-tunes/\(job)/events?stream=true"],
            of: "/usr/bin/curl",
            in: folder,
            as: "-stream"
        )
        while !(try folder.text("standard-output-stream").contains("Fine-tune started")) {
            try await Task.sleep(for: .milliseconds(20))
        }
        let start = ContinuousClock.now
        let result = try await server.stop()
        #expect(ContinuousClock.now - start < .seconds(10))
        #expect(result.errors.contains("stopped serving \(server.baseURL)"), "\(result.errors)")
        let events = try await FettleProgram.finish(stream, in: folder)
        // A stream that was cut off makes curl end with 18; without the end of the job there is no [DONE].
        #expect(events.status == 0)
        #expect(!events.output.contains("[DONE]"))
        // The job is not lost: another server goes on with it.
        let next = try await ServedProgram(folder, "-next")
        _ = try await next.shell(Self.wait("running", job))
        _ = try await next.shell("curl -sf -X POST $URL/fine-tunes/\(job)/cancel")
        _ = try await next.stop()
    }
}

extension String {
    /// The text without its last line feed.
    fileprivate var trimmed: String { hasSuffix("\n") ? String(dropLast()) : self }
}
