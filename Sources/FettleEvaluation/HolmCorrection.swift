/// Returns p-values corrected for being several, in the order given.
///
/// Were no model better than the first, the chance that any corrected value falls below 0.05 stays under
/// 0.05. The smallest of m values is multiplied by m, the next by m − 1 and so on, and none may be smaller
/// than the one before it. Source: S. Holm, "A simple sequentially rejective multiple test procedure",
/// Scandinavian Journal of Statistics 6 (1979).
public func holmCorrected(_ pValues: [Double]) -> [Double] {
    let order = pValues.indices.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
    var corrected = pValues
    var largest = 0.0
    for (place, index) in order.enumerated() {
        largest = max(largest, min(1, pValues[index] * Double(pValues.count - place)))
        corrected[index] = largest
    }
    return corrected
}
