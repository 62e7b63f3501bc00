import Testing

@testable import FettleCore

struct SHA256Tests {
    /// The examples of FIPS 180-4, and lengths about a block's end.
    @Test(arguments: [
        ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ])
    func hashIsTheStandards(_ text: String, _ count: Int, _ expected: String) {
        let bytes = (0..<count).flatMap { _ in Array(text.utf8) }
        for piece in [1, 63, 64, 65, 1000] where bytes.count < 1000 || piece > 64 {
            var hash = SHA256()
            for start in stride(from: 0, to: bytes.count, by: piece) {
                bytes[start..<min(start + piece, bytes.count)].withUnsafeBytes { hash.add($0) }
            }
            #expect(hash.digits() == expected)
        }
    }
}
