import FettleCore
import FettleStore
import FettleWorkbench
import Foundation
import OpenAIWire

/// Jobs: made, followed, and what came of them.
extension OpenAICommandLine {
    /// Makes a job of files that are uploaded where they are paths, and follows it unless that is not wanted.
    func create(_ values: OldOptions.Values) async throws -> Int {
        let checks = !values.has("no_check_if_files_exist")
        var members: [JSONValue.Member] = []
        for name in ["training_file", "validation_file"] {
            guard let file = values.text(name), name == "training_file" || !file.isEmpty else {
                continue
            }
            members.append(.init(name, .string(try await uploaded(file, checks: checks))))
        }
        for name in ["model", "suffix", "classification_positive_class"] {
            if let text = values.text(name) { members.append(.init(name, .string(text))) }
        }
        for name in ["n_epochs", "batch_size", "classification_n_classes"] {
            if let number = values.integer(name) {
                members.append(.init(name, .integer(Int64(number))))
            }
        }
        for name in ["learning_rate_multiplier", "prompt_loss_weight"] {
            if let number = values.number(name) { members.append(.init(name, .number(number))) }
        }
        if values.has("compute_classification_metrics") {
            members.append(.init("compute_classification_metrics", .boolean(true)))
        }
        if let betas = values.numbers("classification_betas") {
            members.append(.init("classification_betas", .array(betas.map { .number($0) })))
        }
        // Read as the server reads it, so that the same things are wrong.
        let request = try FineTuneRequest(reading: WireObject(.object(members)))
        let job = try services.served.submit(ServedJobs.Submission(request))
        try services.startServed()
        guard !values.has("no_follow") else {
            show(try services.fineTunes.form(job))
            return 0
        }
        terminal.write(
            """
            Created fine-tune: \(job.id)
            Streaming events until fine-tuning is complete...

            (Ctrl-C will interrupt the stream, but not cancel the fine-tune)

            """
        )
        return try await follow(job.id)
    }

    /// Tells what happens to a job until it has ended.
    func follow(_ id: String) async throws -> Int {
        let served = services.served
        try services.startServed()
        for await event in try served.eventStream(of: id) {
            terminal.write("[\(TimeText.local(event.at))] \(event.message)\n")
        }
        let job = try served.job(id)
        give(try services.fineTunes.form(job, withEvents: false).json)
        switch job.status {
        case .succeeded:
            terminal.write(
                """

                Job complete! Status: succeeded 🎉
                Try out your fine-tuned model:

                openai api completions.create -m \(job.stored.model ?? "") -p <YOUR_PROMPT>

                """
            )
            return 0
        case .failed:
            terminal.write("\nJob failed. \(job.failure?.message ?? "")\n")
            return 1
        case .cancelled:
            terminal.write("\nJob ended. Status: cancelled\n")
            return 1
        case .queued, .paused, .interrupted, .running:
            terminal.write(
                """

                Stream interrupted. Job is still \(LegacyFineTunes.status(job.status)).
                To resume the stream, run:

                  openai api fine_tunes.follow -i \(id)

                To cancel your job, run:

                  openai api fine_tunes.cancel -i \(id)


                """
            )
            return 0
        }
    }

    /// Shows the table of a job's metrics.
    func results(of id: String) throws {
        let job = try services.fineTunes.job(id)
        guard let file = job.served?.resultFile else {
            throw APIFailure(404, "No results file available for fine-tune \(id)", param: "id")
        }
        let files = services.files
        let bytes = try Data(contentsOf: URL(filePath: try files.path(of: try files.file(file))))
        terminal.write(String(decoding: bytes, as: UTF8.self) + "\n")
    }

    // MARK: - Files

    /// Returns the id of a file that was named by its id or its path, and uploads it in the second case.
    private func uploaded(_ file: String, checks: Bool) async throws -> String {
        let files = services.files
        if let known = try? files.file(file) { return known.id }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: file, isDirectory: &isFolder),
            !isFolder.boolValue
        else {
            // What it is then is said where the job is made.
            return file
        }
        if checks, let known = try await reused(file) { return known }
        guard let handle = FileHandle(forReadingAtPath: file) else {
            throw Diagnostic("no-file", "'\(file)' cannot be read")
        }
        defer { try? handle.close() }
        let upload = try files.begin(filename: file, purpose: "fine-tune")
        while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
            try Task.checkCancellation()
            try upload.append([UInt8](piece))
        }
        let record = try upload.finish()
        terminal.write("Uploaded file from \(file): \(record.id)\n")
        return record.id
    }

    /// Asks whether a file of the same name and length is meant; nil for none.
    private func reused(_ path: String) async throws -> String? {
        let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int64
        func name(_ path: String) -> String { URL(filePath: path).lastPathComponent }
        let same = try services.files.files().filter { file in
            file.purpose == "fine-tune" && name(file.filename) == name(path) && file.bytes == size
        }
        guard let first = same.first else { return nil }
        terminal.write(
            "Found potentially duplicated files with name '\(name(first.filename))', purpose "
                + "'fine-tune' and size \(first.bytes) bytes\n"
                + same.map(\.id).joined(separator: "\n")
        )
        while true {
            terminal.write(
                "\nEnter file ID to reuse an already uploaded file, or an empty string to upload this "
                    + "file anyway: "
            )
            let answer = (try await terminal.readLine() ?? "").trimmingCharacters(in: .whitespaces)
            if answer.isEmpty { return nil }
            if same.contains(where: { $0.id == answer }) {
                terminal.write("Reusing already uploaded file: \(answer)\n")
                return answer
            }
            terminal.write(
                "File id '\(answer)' is not among the IDs of the potentially duplicated files\n"
            )
        }
    }
}
