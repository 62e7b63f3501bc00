import FettleCore
import FettleWorkbench
import Foundation
import Synchronization

/// The user's secrets, such as keys of providers: `$XDG_CONFIG_HOME/fettle/secrets`, rights 0600.
///
/// They are in no workspace, history or script; a program and a script name one as `secret:NAME` or
/// `${secret:NAME}`. What was read once is known from then on, so that it can be taken out of output.
final class SecretVault: Sendable {
    private let environment: [String: String]
    private let folder: String?
    private let revealed = Mutex<Set<String>>([])

    /// Makes a vault in the configuration folder that the environment names; nothing is touched on disk.
    init(_ environment: [String: String]) {
        self.environment = environment
        let home = environment["HOME"] ?? ""
        let configured = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        folder = (configured ?? (home.isEmpty ? nil : home + "/.config")).map { $0 + "/fettle" }
    }

    /// The file.
    var path: String { (folder ?? "$XDG_CONFIG_HOME/fettle") + "/secrets" }

    /// Returns the names of the secrets in alphabetical order; those of the environment are not among them.
    ///
    /// - Throws: `bad-secrets` when the file is no such file.
    func names() throws(Diagnostic) -> [String] {
        try stored().keys.sorted()
    }

    /// Returns a secret: the variable `FETTLE_SECRET_NAME` of the environment, else what is stored, else nil.
    ///
    /// - Throws: `bad-secrets`.
    func find(_ name: String) throws(Diagnostic) -> String? {
        for variable in ["FETTLE_SECRET_\(name)", Self.variable(for: name)] {
            if let value = environment[variable], !value.isEmpty { return known(value) }
        }
        return try stored()[name].map(known)
    }

    /// The variable of the environment that goes before a stored secret.
    static func variable(for name: String) -> String { "FETTLE_SECRET_" + name.uppercased() }

    /// Returns the token of clusters that Ray's own programs would use, nil where there is none.
    ///
    /// - Throws: `bad-cluster-token` when it cannot be read.
    func clusterToken() throws(Diagnostic) -> ClusterToken? {
        guard let token = try ClusterToken.ofRay(in: environment) else { return nil }
        _ = known(token.value)
        return token
    }

    /// Stores a secret; the file is replaced in one piece.
    ///
    /// - Throws: `bad-secrets`, or `cannot-write`; the file is then as before.
    func set(_ name: String, to value: String) throws(Diagnostic) {
        try change { $0[name] = known(value) }
    }

    /// Forgets a secret; returns whether there was one.
    ///
    /// - Throws: `bad-secrets`, or `cannot-write`; the file is then as before.
    func delete(_ name: String) throws(Diagnostic) -> Bool {
        guard try stored()[name] != nil else { return false }
        try change { $0[name] = nil }
        return true
    }

    /// Returns text with a mark in place of every secret that was read or set in this process.
    func mask(_ text: String) -> String {
        revealed.withLock { values in
            // Longer ones first: one may begin with another.
            values.sorted { $0.utf8.count > $1.utf8.count }.reduce(text) {
                $0.replacing($1, with: Redaction.mark)
            }
        }
    }

    /// Whether a text may have a secret in it.
    var hasRevealed: Bool { revealed.withLock { !$0.isEmpty } }

    private func known(_ value: String) -> String {
        _ = revealed.withLock { $0.insert(value) }
        return value
    }

    // MARK: - The file

    private func stored() throws(Diagnostic) -> [String: String] {
        guard folder != nil else { return [:] }
        guard let data = FileManager.default.contents(atPath: path) else {
            guard FileManager.default.fileExists(atPath: path) else { return [:] }
            throw broken("it cannot be read")
        }
        guard let values = try? JSONDecoder().decode([String: String].self, from: data) else {
            throw broken("it is no JSON object of texts")
        }
        return values
    }

    private func broken(_ reason: String) -> Diagnostic {
        Diagnostic(
            "bad-secrets",
            "the secrets in '\(path)' cannot be used: \(reason)",
            hint: "mend the file or move it away, and set the secrets again"
        )
    }

    /// Changes what is stored, while no other Fettle does.
    private func change(_ edit: (inout [String: String]) -> Void) throws(Diagnostic) {
        guard let folder else { throw unwritable(ENOENT) }
        try? FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        let lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard lock >= 0, flock(lock, LOCK_EX) == 0 else { throw unwritable() }
        defer { close(lock) }
        chmod(folder, 0o700)
        var values = try stored()
        edit(&values)
        try replace(with: values)
    }

    private func replace(with values: [String: String]) throws(Diagnostic) {
        var text = "{\n"
        for (index, name) in values.keys.sorted().enumerated() {
            text += index == 0 ? "  " : ",\n  "
            JSONValue.quote(name, into: &text)
            text += ": "
            JSONValue.quote(values[name] ?? "", into: &text)
        }
        text += "\n}\n"
        let temporary = "\(path).\(getpid())"
        unlink(temporary)
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw unwritable() }
        let isWritten = text.withUTF8 { bytes in
            write(file, bytes.baseAddress, bytes.count) == bytes.count && fsync(file) == 0
        }
        let reason = errno
        close(file)
        guard isWritten, rename(temporary, path) == 0 else {
            let failure = isWritten ? errno : reason
            unlink(temporary)
            throw unwritable(failure)
        }
    }

    private func unwritable(_ reason: Int32 = errno) -> Diagnostic {
        Diagnostic(
            "cannot-write",
            "cannot write '\(path)': \(String(cString: strerror(reason)).lowercased())",
            hint: "check the rights of its folder, or give the secret as FETTLE_SECRET_NAME"
        )
    }
}
