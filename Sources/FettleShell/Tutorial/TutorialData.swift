/// The reviews that the tutorial works on, made from a few phrases.
enum TutorialData {
    /// Names the file's columns.
    static let columns = ["review", "mood", "language"]

    /// The file: 240 rows in a fixed order, two thirds of them English.
    static var csv: String {
        let english = texts(
            of: [
                "The lamp", "This kettle", "The backpack", "My new chair", "The phone case",
                "This blender", "The desk", "The headset", "The tent", "This pan",
            ],
            good: [
                "works perfectly and looks great", "is worth every penny",
                "is better than I expected", "makes every day a little easier",
                "arrived early and fits well", "is solid and easy to clean",
                "was a lovely surprise", "is the best I have owned",
            ],
            bad: [
                "broke after two days", "is a waste of money", "arrived late and scratched",
                "is far too small and flimsy", "stopped working within a week",
                "smells awful and wobbles", "was a big disappointment",
                "looks nothing like the picture",
            ],
            language: "en"
        )
        let german = texts(
            of: [
                "Die Lampe", "Der Rucksack", "Mein neuer Stuhl", "Der Mixer", "Das Zelt",
            ],
            good: [
                "ist jeden Cent wert", "funktioniert einwandfrei", "sieht toll aus",
                "kam sehr schnell an", "ist stabil und leicht", "macht viel Freude",
                "passt genau", "ist besser als erwartet",
            ],
            bad: [
                "ging nach zwei Tagen kaputt", "ist viel zu klein", "kam verkratzt an",
                "ist das Geld nicht wert", "riecht unangenehm", "wackelt von Anfang an",
                "ist leider undicht", "sieht billig aus",
            ],
            language: "de"
        )
        let rows = english + german
        // 97 and 240 have no divisor in common, so that every row comes once and neighbours differ.
        let mixed = rows.indices.map { rows[$0 * 97 % rows.count] }
        return ([columns.joined(separator: ",")] + mixed).joined(separator: "\n") + "\n"
    }

    private static func texts(
        of things: [String],
        good: [String],
        bad: [String],
        language: String
    ) -> [String] {
        things.flatMap { thing in
            good.map { "\(thing) \($0).,good,\(language)" }
                + bad.map { "\(thing) \($0).,bad,\(language)" }
        }
    }
}
