import FettleCore
import FettleNotebook
import FettleWorkbench

/// A cluster's report as it is shown, and as data.
enum ClusterView {
    static func blocks(_ report: ClusterReport, _ name: String) -> [OutputBlock] {
        var blocks: [OutputBlock] = [
            .text("'\(name)' answers: Ray \(report.ray), jobs API \(report.api)")
        ]
        if !report.isKnownAPI {
            blocks.append(
                .warning("Fettle was written to jobs API 4, that of Ray 2.60: jobs may go wrong")
            )
        }
        if report.takesEverybody {
            blocks.append(
                .warning(
                    "it asks for no token: whoever reaches its address runs any code on it; start it with "
                        + "RAY_AUTH_MODE=token"
                )
            )
        } else if let source = report.tokenSource {
            blocks.append(.note("it takes the token of \(source)"))
        }
        if report.isReadable {
            blocks.append(.warning("what goes there can be read on the way, the token among it"))
        }
        blocks.append(nodes(report.nodes))
        if let python = report.python {
            blocks += self.python(python)
        } else if let problem = report.problem {
            blocks.append(.warning("the job that looks what Python has failed: \(problem)"))
        }
        if let server = report.fileServer, report.fileProblem != nil || report.python != nil {
            blocks.append(files(server, report.fileProblem))
        }
        if let job = report.leftJob {
            blocks.append(.warning("the job '\(job)' could not be taken away, and is still there"))
        }
        return blocks
    }

    private static func files(_ server: String, _ problem: String?) -> OutputBlock {
        guard let problem else { return .note("its jobs can fetch files from '\(server)'") }
        return .warning(
            "jobs with files from 1 MiB on fail, as these cannot go by '\(server)': \(problem)"
        )
    }

    private static func nodes(_ nodes: [ClusterReport.Node]) -> OutputBlock {
        guard !nodes.isEmpty else {
            return .warning(
                "it has no machine yet: a head that has just started takes some seconds"
            )
        }
        func words(_ amount: ClusterReport.Amount, _ text: (Double) -> String) -> TextTable.Cell {
            guard amount.total > 0 else { return .blank }
            return .text("\(amount.free.map(text) ?? "?") of \(text(amount.total))")
        }
        // What a cluster says can be any number.
        func whole(_ value: Double) -> Int { Int(min(1e18, max(0, value))) }
        func pieces(_ value: Double) -> String {
            value == value.rounded()
                ? NumberText.count(whole(value)) : NumberText.decimal(value, digits: 1)
        }
        func bytes(_ value: Double) -> String { NumberText.bytes(whole(value)) }
        return .table(
            TextTable(
                columns: [
                    .init("machine"), .init("CPUs free", .right), .init("GPUs free", .right),
                    .init("memory free", .right),
                ],
                rows: nodes.map { node in
                    [
                        .text(node.address + (node.isHead ? " (head)" : "")),
                        words(node.cpus, pieces), words(node.gpus, pieces),
                        words(node.memory, bytes),
                    ]
                }
            )
        )
    }

    private static func python(_ python: ClusterReport.Python) -> [OutputBlock] {
        var fields = [OutputBlock.Field("Python", python.version)]
        fields += python.packages.map { package in
            let version = package.version.map { $0.isEmpty ? "there" : $0 }
            return OutputBlock.Field(
                package.name,
                version ?? "missing: \(package.problem ?? "no reason is given")"
            )
        }
        if python.packages.contains(where: { $0.name == "torch" && $0.version != nil }) {
            fields.append(.init("GPUs of torch", NumberText.count(python.gpus)))
        }
        var blocks: [OutputBlock] = [.fields(fields)]
        let missing = python.missing.map(\.name)
        if missing.contains("ray") {
            blocks.append(
                .warning(
                    "the first Python on the PATH of jobs is not Ray's own: start Ray from an activated environment"
                )
            )
        } else if !missing.isEmpty {
            blocks.append(
                .note(
                    "language models cannot be tuned there with PyTorch before it has: "
                        + missing.joined(separator: ", ")
                )
            )
        }
        return blocks
    }

    static func value(_ report: ClusterReport) -> JSONValue {
        func amount(_ amount: ClusterReport.Amount) -> JSONValue {
            .object([
                .init("total", .number(amount.total)),
                .init("free", amount.free.map { .number($0) } ?? .null),
            ])
        }
        let nodes = report.nodes.map { node in
            JSONValue.object([
                .init("address", .string(node.address)),
                .init("is_head", .boolean(node.isHead)),
                .init("cpus", amount(node.cpus)),
                .init("gpus", amount(node.gpus)),
                .init("memory", amount(node.memory)),
            ])
        }
        let packages = (report.python?.packages ?? []).map { package in
            JSONValue.Member(package.name, package.version.map { .string($0) } ?? .null)
        }
        return .object([
            .init("ray", .string(report.ray)),
            .init("api", .string(report.api)),
            .init("takes_everybody", .boolean(report.takesEverybody)),
            .init("nodes", .array(nodes)),
            .init("python", report.python.map { .string($0.version) } ?? .null),
            .init("packages", .object(packages)),
            .init("files", report.fileServer.map { .string($0) } ?? .null),
            .init(
                "files_problem",
                report.fileServer.flatMap { _ in report.fileProblem ?? report.problem }
                    .map { .string($0) } ?? .null
            ),
            .init("gpus_of_torch", report.python.map { .integer(Int64($0.gpus)) } ?? .null),
        ])
    }
}
