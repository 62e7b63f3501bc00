public import FettleCore

/// Where the programs of a Slurm cluster are: `slurm:` on this machine, `slurm://[user@]host[:port]` by ssh.
public struct SlurmAddress: Hashable, Sendable {
    /// A machine that ssh goes to.
    public struct Login: Hashable, Sendable {
        /// Its name or address, or a name of ssh's own configuration.
        public var host: String
        /// Whom to be there; nil for whom ssh says.
        public var user: String?
        /// The port of its ssh; nil for the one that ssh says.
        public var port: Int?
    }

    /// The machine with the programs; nil for this one.
    public let login: Login?

    /// This machine.
    public static let here = SlurmAddress(login: nil)

    private init(login: Login?) { self.login = login }

    /// Reads an address.
    ///
    /// - Throws: `bad-address` for another text; also for names that ssh could take for something else.
    public init(_ text: String) throws(Diagnostic) {
        guard text != "slurm:" else {
            self = .here
            return
        }
        guard text.hasPrefix("slurm://") else {
            throw Self.bad(text, "it begins with neither 'slurm:' alone nor 'slurm://'")
        }
        var rest = text.dropFirst("slurm://".count)
        if rest.last == "/" { rest.removeLast() }
        var user: String?
        if let at = rest.lastIndex(of: "@") {
            user = String(rest[..<at])
            rest = rest[rest.index(after: at)...]
        }
        let (host, port) = try Self.hostAndPort(rest, text)
        if let user, !Self.isName(user) {
            throw Self.bad(text, "'\(user)' is no user's name: \(Self.nameRule)")
        }
        login = Login(host: host, user: user, port: port)
    }

    /// The address as it is given.
    public var text: String {
        guard let login else { return "slurm:" }
        let host = login.host.contains(":") ? "[\(login.host)]" : login.host
        return "slurm://" + (login.user.map { "\($0)@" } ?? "") + host
            + (login.port.map { ":\($0)" } ?? "")
    }

    private static let nameRule =
        "it has letters, digits, dots, hyphens and underscores, and does not begin with a hyphen"

    private static func hostAndPort(
        _ rest: Substring,
        _ text: String
    ) throws(Diagnostic) -> (String, Int?) {
        var host = rest
        var tail: Substring = ""
        if rest.first == "[" {
            guard let end = rest.firstIndex(of: "]") else {
                throw bad(text, "an address in '[' has no ']' after it")
            }
            host = rest[rest.index(after: rest.startIndex)..<end]
            tail = rest[rest.index(after: end)...]
            guard !host.isEmpty, host.utf8.allSatisfy({ isHexadecimal($0) || $0 == 0x3A }) else {
                throw bad(text, "'[\(host)]' is no address of a machine")
            }
            guard tail.isEmpty || tail.first == ":" else {
                throw bad(text, "'\(tail)' stands after the machine's address")
            }
        } else {
            if let colon = rest.firstIndex(of: ":") {
                (host, tail) = (rest[..<colon], rest[colon...])
            }
            guard !host.isEmpty else { throw bad(text, "it names no machine") }
            guard isName(String(host)) else {
                throw bad(text, "'\(host)' is no machine's name: \(nameRule)")
            }
        }
        guard let digits = tail.isEmpty ? nil : tail.dropFirst() else { return (String(host), nil) }
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = Int(digits),
            (1...65_535).contains(port)
        else { throw bad(text, "'\(digits)' is no port: it is a number from 1 to 65535") }
        return (String(host), port)
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }

    private static func bad(_ text: String, _ what: String) -> Diagnostic {
        Diagnostic(
            "bad-address",
            "'\(text)' is no address of a Slurm cluster: \(what)",
            hint:
                "such as slurm: for this machine, or slurm://user@login.example.com for one by ssh"
        )
    }

    /// Whether a text is of letters, digits, dots, hyphens and underscores, and does not begin with a hyphen.
    static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.first != "-"
            && text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0)
                    || (0x61...0x7A).contains($0) || "._-".utf8.contains($0)
            }
    }
}
