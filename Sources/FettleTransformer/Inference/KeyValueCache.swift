/// The keys and values of a sequence's tokens, for those that come after: `[capacity, G d]` each for every layer.
///
/// One thread writes it at a time; a shared prefix is read by several and written by none.
final class KeyValueCache: @unchecked Sendable {
    private let layers: Int
    private let width: Int
    private var capacity: Int
    private var memory: FloatBuffer
    /// The tokens whose keys and values are there.
    private(set) var count = 0

    init(layers: Int, width: Int, capacity: Int) {
        self.layers = layers
        self.width = width
        self.capacity = max(capacity, 1)
        memory = FloatBuffer(layers * 2 * self.capacity * width)
    }

    private func start(_ layer: Int, _ part: Int) -> UnsafeMutablePointer<Float> {
        memory.pointer + (layer * 2 + part) * capacity * width
    }

    func prefix(
        _ layer: Int
    ) -> (keys: UnsafeMutablePointer<Float>, values: UnsafeMutablePointer<Float>) {
        (start(layer, 0), start(layer, 1))
    }

    /// Makes room for `wanted` tokens, keeping what is there.
    func reserve(_ wanted: Int) {
        guard wanted > capacity else { return }
        let old = memory
        let oldCapacity = capacity
        capacity = max(wanted, 2 * oldCapacity)
        memory = FloatBuffer(layers * 2 * capacity * width)
        for part in 0..<layers * 2 {
            (memory.pointer + part * capacity * width).update(
                from: old.pointer + part * oldCapacity * width,
                count: count * width
            )
        }
    }

    /// Puts keys and values of one layer at place `position`; the room was reserved.
    func record(
        layer: Int,
        keys: UnsafePointer<Float>,
        values: UnsafePointer<Float>,
        rows: Int,
        stride: Int,
        at position: Int
    ) {
        precondition(
            position + rows <= capacity,
            "\(position + rows) tokens in room for \(capacity)"
        )
        let (toKeys, toValues) = prefix(layer)
        for row in 0..<rows {
            let place = (position + row) * width
            (toKeys + place).update(from: keys + row * stride, count: width)
            (toValues + place).update(from: values + row * stride, count: width)
        }
        if layer == layers - 1 { count = position + rows }
    }

    /// Forgets the tokens from `length` on.
    func truncate(to length: Int) { count = min(count, max(length, 0)) }

    /// Makes this one begin with the tokens of another.
    func take(_ other: KeyValueCache) {
        reserve(other.count)
        for layer in 0..<layers {
            let (keys, values) = other.prefix(layer)
            let (toKeys, toValues) = prefix(layer)
            toKeys.update(from: keys, count: other.count * width)
            toValues.update(from: values, count: other.count * width)
        }
        count = other.count
    }
}
