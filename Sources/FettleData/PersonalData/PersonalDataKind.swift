import FettleCore

/// A kind of personal or secret data that texts are searched for.
public enum PersonalDataKind: String, CaseIterable, Hashable, Sendable {
    /// An address of electronic mail.
    case mail
    /// A phone number, as people write it.
    case phone
    /// The number of a payment card, by its issuer's digits and the Luhn check.
    case card
    /// An international bank account number, by its country's length and the remainder by 97.
    case iban
    /// An IP address, version 4 or 6.
    case ip
    /// A key of a program's interface, a token or a private key.
    case key

    /// What stands in place of it: `[mail]`.
    public var mark: String { "[\(rawValue)]" }

    /// The kind in words, for one or for several: `mail address`, `mail addresses`.
    func words(_ count: Int) -> String {
        let (one, several) =
            switch self {
            case .mail: ("mail address", "mail addresses")
            case .phone: ("phone number", "phone numbers")
            case .card: ("payment card", "payment cards")
            case .iban: ("IBAN", "IBANs")
            case .ip: ("IP address", "IP addresses")
            case .key: ("key", "keys")
            }
        return "\(NumberText.count(count)) \(count == 1 ? one : several)"
    }
}
