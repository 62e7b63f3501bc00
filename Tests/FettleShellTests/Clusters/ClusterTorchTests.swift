import FettleCore
import FettleStore
import FettleTestSupport
import FettleWorkbench
import Foundation
import Testing

@testable import FettleShell

/// What this machine sends of a language model to a cluster, and what becomes of what comes back.
///
/// The training itself is tested with PyTorch and Ray ('make test-cluster').
struct ClusterTorchTests {
    private static let tiny = Files.root + "/samples/tiny-llama"

    /// A shell with a model tuned here, whose adapter is at `adapter`, and a cluster whose Python is the program of
    /// `answers`.
    private static func shell(
        _ folder: TemporaryFolder,
        _ ray: RayStandIn
    ) async throws -> TestShell {
        let file = try folder.write(SmallData.csv, to: "d.csv")
        var shell = TestShell(environment: ["HOME": folder.path])
        let result = await shell.run(
            """
            cluster add lab \(ray.address)
            load \(file)
            \(SmallData.format)
            split 70/30
            model add '\(tiny)' as tiny
            \(line) as here
            model export here '\(folder.path)/adapter' as adapter --no-check
            """
        )
        #expect(result.status == .success, "\(result.errors)")
        return shell
    }

    private static let line = "tune tiny on d.train validate=d.test n_epochs=2 seed=3 rank=4"

    /// A stand-in of a cluster whose `python` gives the adapter at `adapter`, and copies its job to `job`.
    private static func cluster(_ folder: TemporaryFolder) throws -> RayStandIn {
        let program = """
            #!/usr/bin/python3
            import base64, hashlib, json, pathlib, shutil, sys
            place = pathlib.Path("\(folder.path)")
            shutil.copytree(".", place / "job", dirs_exist_ok=True)
            order = json.loads(pathlib.Path("order.json").read_text())
            adapter = (place / "adapter/adapter_model.safetensors").read_bytes()
            def say(event, **members):
                print("FTEVENT " + json.dumps({"event": event, "run": order["run"], **members}), flush=True)
            say("start", version="torch", cores=1, memory=1, glibc="2.36", step=0)
            for step in (1, 2):
                say("metric", step=step, total_steps=2, elapsed_examples=step, elapsed_tokens=step,
                    training_loss=1 / step, training_accuracy=0.5)
            say("epoch", epoch=1, epochs=1, step=2)
            say("setting", name="device", value="1 worker, CPU")
            size = 36 * 1024
            pieces = [adapter[start:start + size] for start in range(0, len(adapter), size)]
            for index, piece in enumerate(pieces):
                say("chunk", name="adapter", index=index, count=len(pieces),
                    base64=base64.b64encode(piece).decode())
            say("succeeded", files=[{"name": "adapter", "bytes": len(adapter),
                                     "sha256": hashlib.sha256(adapter).hexdigest()}])
            """
        let path = try folder.write(program, to: "python")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return try RayStandIn(environment: ["PATH": "\(folder.path):/usr/bin:/bin"])
    }

    @Test func adapterThatComesBackAnswersAsTheOneOfThisMachine() async throws {
        let folder = try TemporaryFolder()
        let ray = try Self.cluster(folder)
        var shell = try await Self.shell(folder, ray)
        let tuned = await shell.run("\(Self.line) cluster=lab workers=2 as there")
        #expect(tuned.status == .success, "\(tuned.errors)")
        let here = await shell.run("evaluate here on d.test as json")
        let there = await shell.run("evaluate there on d.test as json")
        #expect(
            there.output.replacing("\"there\"", with: "\"here\"") == here.output,
            "\(there.errors)"
        )
        let shown = await shell.run("model there")
        #expect(shown.output.contains("device"))
        let job = try #require(try shell.services.workspace.jobs().last)
        #expect(job.record.command == "\(Self.line) cluster=lab workers=2 as there")
        let rows = try shell.services.workspace.store().metrics(ofJob: job.record.id)
        #expect(rows.map(\.trainingLoss) == [1, 0.5])
    }

    @Test func orderHasAllThatIsToBeLearnt() async throws {
        let folder = try TemporaryFolder()
        let ray = try Self.cluster(folder)
        var shell = try await Self.shell(folder, ray)
        await shell.run("\(Self.line) cluster=lab as there")
        let job = folder.path + "/job"
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: job).sorted() == [
                "fettle_torch.py", "model", "order.json", "steps.jsonl", "train.jsonl",
                "validation.jsonl",
            ]
        )
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: job + "/model").sorted() == [
                "config.json", "model.safetensors",
            ]
        )
        func lines(_ name: String) throws -> [JSONValue] {
            try String(contentsOfFile: "\(job)/\(name)", encoding: .utf8).split(separator: "\n")
                .map { try JSONValue.parse(Array($0.utf8)) }
        }
        let order = try JSONValue.parse(
            Array(try Data(contentsOf: URL(filePath: job + "/order.json")))
        )
        #expect(order["engine"] == .string("ray"))
        #expect(order["workers"] == .integer(1))
        #expect(order["adapter"]?["rank"] == .integer(4))
        #expect(order["adapter"]?["alpha"] == .integer(8))
        #expect(order["training"]?["seed"] == .string("3"))
        #expect(order["training"]?["epochs"] == .integer(2))
        guard case .array(let modules)? = order["adapter"]?["modules"],
            case .array(let labels)? = order["labels"]
        else {
            Issue.record("\(order)")
            return
        }
        #expect(modules.count == 14)
        #expect(modules.first?["name"] == .string("model.layers.0.self_attn.q_proj"))
        #expect(labels.map { $0["text"] } == [.string(" bad"), .string(" good")])
        let train = try lines("train.jsonl")
        #expect(train.count == 140)
        let steps = try lines("steps.jsonl")
        #expect(steps.count == 36)
        // Each epoch shows every example once, in an order of its own.
        let places = steps.map { step -> [Int64] in
            guard case .array(let values) = step else { return [] }
            return values.compactMap { if case .integer(let place) = $0 { place } else { nil } }
        }
        let epochs = [Array(places[..<18].joined()), Array(places[18...].joined())]
        #expect(epochs.map { $0.sorted() } == [Array(0..<140), Array(0..<140)])
        #expect(epochs[0] != epochs[1])
    }

    @Test func tunedOnTakesItsAdapterAlong() async throws {
        let folder = try TemporaryFolder()
        let ray = try Self.cluster(folder)
        var shell = try await Self.shell(folder, ray)
        let more = await shell.run("tune here on d.train n_epochs=1 cluster=lab as more")
        #expect(more.status == .success, "\(more.errors)")
        let job = folder.path + "/job"
        let sent = try Data(contentsOf: URL(filePath: job + "/start.safetensors"))
        let own = try Data(
            contentsOf: URL(filePath: folder.path + "/adapter/adapter_model.safetensors")
        )
        #expect(sent == own)
        let order = try String(contentsOfFile: job + "/order.json", encoding: .utf8)
        #expect(order.contains(#""start": "start.safetensors""#))
    }

    @Test func adapterOfAnotherShapeIsRefused() async throws {
        let folder = try TemporaryFolder()
        let ray = try Self.cluster(folder)
        var shell = try await Self.shell(folder, ray)
        let result = await shell.run("tune tiny on d.train n_epochs=1 rank=8 cluster=lab as other")
        #expect(
            result.errors.hasPrefix(
                "error[result-damaged]: the adapter that came back has no "
                    + "'model.layers.0.self_attn.q_proj.lora_A.weight' of 8 × 16\n"
            ),
            "\(result.errors)"
        )
    }

    @Test func clusterWithoutPyTorchIsAnErrorThatSaysSo() async throws {
        let folder = try TemporaryFolder()
        let program = "#!/bin/sh\nexec /usr/bin/python3 -S -E \"$@\"\n"
        let path = try folder.write(program, to: "python")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        let ray = try RayStandIn(environment: ["PATH": "\(folder.path):/usr/bin:/bin"])
        var shell = try await Self.shell(folder, ray)
        let result = await shell.run("\(Self.line) cluster=lab as there")
        #expect(
            result.errors.hasPrefix("error[missing-package]: the package numpy is missing on "),
            "\(result.errors)"
        )
        #expect(ray.jobs.count == 1)
        let written = await shell.run("events --verbose")
        #expect(written.status == .success, "\(written.errors)")
    }

    @Test func tracebackIsOneSentenceAndTheRestWhenAskedFor() async throws {
        let folder = try TemporaryFolder()
        let program = """
            #!/bin/sh
            printf 'Traceback (most recent call last):\\n  File "x", line 1\\nOSError: \\033[31mno disk\\n' >&2
            exit 1
            """
        let path = try folder.write(program, to: "python")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        let ray = try RayStandIn(environment: ["PATH": "\(folder.path):/usr/bin:/bin"])
        var shell = try await Self.shell(folder, ray)
        let result = await shell.run("\(Self.line) cluster=lab as there")
        #expect(
            result.errors.hasPrefix(
                "error[cluster-job-failed]: 'lab' could not do it in 3 attempts: "
                    + "it ended with exit code 1: OSError: "
            ),
            "\(result.errors)"
        )
        #expect(!result.errors.contains("Traceback"))
        let written = await shell.run("events --verbose")
        #expect(
            written.output.contains("Traceback (most recent call last):\n  File \"x\", line 1\n")
        )
        #expect(!written.output.contains("\u{1B}"))
        let here = await shell.run("events 1 --verbose")
        #expect(
            here.output.hasSuffix(
                "the job has written nothing elsewhere: it is one of this machine\n"
            )
        )
    }

    @Test func modelThatIsTooLargeToSendIsSaidBefore() async throws {
        let folder = try TemporaryFolder()
        let ray = try Self.cluster(folder)
        var shell = try await Self.shell(folder, ray)
        let named = await shell.run(
            "\(Self.line) cluster=lab cluster_model=/models/tiny gpus=0 as there"
        )
        #expect(named.status == .success, "\(named.errors)")
        let order = try String(contentsOfFile: folder.path + "/job/order.json", encoding: .utf8)
        #expect(order.contains(#""path": "/models/tiny""#))
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/job/model"))
    }
}
