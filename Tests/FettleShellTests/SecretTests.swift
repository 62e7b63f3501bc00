import Foundation
import Testing

@testable import FettleShell

/// `secret`, `secret:NAME` and `${secret:NAME}`.
struct SecretTests {
    private static func shell(
        _ folder: TemporaryFolder,
        _ environment: [String: String] = [:]
    ) -> TestShell {
        TestShell(environment: environment.merging(["XDG_CONFIG_HOME": folder.path]) { $1 })
    }

    @Test func secretIsAskedForStoredPrivatelyAndForgotten() async throws {
        let folder = try TemporaryFolder()
        var shell = Self.shell(folder)
        var result = await shell.run("secret set openai")
        #expect(result.status == .success, "\(result.errors)")
        #expect(result.output == "value of 'openai': \nsecret 'openai' is stored\n")
        let path = folder.path + "/fettle/secrets"
        #expect(try Files.text(path) == "{\n  \"openai\": \"typed-secret\"\n}\n")
        let manager = FileManager.default
        let file = try manager.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(file as? Int == 0o600)
        let parent = try manager.attributesOfItem(atPath: folder.path + "/fettle")
        #expect(parent[.posixPermissions] as? Int == 0o700)
        await shell.run("secret set other")
        #expect(await shell.run("secret list").output == "openai\nother\n")
        #expect(
            await shell.run("secret delete openai").output == "secret 'openai' is forgotten\n"
        )
        result = await shell.run("secret delete openai; secret list")
        #expect(result.output == "there was no secret 'openai'\nother\n")
        #expect(try manager.contentsOfDirectory(atPath: folder.path + "/fettle") == ["secrets"])
    }

    @Test func variableNamesASecretAndShowsAMark() async throws {
        let folder = try TemporaryFolder()
        var shell = Self.shell(folder)
        await shell.run("secret set openai; let key = secret:openai")
        #expect(await shell.run("vars").output == "key  ‹secret›\n")
        #expect(
            await shell.run("undo").output == "undone: let key = secret:openai\nkey is not set\n"
        )
        #expect(await shell.run("redo").output.hasSuffix("key is ‹secret›\n"))
        let saved = folder.path + "/s.fettle"
        await shell.run("session save \(saved)")
        #expect(try Files.text(saved) == "let key = secret:openai\n")
    }

    @Test func environmentGoesFirst() throws {
        let folder = try TemporaryFolder()
        let stored = SecretVault(["XDG_CONFIG_HOME": folder.path])
        try stored.set("api", to: "stored")
        let vault = SecretVault([
            "XDG_CONFIG_HOME": folder.path, "FETTLE_SECRET_API": "given",
        ])
        #expect(try stored.find("api") == "stored")
        #expect(try vault.find("api") == "given")
        #expect(try vault.find("none") == nil)
        #expect(vault.mask("a given thing") == "a ‹secret› thing")
    }

    @Test(arguments: [
        "derive a = \"${secret:openai}\"", "rows > ${secret:openai}",
        "let a = \"${secret:openai}\"",
        "let key = secret:openai; sample 3 as $key",
    ])
    func secretIsRefusedWhereItWouldBeStored(line: String) async throws {
        let folder = try TemporaryFolder()
        let data = try folder.write("text,label\na,1\nb,2\nc,3\nd,4\n", to: "d.csv")
        var shell = Self.shell(folder)
        await shell.run("load \(data); secret set openai")
        let result = await shell.run(line)
        #expect(
            result.errors.hasPrefix(
                "error[misplaced-secret]: the secret 'openai' cannot stand here, where its value would "
            ),
            "\(result)"
        )
    }

    @Test func damagedFileIsAnErrorAndStays() async throws {
        let folder = try TemporaryFolder()
        try folder.write("not json", to: "fettle/secrets")
        var shell = Self.shell(folder)
        let result = await shell.run("secret set openai")
        #expect(result.errors.hasPrefix("error[bad-secrets]: the secrets in '"))
        #expect(try Files.text(folder.path + "/fettle/secrets") == "not json")
    }

    @Test func valueTypedAfterTheNameIsRefusedAndNotRecorded() async throws {
        let folder = try TemporaryFolder()
        var shell = Self.shell(folder)
        let result = await shell.run("secret set openai hunter2")
        #expect(result.errors.hasPrefix("error[unexpected-word]: "))
        #expect(Shell.withoutSecrets("secret set openai hunter2") == "secret set openai ‹secret›")
        #expect(Shell.withoutSecrets("secret set openai") == "secret set openai")
        #expect(try shell.services.secrets.names() == [])
    }
}
