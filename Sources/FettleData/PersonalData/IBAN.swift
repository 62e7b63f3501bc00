/// International bank account numbers by ISO 13616: a country's letters, two check digits, and as many letters and
/// digits as the country's numbers have.
enum IBAN {
    /// The length of a country's numbers, from the IBAN registry.
    private static let lengths: [String: Int] = [
        "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22,
        "BR": 29,
        "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20,
        "EG": 29,
        "ES": 24, "FI": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27,
        "GT": 28,
        "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30,
        "KZ": 20,
        "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24,
        "ME": 22,
        "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PS": 29,
        "PT": 25,
        "QA": 29, "RO": 24, "RS": 22, "SA": 24, "SC": 31, "SE": 24, "SI": 19, "SK": 24, "SM": 27,
        "ST": 25,
        "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
    ]

    @Sendable static func match(in text: UnsafeRawBufferPointer, at start: Int) -> Range<Int>? {
        guard TextByte.isLetter(text[start]), TextByte.isLetter(TextByte.at(text, start + 1)),
            TextByte.isDigit(TextByte.at(text, start + 2)),
            TextByte.isDigit(TextByte.at(text, start + 3)),
            let length = lengths[
                String(decoding: text[start..<start + 2], as: UTF8.self).uppercased()
            ]
        else { return nil }
        var letters: [UInt8] = []
        var at = start
        while at < text.count, letters.count < length {
            let byte = text[at]
            if TextByte.isAlphanumeric(byte) {
                letters.append(TextByte.isLetter(byte) ? byte & 0xDF : byte)
            } else if byte != 0x20 || letters.count % 4 != 0 {
                // Blanks stand between groups of four only.
                return nil
            }
            at += 1
        }
        guard letters.count == length, !TextByte.isAlphanumeric(TextByte.at(text, at)),
            remainder(letters) == 1
        else { return nil }
        return start..<at
    }

    /// The remainder by 97 of the number with its first four characters at its end, letters as 10 to 35 (ISO 7064).
    static func remainder(_ letters: [UInt8]) -> Int {
        (letters.dropFirst(4) + letters.prefix(4)).reduce(0) { rest, byte in
            TextByte.isDigit(byte)
                ? (rest * 10 + Int(byte) - 0x30) % 97 : (rest * 100 + Int(byte) - 0x41 + 10) % 97
        }
    }
}
