/// The numbers that a training changes, one after another in memory so that an update is one pass.
final class Parameters: Sendable {
    struct Slot: Hashable, Sendable {
        let name: String
        /// `[rows, columns]`, or `[n]`.
        let shape: [Int]
        let offset: Int

        var count: Int { shape.reduce(1, *) }
        var range: Range<Int> { offset..<offset + count }
    }

    let slots: [Slot]
    let values: FloatBuffer
    private let places: [String: Int]

    init(_ tensors: [(name: String, shape: [Int])]) {
        var slots: [Slot] = []
        var offset = 0
        for tensor in tensors {
            slots.append(Slot(name: tensor.name, shape: tensor.shape, offset: offset))
            offset += tensor.shape.reduce(1, *)
        }
        self.slots = slots
        values = FloatBuffer(offset)
        places = Dictionary(uniqueKeysWithValues: slots.enumerated().map { ($1.name, $0) })
    }

    var count: Int { values.count }

    func slot(_ name: String) -> Slot? { places[name].map { slots[$0] } }

    func pointer(_ slot: Slot) -> UnsafeMutablePointer<Float> { values.pointer + slot.offset }
}
