import FettleCore
import Foundation
import Testing

@testable import FettleProviders

struct RayTokenTests {
    @Test func placesAreAskedInRaysOrder() throws {
        let folder = try ScratchFolder()
        try FileManager.default.createDirectory(
            atPath: folder.file(".ray"),
            withIntermediateDirectories: true
        )
        var environment = ["HOME": folder.path]
        #expect(try RayToken.ofRay(in: environment) == nil)
        try Data("of-home\n".utf8).write(to: URL(filePath: folder.file(".ray/auth_token")))
        let home = try #require(try RayToken.ofRay(in: environment))
        #expect(home.value == "of-home")
        #expect(home.source == "the file '\(folder.path)/.ray/auth_token'")
        try Data(" of-path \n".utf8).write(to: URL(filePath: folder.file("other")))
        environment["RAY_AUTH_TOKEN_PATH"] = folder.file("other")
        let path = try #require(try RayToken.ofRay(in: environment))
        #expect(path.value == "of-path")
        #expect(path.source == "the file '\(folder.path)/other' of RAY_AUTH_TOKEN_PATH")
        environment["RAY_AUTH_TOKEN"] = "of-variable"
        let variable = try #require(try RayToken.ofRay(in: environment))
        #expect(variable.value == "of-variable")
        #expect(variable.source == "RAY_AUTH_TOKEN")
    }

    @Test func fileThatCannotBeReadIsNotPassedOver() throws {
        let folder = try ScratchFolder()
        let error = #expect(throws: Diagnostic.self) {
            try RayToken.ofRay(in: [
                "RAY_AUTH_TOKEN_PATH": folder.file("none"), "HOME": folder.path,
            ])
        }
        #expect(error?.code == "bad-token")
        #expect(
            error?.message
                == "the token's file '\(folder.path)/none', which RAY_AUTH_TOKEN_PATH names, cannot be read"
        )
    }

    @Test(arguments: [
        ("", "the token of RAY_AUTH_TOKEN is empty"),
        ("a b", "the token of RAY_AUTH_TOKEN has characters that no token has"),
        ("a\r\nX-Other: b", "the token of RAY_AUTH_TOKEN has characters that no token has"),
    ])
    func whatIsNoTokenIsRefused(text: String, message: String) {
        let error = #expect(throws: Diagnostic.self) {
            try RayToken(text, source: "RAY_AUTH_TOKEN")
        }
        #expect(error?.message == message)
    }
}
