/// The banks of every language.
enum Banks {
    private static let general: [Language: Bank] = [
        .en: Bank(EnglishOpinions.text + "\n" + EnglishPhrases.text),
        .de: Bank(GermanPhrases.text),
        .fr: Bank(FrenchPhrases.text),
        .es: Bank(SpanishPhrases.text),
        .ja: Bank(JapanesePhrases.text),
        .zh: Bank(ChinesePhrases.text),
    ]

    private static let families: [Language: [String: [Bank]]] = [
        .en: Bank.families(
            EnglishHousehold.text,
            EnglishPersonal.text,
            EnglishDevices.text,
            EnglishLeisure.text
        ),
        .de: Bank.families(GermanCategories.text),
        .fr: Bank.families(FrenchCategories.text),
        .es: Bank.families(SpanishCategories.text),
        .ja: Bank.families(JapaneseCategories.text),
        .zh: Bank.families(ChineseCategories.text),
    ]

    /// Returns the lists for reviews of `category` in `language`, one bank a family of products.
    static func banks(of category: String, in language: Language) -> [Bank] {
        guard let general = general[language] else { return [] }
        return (families[language]?[category] ?? []).map(general.adding)
    }
}
