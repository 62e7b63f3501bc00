import FettleModelFiles
import Foundation

/// Cosines and sines of rotary positions (arXiv:2104.09864), `[position, 2 · pairs]`: the cosines, then the sines.
final class RotaryTables {
    private let frequencies: [Float]
    private var values = FloatBuffer(0)
    private var filled = 0

    init(_ settings: RopeSettings?) {
        frequencies = settings?.inverseFrequencies() ?? []
    }

    /// Returns the table of at least the positions under `limit`; good until the next call.
    func tables(positions limit: Int) -> UnsafePointer<Float> {
        if limit > filled {
            let pairs = frequencies.count
            filled = max(limit, 2 * filled, 64)
            values = FloatBuffer(filled * 2 * pairs)
            for position in 0..<filled {
                let row = values.pointer + position * 2 * pairs
                for (pair, frequency) in frequencies.enumerated() {
                    // Single-precision angles, as the models were trained with.
                    let angle = Double(Float(position) * frequency)
                    row[pair] = Float(cos(angle))
                    row[pairs + pair] = Float(sin(angle))
                }
            }
        }
        return UnsafePointer(values.pointer)
    }
}
