import FettleStore
import FettleTestSupport
import FettleWorkbench
import Foundation
import Testing

@testable import FettleShell

struct ClusterCommandTests {
    @Test func clustersAreAddedListedAndForgotten() async throws {
        let folder = try TemporaryFolder()
        var shell = TestShell(environment: ["FETTLE_SECRET_LAB": "a-token", "HOME": folder.path])
        #expect(
            await shell.run("cluster list").output
                == "no cluster: cluster add NAME http://127.0.0.1:8265 token=secret:NAME\n"
        )
        let added = await shell.run(
            "cluster add lab http://127.0.0.1:8265/ token=secret:lab shared='\(folder.path)'"
        )
        #expect(added.errors == "")
        #expect(
            added.output == "lab: http://127.0.0.1:8265\n'cluster check lab' asks it\n"
        )
        let open = await shell.run("cluster add far http://lab.example.com:8265 --insecure")
        #expect(
            (open.output + open.errors).contains(
                "warning: what goes to 'http://lab.example.com:8265' can be read on the way, and\nwhoever reads"
            ),
            "\(open)"
        )
        #expect(
            await shell.run("cluster list | as csv").output == """
                cluster,kind,address,token,shared folder,files
                far,ray,http://lab.example.com:8265,,,
                lab,ray,http://127.0.0.1:8265,secret:lab,\(folder.path),

                """
        )
        #expect(await shell.run("cluster remove lab").output == "cluster 'lab' is forgotten\n")
        let unknown = await shell.run("cluster remove lab")
        #expect(
            unknown.errors == """
                error[unknown-cluster]: no cluster 'lab'
                    1 | cluster remove lab
                      |                ^^^
                  hint: clusters: far

                """
        )
    }

    @Test func clusterHasAServerForItsLargeFiles() async throws {
        var shell = TestShell()
        let unknown = await shell.run("cluster add lab http://127.0.0.1:8265 files=depot")
        #expect(
            unknown.errors == """
                error[unknown-provider]: no provider 'depot'
                    1 | cluster add lab http://127.0.0.1:8265 files=depot
                      |                                             ^^^^^
                  hint: add it: provider add depot url=https://… key=secret:depot

                """
        )
        await shell.run("provider add depot url=http://127.0.0.1:8080/v1")
        let added = await shell.run("cluster add lab http://127.0.0.1:8265 files=depot")
        #expect(
            added.output == """
                lab: http://127.0.0.1:8265
                its machines fetch files from 1 MiB on from http://127.0.0.1:8080/v1, which they
                must reach, too
                'cluster check lab' asks it

                """,
            "\(added.errors)"
        )
        let open = await shell.run(
            "cluster add far http://127.0.0.1:8265 files=http://files.example.org/fettle/"
        )
        #expect(
            (open.output + open.errors).contains(
                "warning: what goes to 'http://files.example.org/fettle' can be read on the way:\nuse https\n"
            ),
            "\(open)"
        )
        #expect(
            await shell.run("cluster list | as csv").output == """
                cluster,kind,address,token,shared folder,files
                far,ray,http://127.0.0.1:8265,,,http://files.example.org/fettle
                lab,ray,http://127.0.0.1:8265,,,depot

                """
        )
        let wrong = await shell.run("cluster add lab http://127.0.0.1:8265 files=ftp://there")
        #expect(
            wrong.errors.hasPrefix(
                """
                error[bad-address]: the address of a server begins with https:// or http:// and a host, and has no key in it
                    1 | cluster add lab http://127.0.0.1:8265 files=ftp://there
                      |                                             ^^^^^^^^^^^
                  hint: files= is a provider, or a folder of the web such as https://HOST/FOLDER

                """
            ),
            "\(wrong.errors)"
        )
    }

    @Test func slurmClusterIsAddedWithWhatItsJobsTake() async throws {
        let folder = try TemporaryFolder()
        var shell = TestShell(environment: ["HOME": folder.path])
        let added = await shell.run(
            "cluster add hpc slurm: shared='\(folder.path)' partition=long account=nlp minutes=90"
        )
        #expect(added.output == "hpc: slurm:\n'cluster check hpc' asks it\n", "\(added.errors)")
        let record = try #require(try shell.services.workspace.store().clusters().first)
        #expect(record.kind == .slurm)
        #expect(record.batch == .init(partition: "long", account: "nlp", minutes: 90))
        #expect(record.sharedFolder == folder.path)
    }

    @Test(arguments: [
        (
            "cluster add lab http://127.0.0.1:8265 minutes=5",
            """
            error[bad-value]: 'partition', 'account' and 'minutes' are Slurm's, and 'http://127.0.0.1:8265' is no \
            address of a Slurm cluster
            """
        ),
        (
            "cluster add hpc slurm:",
            "error[no-folder]: a Slurm cluster needs a folder that all of its machines see under the same path"
        ),
        (
            "cluster add hpc slurm://login shared=here",
            "error[bad-cluster-folder]: 'here' is no folder for the jobs of the cluster 'hpc': its path begins with '/'"
        ),
        (
            "cluster add hpc slurm: token=secret:lab",
            "error[bad-cluster-token]: 'slurm:' is a Slurm cluster, whose programs take no token"
        ),
        (
            "cluster add hpc slurm: shared=/tmp files=depot",
            """
            error[bad-value]: 'files' is Ray's, and 'slurm:' is a Slurm cluster, whose files are in its shared folder
                1 | cluster add hpc slurm: shared=/tmp files=depot
                  |                                          ^^^^^
            """
        ),
        (
            "cluster check lab minutes=5",
            "error[unexpected-word]: 'cluster check' takes no address and no settings"
        ),
    ])
    func whatIsWrongWithASlurmClusterIsSaid(line: String, error: String) async {
        var shell = TestShell()
        let result = await shell.run(line)
        #expect(result.errors.hasPrefix(error + "\n"), "\(result.errors)")
    }

    @Test func secretThatIsNotThereYetIsSaid() async throws {
        let folder = try TemporaryFolder()
        var shell = TestShell(environment: ["XDG_CONFIG_HOME": folder.path])
        let added = await shell.run("cluster add lab http://127.0.0.1:8265 token=secret:lab")
        #expect(
            (added.output + added.errors).contains(
                "warning: there is no secret 'lab' yet: 'secret set lab' asks for it\n"
            ),
            "\(added)"
        )
    }

    @Test func tokenOfRaysOwnPlacesIsNamed() async throws {
        var shell = TestShell(environment: ["RAY_AUTH_TOKEN": "of-variable"])
        let added = await shell.run("cluster add lab http://127.0.0.1:8265")
        #expect(
            added.output == """
                lab: http://127.0.0.1:8265
                it is shown the token of RAY_AUTH_TOKEN
                'cluster check lab' asks it

                """
        )
    }

    @Test(arguments: [
        (
            "cluster add lab http://lab.example.com:8265",
            """
            error[insecure-cluster]: what goes to 'http://lab.example.com:8265' can be read on the way, and whoever \
            reads the token of a cluster there runs any code on it
                1 | cluster add lab http://lab.example.com:8265
                  |                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^
              hint: go by a tunnel: ssh -L 8265:127.0.0.1:8265 HOST, and add http://127.0.0.1:8265
              hint: or by a proxy with https://; --insecure adds it as it is

            """
        ),
        (
            "cluster add lab",
            """
            error[missing-argument]: 'cluster add' needs the address
                1 | cluster add lab
                  | ^^^^^^^
              hint: cluster add lab http://127.0.0.1:8265

            """
        ),
        (
            "cluster check",
            """
            error[missing-argument]: 'cluster check' needs the cluster's name
                1 | cluster check
                  | ^^^^^^^
              hint: cluster check lab

            """
        ),
        (
            "cluster check lab --insecure",
            """
            error[unexpected-word]: 'cluster check' takes no --insecure
                1 | cluster check lab --insecure
                  | ^^^^^^^
              hint: cluster add NAME URL --insecure

            """
        ),
        (
            "cluster list lab",
            """
            error[unexpected-word]: 'lab' is not expected here
                1 | cluster list lab
                  |              ^^^
              hint: 'cluster check lab' asks that one

            """
        ),
    ])
    func whatIsWrongIsSaid(line: String, errors: String) async {
        var shell = TestShell()
        #expect(await shell.run(line).errors == errors)
    }

    @Test func checkShowsWhatTheClusterHas() async throws {
        let folder = try TemporaryFolder()
        let facts =
            #"{"python": "3.12.1", "found": {"ray": "2.60.0", "torch": "2.9.0", "ray.train": "", "peft": "0.21"}, "#
            + #""missing": {"transformers": "ModuleNotFoundError: No module named 'transformers'"}, "gpus": 0}"#
        let python = try folder.write(
            "#!/bin/sh\ncat <<'END'\nFETTLE-PROBE \(facts)\nEND\n",
            to: "python"
        )
        chmod(python, 0o755)
        let ray = try RayStandIn(
            token: "the-right-token",
            cpus: 4,
            memory: 2_000_000_000,
            environment: ["PATH": "\(folder.path):/usr/bin:/bin"]
        )
        var shell = TestShell(environment: ["FETTLE_SECRET_LAB": "the-right-token"])
        await shell.run("cluster add lab \(ray.address) token=secret:lab")
        let result = await shell.run("cluster check lab")
        #expect(result.errors == "")
        #expect(
            result.output == """
                'lab' answers: Ray 2.60.0, jobs API 4
                it takes the token of the secret 'lab'
                machine           CPUs free  GPUs free       memory free
                ────────────────  ─────────  ─────────  ────────────────
                127.0.0.1 (head)     4 of 4             2.0 GB of 2.0 GB
                Python         3.12.1
                ray            2.60.0
                torch          2.9.0
                transformers   missing: ModuleNotFoundError: No module named 'transformers'
                peft           0.21
                ray.train      there
                GPUs of torch  0
                language models cannot be tuned there with PyTorch before it has: transformers

                """
        )
        let json = await shell.run("cluster check lab | as json")
        #expect(json.output.contains(#""transformers": null"#), "\(json)")
    }

    @Test func clusterWithoutATokenIsWarnedOf() async throws {
        let ray = try RayStandIn(api: "5", environment: ["PATH": "/nonexistent"])
        var shell = TestShell()
        await shell.run("cluster add lab \(ray.address)")
        let result = await shell.run("cluster check lab")
        let all = result.output + result.errors
        #expect(
            all.contains(
                "warning: it asks for no token: whoever reaches its address runs any code on it;\nstart it with"
            ),
            "\(all)"
        )
        #expect(
            all.contains(
                "warning: Fettle was written to jobs API 4, that of Ray 2.60: jobs may go wrong\n"
            )
        )
        #expect(
            all.contains(
                "it ended with exit code 127:\nno Python is on the PATH of jobs\n"
            ),
            "\(all)"
        )
    }
}
