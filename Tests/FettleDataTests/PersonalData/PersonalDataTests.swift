import FettleCore
import Foundation
import Testing

@testable import FettleData

struct PersonalDataTests {
    /// The text with marks in place of what is found.
    private static func masked(
        _ text: String,
        _ kinds: [PersonalDataKind] = PersonalDataKind.allCases
    ) -> String {
        var text = text
        return text.withUTF8 { text in
            let text = UnsafeRawBufferPointer(text)
            let out = ScratchBytes()
            PersonalDataScanner.mask(text, PersonalDataScanner(kinds).matches(in: text), into: out)
            return String(decoding: out.bytes, as: UTF8.self)
        }
    }

    @Test(arguments: [
        ("write to jane.doe+x@mail.example.com.", "write to [mail]."),
        ("(a_b-c@x-y.co.uk)", "([mail])"), ("请写信给zhang@example.cn谢谢", "请写信给[mail]谢谢"),
        ("me@home, @jane, a@b, 2 @ 5.99 and x@.com", "me@home, @jane, a@b, 2 @ 5.99 and x@.com"),
    ])
    func mailAddressesAreFound(text: String, expected: String) {
        #expect(Self.masked(text) == expected)
    }

    @Test(arguments: [
        ("call (555) 234-5678 now", "call [phone] now"), ("call 555-234-5678.", "call [phone]."),
        ("1-800-234-5678", "[phone]"), ("+49 171 1234567", "[phone]"),
        ("+1 (555) 234-5678", "[phone]"),
        ("0049 30 1234567", "[phone]"), ("Tel.: 030 1234567", "Tel.: [phone]"),
        ("06 12 34 56 78", "[phone]"), ("08123456789", "[phone]"), ("电话13812345678。", "电话[phone]。"),
        ("138-1234-5678", "[phone]"), ("090-1234-5678まで", "[phone]まで"),
        ("llame al 612 345 678", "llame al [phone]"),
        ("call 555-234-5678 2 times", "call [phone] 2 times"),
    ])
    func phoneNumbersAreFound(text: String, expected: String) {
        #expect(Self.masked(text) == expected)
    }

    @Test(arguments: [
        "on 24.12.2025 10:30", "2025-12-24", "01/02/2023", "$1,234,567.89",
        "5'5\" 110 lbs 34-26-36",
        "order 1234567890", "size 32 34 36", "EUR 650 000 000", "0.5 1234567", "1234 5678",
        "0000000000",
        "#0123456789", "part 555-234-56789", "300 250 2000", "ISBN 978-3-16-148410-0",
        "at 08:30:15",
        "1.2.3", "v127.0.0.1", "0.0.0.0", "12:30:45", "std::string a::b", "999.1.1.1",
        "01.02.03.04",
        "4111 1111 1111 1112", "1234 5678 9012 3456", "DE88 3704 0044 0532 0130 00",
        "the key: is under the mat",
        "password: correcthorsebatterystaple", "sk-short", "task-force1234567890123456789",
        "AKIA of it",
    ])
    func whatOnlyLooksAlikeIsLeft(text: String) {
        #expect(Self.masked(text) == text)
    }

    @Test(arguments: [
        ("card 4111 1111 1111 1111 exp 12/27", "card [card] exp 12/27"),
        ("4111111111111111", "[card]"),
        ("5500-0000-0000-0004", "[card]"), ("3782 822463 10005", "[card]"),
        ("6011111111111117,", "[card],"),
        ("30569309025904", "[card]"), ("2223003122003222", "[card]"),
    ])
    func paymentCardsAreFound(text: String, expected: String) {
        #expect(Self.masked(text) == expected)
    }

    @Test(arguments: [
        ("DE89 3704 0044 0532 0130 00 please", "[iban] please"),
        ("GB82WEST12345698765432", "[iban]"),
        ("an fr14 2004 1010 0505 0001 3m02 606!", "an [iban]!"), ("NO93 8601 1117 947", "[iban]"),
    ])
    func accountNumbersAreFound(text: String, expected: String) {
        #expect(Self.masked(text) == expected)
    }

    @Test(arguments: [
        ("from 203.0.113.7.", "from [ip]."), ("2001:db8::8a2e:370:7334", "[ip]"),
        ("at 2001:0db8:85a3:0000:0000:8a2e:0370:7334: it", "at [ip]: it"), ("fe80::1:2", "[ip]"),
    ])
    func addressesOfMachinesAreFound(text: String, expected: String) {
        #expect(Self.masked(text) == expected)
    }

    @Test(arguments: [
        ("use sk-abcDEF1234567890abcd1234 here", "use [key] here"),
        ("ghp_abcdefghijklmnopqrstuvwxyz0123456789", "[key]"), ("AKIAIOSFODNN7EXAMPLE", "[key]"),
        ("api_key=9f86d081884c7d659a2feaa0c55ad015", "api_key=[key]"),
        (#"{"token": "Zm9vYmFyMTIzNDU2Nzg5"}"#, #"{"token": "[key]"}"#),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcdefghijklmnop", "[key]"),
        ("a -----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- b", "a [key] b"),
    ])
    func keysAreFound(text: String, expected: String) {
        #expect(Self.masked(text) == expected)
    }

    @Test func onlyTheKindsAskedForAreMasked() {
        let text = "a@b.org or +49 171 1234567"
        #expect(Self.masked(text, [.phone]) == "a@b.org or [phone]")
        #expect(Self.masked(text, [.mail]) == "[mail] or +49 171 1234567")
    }

    @Test func checkDigitsDecide() {
        #expect(PaymentCard.passesLuhn([7, 9, 9, 2, 7, 3, 9, 8, 7, 1, 3]))
        #expect(!PaymentCard.passesLuhn([7, 9, 9, 2, 7, 3, 9, 8, 7, 1, 4]))
        #expect(IBAN.remainder(Array("GB82WEST12345698765432".utf8)) == 1)
        #expect(
            AccessKey.entropy(Array("aabb".utf8)) == 1 && AccessKey.entropy(Array("abcd".utf8)) == 2
        )
    }

    @Test func anyBytesAreReadToTheirEnd() {
        var generator = SeededGenerator(seed: 3)
        let signs = Array("aZ09+-(): .@_/=k\"sey\u{E9}\u{1F600}eyJ".utf8)
        for _ in 0..<2000 {
            let bytes = (0..<generator.below(60)).map { _ in signs[generator.below(signs.count)] }
            bytes.withUnsafeBytes { text in
                let matches = PersonalDataScanner().matches(in: text)
                for (one, next) in zip(matches, matches.dropFirst()) {
                    #expect(one.range.upperBound <= next.range.lowerBound)
                }
                #expect(
                    matches.allSatisfy { !$0.range.isEmpty && $0.range.upperBound <= text.count }
                )
            }
        }
    }

    @Test func maskKeepsAbsentCellsAndOtherRows() throws {
        let frame = Frame(columns: [
            .init(
                "t",
                TestFrames.text(
                    ["a@b.org", nil, "plain", nil, "10.1.2.3 or c@d.org"],
                    missing: [3]
                )
            ),
            .init("n", Column(integers: [1, 2, 3, 4, 5])),
        ])
        let step = Mask(["t"])
        let (masked, report) = try step.masking(frame.showing([4, 0, 1, 3, 2]))
        #expect(
            (0..<5).map { masked.cell(0, at: $0) } == [
                .text("[ip] or [mail]"), .text("[mail]"), .null, .missing, .text("plain"),
            ]
        )
        #expect(report.columns[0].rows.map(\.position) == [0, 1])
        #expect(report.columns[0].counts == "2 mail addresses, 1 IP address")
        #expect(step.summary == "mask t")
        #expect(
            Mask(["a b", "t"], kinds: [.phone, .mail]).summary == "mask 'a b' t kinds=mail,phone"
        )
        let error = #expect(throws: Diagnostic.self) { try Mask(["n"]).apply(to: frame) }
        #expect(error?.message == "personal data is looked for in texts, found integer column 'n'")
        #expect(throws: Diagnostic.self) { try Mask(["u"]).apply(to: frame) }
    }

    @Test func findingShowsRowsMasked() throws {
        var texts = (0..<30).map { "\($0) things" as String? }
        texts[4] = "Please write to jane@example.com or call +49 171 1234567 about it"
        texts[9] = "my key is sk-abcDEF1234567890abcd1234"
        let input = try CheckFixtures.input(texts, (0..<30).map { $0 % 2 == 0 ? " good" : " bad" })
        #expect(
            try CheckFixtures.lines(PersonalData.code, input) == [
                "warning: 2 rows have personal data in 'prompt': 1 mail address, 1 phone number, 1 key",
                "2 [5,10]",
                "> mask prompt", "(optional)",
            ]
        )
        let finding = try DatasetChecker.run(input).first { $0.code == PersonalData.code }
        #expect(
            finding?.details == [
                "row 5: 'Please write to [mail] or call [phone] a…'", "row 10: 'my key is [key]'",
            ]
        )
    }

    /// How many real reviews are taken for personal data: what is found in them was looked at, and is none.
    @Test(
        .enabled(if: RealReviews.areThere, "no real reviews"),
        arguments: [
            ("womens_clothing_en", 0), ("prdect_id_29cat", 0),
        ]
    )
    func realReviewsHaveFewFalseAlarms(folder: String, expected: Int) throws {
        var found = 0
        for part in ["train", "validation", "test"] {
            let frame = try DatasetLoader.load(.path(RealReviews.path(folder, part))).frame
            let names = ["review_body", "review_title"]
            found += try PersonalDataReport(frame, columns: names).columns.reduce(0) {
                $0 + $1.rows.count
            }
        }
        #expect(found == expected)
    }
}

/// Real reviews beside the checkout, where they are.
enum RealReviews {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../../shared/data").standardized

    static let areThere = FileManager.default.fileExists(atPath: root.path)

    static func path(_ folder: String, _ part: String) -> String {
        root.appending(path: "\(folder)/\(part).jsonl").path
    }
}
