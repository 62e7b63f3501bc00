import OpenAIWire
import Testing

struct FileLinkTests {
    /// The signature is what Python's `hmac.new(b"sk-one", b"GET /v1/files/file-abc/content\\n1800000000", "sha256")` gives.
    @Test func signatureIsThatOfAnIndependentProgram() {
        let link = FileLink(file: "file-abc", expires: 1_800_000_000)
        #expect(
            link.query(signedWith: "sk-one")
                == "expires=1800000000&signature="
                + "845c704c6a50c2e487e8db16376c8e1986767dbb05a46317160f3f9ffc3ccdca"
        )
        #expect(link.signature(by: "sk-one") != link.signature(by: "sk-two"))
        let later = FileLink(file: "file-abc", expires: 1_800_000_001)
        #expect(later.signature(by: "sk-one") != link.signature(by: "sk-one"))
    }
}
