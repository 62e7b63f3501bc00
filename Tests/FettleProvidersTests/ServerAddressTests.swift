import FettleCore
import Testing

@testable import FettleProviders

struct ServerAddressTests {
    @Test(arguments: [
        ("https://api.openai.com/v1/", "https://api.openai.com/v1"),
        ("http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1"), ("http://HOST", "http://HOST"),
    ])
    func addressHasNoSlashAtItsEnd(text: String, address: String) throws {
        #expect(try ServerAddress(text).text == address)
    }

    @Test(arguments: [
        "", "api.openai.com/v1", "ftp://x/v1", "https://", "https://key@host/v1",
        "https://h/v1?key=1",
        "https://h/a b", "https://h/é",
    ])
    func whatIsNoAddressIsRefused(text: String) {
        let error = #expect(throws: Diagnostic.self) { try ServerAddress(text) }
        #expect(error?.code == "bad-address")
    }

    @Test(arguments: [
        ("http://example.com/v1", true), ("https://example.com/v1", false),
        ("http://127.0.0.1:1/v1", false), ("http://localhost/v1", false), ("http://[::1]:1", false),
        ("http://127.0.0.1.example.com:1", true), ("http://localhost.example.com", true),
        ("http://[::1].example.com", true), ("http://127.1:1", true),
    ])
    func openAddressesAreKnown(text: String, isOpen: Bool) throws {
        #expect(try ServerAddress(text).isOpen == isOpen)
    }
}
