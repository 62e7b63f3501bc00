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

    /// Test cases 1, 2, 3 and 6 of RFC 4231, and a key of just one block, whose value Python's `hmac` gave.
    @Test(
        arguments: [
            (
                [UInt8](repeating: 0x0b, count: 20), Array("Hi There".utf8),
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
            (
                [UInt8](repeating: 0xaa, count: 20), [UInt8](repeating: 0xdd, count: 50),
                "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
            ),
            (
                [UInt8](repeating: 0xaa, count: 131),
                Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
            ),
            (
                [UInt8](repeating: 7, count: 64), [],
                "63bb64edc77cb3f51680bae695984424d7253e47b489c03c680347fa78cdb487"
            ),
        ] as [([UInt8], [UInt8], String)]
    )
    func keyedHashIsTheStandards(_ key: [UInt8], _ message: [UInt8], _ expected: String) {
        #expect(SHA256.hmac(of: message, key: key) == expected)
    }
}
