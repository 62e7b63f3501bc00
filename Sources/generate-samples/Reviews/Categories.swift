/// The product categories and how often each occurs.
enum Categories {
    /// Every category with its share of the rows, in parts of 4,500, from the largest down.
    static let shares: [(name: String, share: Int)] = [
        ("home", 640),
        ("apparel", 541),
        ("wireless", 461),
        ("beauty", 392),
        ("drugstore", 335),
        ("kitchen", 286),
        ("toy", 245),
        ("other", 210),
        ("sports", 181),
        ("automotive", 156),
        ("lawn_and_garden", 135),
        ("home_improvement", 117),
        ("pet_products", 102),
        ("digital_ebook_purchase", 89),
        ("pc", 78),
        ("electronics", 68),
        ("office_product", 60),
        ("shoes", 53),
        ("personal_care_appliances", 47),
        ("baby_product", 41),
        ("book", 37),
        ("furniture", 33),
        ("grocery", 30),
        ("jewelry", 27),
        ("watch", 24),
        ("luggage", 22),
        ("industrial_supplies", 20),
        ("musical_instruments", 19),
        ("camera", 18),
        ("video_games", 17),
        ("digital_video_download", 16),
    ]

    /// Returns how many of `total` rows each category gets, at least `least` each.
    static func counts(of total: Int, least: Int) -> [Int] {
        let sum = shares.reduce(0) { $0 + $1.share }
        var counts = shares.map { max(least, $0.share * total / sum) }
        var left = total - counts.reduce(0, +)
        var index = 0
        while left != 0 {
            let step = left > 0 ? 1 : -1
            if step > 0 || counts[index] > least {
                counts[index] += step
                left -= step
            }
            index = (index + 1) % counts.count
            if index == 0 && step < 0 && counts.allSatisfy({ $0 <= least }) { break }
        }
        return counts
    }
}
