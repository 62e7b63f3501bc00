import FettleCore
import Testing

@testable import FettleProviders

/// Addresses of Slurm clusters.
struct SlurmAddressTests {
    @Test func thisMachineHasAnAddress() throws {
        let address = try SlurmAddress("slurm:")
        #expect(address == .here)
        #expect(address.login == nil)
        #expect(address.text == "slurm:")
    }

    @Test(
        arguments: [
            ("slurm://login", "login", nil, nil),
            ("slurm://me@login.example.com:2222", "login.example.com", "me", 2222),
            ("slurm://me.too-1@10.0.0.1", "10.0.0.1", "me.too-1", nil),
            ("slurm://[fe80::1]:22", "fe80::1", nil, 22),
            ("slurm://[::1]", "::1", nil, nil),
        ] as [(String, String, String?, Int?)]
    )
    func machineIsRead(text: String, host: String, user: String?, port: Int?) throws {
        let address = try SlurmAddress(text)
        #expect(address.login == .init(host: host, user: user, port: port))
        #expect(address.text == text)
        #expect(try SlurmAddress(text + "/") == address)
    }

    private static let rule =
        "it has letters, digits, dots, hyphens and underscores, and does not begin with a hyphen"

    @Test(arguments: [
        ("", "it begins with neither 'slurm:' alone nor 'slurm://'"),
        ("http://lab", "it begins with neither 'slurm:' alone nor 'slurm://'"),
        ("slurm:lab", "it begins with neither 'slurm:' alone nor 'slurm://'"),
        ("slurm://", "it names no machine"),
        ("slurm://me@", "it names no machine"),
        ("slurm://:22", "it names no machine"),
        ("slurm://-oProxyCommand=id", "'-oProxyCommand=id' is no machine's name: \(rule)"),
        ("slurm://lab;id", "'lab;id' is no machine's name: \(rule)"),
        ("slurm://lab\nid", "'lab\nid' is no machine's name: \(rule)"),
        ("slurm://lab/scratch", "'lab/scratch' is no machine's name: \(rule)"),
        ("slurm://$(id)@lab", "'$(id)' is no user's name: \(rule)"),
        ("slurm://-l@lab", "'-l' is no user's name: \(rule)"),
        ("slurm://@lab", "'' is no user's name: \(rule)"),
        ("slurm://lab:", "'' is no port: it is a number from 1 to 65535"),
        ("slurm://lab:0", "'0' is no port: it is a number from 1 to 65535"),
        ("slurm://lab:65536", "'65536' is no port: it is a number from 1 to 65535"),
        ("slurm://lab:+22", "'+22' is no port: it is a number from 1 to 65535"),
        ("slurm://[::1", "an address in '[' has no ']' after it"),
        ("slurm://[::1]x", "'x' stands after the machine's address"),
        ("slurm://[x]", "'[x]' is no address of a machine"),
        ("slurm://[]", "'[]' is no address of a machine"),
    ])
    func otherTextIsAnError(text: String, reason: String) {
        #expect(
            throws: Diagnostic(
                "bad-address",
                "'\(text)' is no address of a Slurm cluster: \(reason)",
                hint:
                    "such as slurm: for this machine, or slurm://user@login.example.com for one by ssh"
            )
        ) { try SlurmAddress(text) }
    }

    @Test(arguments: ["", "jobs", "~/jobs", "/", "//", "/a\nb"])
    func folderBeginsAtTheRoot(folder: String) {
        #expect(
            throws: Diagnostic(
                "bad-cluster-folder",
                "'\(folder == "//" ? "/" : folder)' is no folder for the jobs of the cluster 'lab': its path begins with '/'",
                hint: "name one that all machines of the cluster see under the same path"
            )
        ) { try SlurmEngine(name: "lab", address: .here, folder: folder) }
    }
}
