import FettleCore
import FettleNotebook
import FettleWorkbench

/// What was found of a Slurm cluster, as it is shown, and as data.
enum SlurmView {
    static func blocks(_ findings: SlurmFindings, _ name: String) -> [OutputBlock] {
        var blocks: [OutputBlock] = [.text("'\(name)' answers: Slurm \(findings.version)")]
        if findings.machines.isEmpty {
            blocks.append(.warning("it has no machine"))
        } else {
            blocks.append(.table(table(findings.machines)))
        }
        if let problem = findings.problem {
            blocks.append(.warning("the worker does not run there: \(problem)"))
        } else {
            blocks.append(.note("the worker runs there"))
        }
        return blocks
    }

    private static func number(_ value: Int) -> TextTable.Cell {
        .number(Double(value), NumberText.count(value))
    }

    private static func table(_ machines: [SlurmFindings.Machines]) -> TextTable {
        TextTable(
            columns: [
                .init("partition"), .init("machines", .right), .init("state"),
                .init("CPUs each", .right), .init("GPUs each", .right),
                .init("memory each", .right),
            ],
            rows: machines.map { machine in
                [
                    .text(machine.partition), number(machine.count), .text(machine.state),
                    number(machine.cpus), number(machine.gpus),
                    .text(NumberText.bytes(machine.memory)),
                ]
            }
        )
    }

    static func value(_ findings: SlurmFindings) -> JSONValue {
        .object([
            .init("slurm", .string(findings.version)),
            .init(
                "machines",
                .array(
                    findings.machines.map { machine in
                        .object([
                            .init("partition", .string(machine.partition)),
                            .init("count", .integer(Int64(machine.count))),
                            .init("state", .string(machine.state)),
                            .init("cpus", .integer(Int64(machine.cpus))),
                            .init("gpus", .integer(Int64(machine.gpus))),
                            .init("memory", .integer(Int64(machine.memory))),
                        ])
                    }
                )
            ),
            .init("problem", findings.problem.map { .string($0) } ?? .null),
        ])
    }
}
