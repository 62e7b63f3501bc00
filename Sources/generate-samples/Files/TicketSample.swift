import FettleCore

/// tickets.tsv: what customers write to a shop, with the queue that it belongs in.
enum TicketSample {
    private static let columns = ["ticket_id", "received", "subject", "body", "queue"]
    private static let queues = ["delivery", "returns", "billing", "account", "technical", "sales"]
    private static let weights = [30, 24, 18, 12, 11, 5]

    /// Returns the file with `rows` tickets.
    static func file(rows: Int, seed: UInt64) -> SampleFile {
        let banks = Bank.families(TicketBanks.text)
        var random = SeededGenerator(seed: seed)
        var lines = [columns.joined(separator: "\t")]
        for row in 0..<rows {
            let queue = queues[random.weighted(weights)]
            guard let bank = banks[queue]?.first else { continue }
            var composer = Composer(language: .en, bank: bank, seed: random.next())
            let subject = composer.phrase(of: "subject").capitalizedFirst
            var body = composer.sentence(of: "body")
            if random.chance(35) { body += " " + composer.sentence(of: "body") }
            if random.chance(60) { body += " " + composer.sentence(of: "close") }
            let day = 1 + row * 28 / rows
            let received = "2026-02-\(day < 10 ? "0" : "")\(day)"
            lines.append(
                ["T-\(4001 + row)", received, subject, body, queue].joined(separator: "\t")
            )
        }
        return SampleFile("tickets.tsv", lines: lines)
    }
}
