import FettleCore
import Testing

@testable import FettleData

struct LanguageTests {
    @Test(arguments: [
        ("en", "I love this dress, it fits perfectly and the colour is just right."),
        ("de", "Die Lieferung kam viel zu spät und das Gerät war leider kaputt."),
        ("fr", "Je suis très content de cet achat, la qualité est au rendez-vous."),
        ("es", "El producto llegó roto y nadie me contesta cuando llamo por teléfono."),
        ("ja", "とても気に入りました。色もきれいで、サイズもぴったりです。"),
        ("zh", "质量很好，穿起来很舒服，下次还会再买。"), ("zh", "品質很好，穿起來很舒服，下次還會再買。"),
        ("en", "GREAT VALUE!!! WOULD BUY AGAIN"), ("de", "ich bin sehr zufrieden mit dem kauf"),
    ])
    func sixLanguagesAreTold(language: String, text: String) {
        #expect(LanguageIdentifier.language(of: text) == language)
    }

    @Test(arguments: [
        "", "ok", "1234567890 4567", "!!! :-) !!!", "👍👍👍👍👍👍",
        "Sangat bagus, barang sesuai dengan gambar dan pengiriman cepat",
        "Ik ben heel blij met deze aankoop, de kwaliteit is uitstekend",
        "Sono molto contento di questo acquisto, la qualità è ottima",
        "Estou muito contente com esta compra, a qualidade é excelente",
        "Очень доволен покупкой, качество отличное", "이 제품은 정말 마음에 들어요 품질도 좋아요",
        "Η ποιότητα είναι εξαιρετική και έφτασε γρήγορα", "xkqz vbrt plmk wqzx jhgf",
    ])
    func otherTextsAreUnknown(text: String) {
        #expect(LanguageIdentifier.language(of: text) == "unknown")
    }

    @Test func caseDigitsAndSignsMakeNoDifference() {
        let text = "Die Lieferung kam viel zu spät und das Gerät war kaputt"
        for other in [
            text.uppercased(), "… " + text + " (2025)!", text.replacing(" ", with: "\n\t"),
        ] {
            #expect(LanguageIdentifier.language(of: other) == "de")
        }
    }

    @Test func brokenUTF8IsReadToItsEnd() {
        let bytes: [UInt8] =
            Array("the parcel came ".utf8) + [0xE5, 0xC3] + Array("late and was broken".utf8) + [
                0xF0, 0x9F,
            ]
        #expect(bytes.withUnsafeBytes { LanguageIdentifier.language(of: $0) } == "en")
    }

    @Test func functionGivesLanguagesAndNull() throws {
        let frame = Frame(columns: [
            .init("t", TestFrames.text(["The parcel came late and was broken", nil, "ok"])),
            .init("n", Column(integers: [1, 2, 3])),
        ])
        let derived = try Derive("l", Expression(parsing: "language(t)")).apply(to: frame)
        #expect((0..<3).map { derived.cell(2, at: $0) } == [.text("en"), .null, .text("unknown")])
        let error = #expect(throws: Diagnostic.self) {
            try Derive("l", Expression(parsing: "language(n)")).apply(to: frame)
        }
        #expect(error?.message == "'language' wants a text, found integer column 'n'")
        #expect(error?.hints == ["write text(n)"])
    }

    @Test func mixtureIsNamedWithTheStepThatKeepsTheMainLanguage() throws {
        var texts = (0..<40).map {
            "This is the review number \($0) that was written in English" as String?
        }
        texts[7] = "Das ist die Bewertung, die auf Deutsch geschrieben wurde"
        texts[30] = "Das ist noch eine Bewertung, die auf Deutsch geschrieben wurde"
        texts[9] = "Questa è la recensione che è stata scritta in italiano per noi"
        let labels = (0..<40).map { $0 % 2 == 0 ? " good" : " bad" as String? }
        let input = try CheckFixtures.input(texts, labels, isThorough: true)
        #expect(
            try CheckFixtures.lines(MixedLanguages.code, input) == [
                "note: 37 prompts are in 'en' and 2 in other languages: de 2; 1 in no known one",
                "2 [8,31]",
                "> where language(coalesce(prompt, '')) in ['en', 'unknown']", "(optional)",
            ]
        )
        #expect(
            try CheckFixtures.lines(MixedLanguages.code, CheckFixtures.input(texts, labels)) == []
        )
    }

    /// The shares that the identifier promises, on reviews that it was not made from.
    @Test(.enabled(if: RealReviews.areThere, "no real reviews"))
    func realReviewsAreTold() throws {
        let english = try Self.counts("womens_clothing_en", ["validation", "test"]) {
            $0.count > 20
        }
        let share = Double(english["en"] ?? 0) / Double(english.values.reduce(0, +))
        #expect(share >= 0.98, "\(english)")
        let indonesian = try Self.counts("prdect_id_29cat", ["train", "validation", "test"]) { _ in
            true
        }
        let named = indonesian.filter { $0.key != "unknown" }.values.reduce(0, +)
        #expect(Double(named) / Double(indonesian.values.reduce(0, +)) <= 0.05, "\(indonesian)")
    }

    private static func counts(
        _ folder: String,
        _ parts: [String],
        where counts: (String) -> Bool
    ) throws -> [String: Int] {
        var found: [String: Int] = [:]
        for part in parts {
            let frame = try DatasetLoader.load(.path(RealReviews.path(folder, part))).frame
            let column = try #require(frame.position(of: "review_body"))
            for position in 0..<frame.count {
                let text = frame.cell(column, at: position).displayText
                if counts(text) { found[LanguageIdentifier.language(of: text), default: 0] += 1 }
            }
        }
        return found
    }
}
