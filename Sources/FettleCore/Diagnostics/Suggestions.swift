/// Returns the optimal-string-alignment distance of two words: insertions, deletions, substitutions
/// and swaps of neighbours each cost 1.
///
/// - Complexity: O(n·m) time, O(m) space.
public func editDistance(_ first: String, _ second: String) -> Int {
    let a = Array(first.unicodeScalars)
    let b = Array(second.unicodeScalars)
    if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
    var beforePrevious = [Int](repeating: 0, count: b.count + 1)
    var previous = Array(0...b.count)
    var current = [Int](repeating: 0, count: b.count + 1)
    for i in 1...a.count {
        current[0] = i
        for j in 1...b.count {
            let substitution = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
            var best = min(substitution, previous[j] + 1, current[j - 1] + 1)
            if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                best = min(best, beforePrevious[j - 2] + 1)
            }
            current[j] = best
        }
        (beforePrevious, previous, current) = (previous, current, beforePrevious)
    }
    return previous[b.count]
}

/// Returns up to `limit` candidates that the user may have meant, nearest first, then by name.
///
/// A candidate counts when its distance is at most `max(1, n/3)` for a word of n characters, or when
/// the word (of at least two characters) is its beginning. Case is ignored.
public func suggestions(
    for word: String,
    among candidates: some Sequence<String>,
    limit: Int = 3
) -> [String] {
    let lowered = word.lowercased()
    let allowed = max(1, lowered.count / 3)
    let scalarCount = lowered.unicodeScalars.count
    var found: [(distance: Int, name: String)] = []
    for candidate in Set(candidates) {
        let other = candidate.lowercased()
        if other == lowered {
            found.append((0, candidate))
        } else if lowered.count >= 2, other.hasPrefix(lowered) {
            found.append((1, candidate))
        } else {
            guard abs(other.unicodeScalars.count - scalarCount) <= allowed else { continue }
            let distance = editDistance(lowered, other)
            if distance <= allowed, distance < lowered.count { found.append((distance, candidate)) }
        }
    }
    found.sort { ($0.distance, $0.name) < ($1.distance, $1.name) }
    return found.prefix(limit).map(\.name)
}

/// Returns "did you mean 'a', 'b' or 'c'?", or nil when nothing is near.
public func didYouMean(_ word: String, among candidates: some Sequence<String>) -> String? {
    let names = suggestions(for: word, among: candidates).map { "'\($0)'" }
    guard let last = names.last else { return nil }
    let head = names.dropLast().joined(separator: ", ")
    return head.isEmpty ? "did you mean \(last)?" : "did you mean \(head) or \(last)?"
}
