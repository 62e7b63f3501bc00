import CTransformerKernels

extension LowRankAdapter {
    /// Returns a projection's weights `[out, in]` with what was tuned added to them: W + s · B A.
    ///
    /// Other tensors come back as they are. Files of whole models are written with it; asking keeps the two apart,
    /// as halves would round most of the update away.
    ///
    /// - Parameters:
    ///   - name: the tensor's name, such as `model.layers.0.self_attn.q_proj.weight`.
    ///   - numbers: its numbers, row-major.
    /// - Returns: the numbers with the update.
    public func merged(_ name: String, _ numbers: [Float]) -> [Float] {
        guard name.hasSuffix(".weight") else { return numbers }
        let part = String(name.dropLast(".weight".count))
        guard let down = parameters.slot(Self.downName(part)),
            let up = parameters.slot(Self.upName(part))
        else { return numbers }
        let (rank, inputs, outputs) = (down.shape[0], down.shape[1], up.shape[1])
        precondition(numbers.count == inputs * outputs, "\(name): \(numbers.count) numbers")
        let scale = shape.alpha / Float(shape.rank)
        let (a, b) = (parameters.pointer(down), parameters.pointer(up))
        var result = numbers
        result.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            for row in 0..<outputs {
                for place in 0..<rank {
                    let factor = scale * b[place * outputs + row]
                    fettle_add_scaled(base + row * inputs, a + place * inputs, factor, inputs)
                }
            }
        }
        return result
    }

    /// The projections that it changes, as a file of an adapter has them.
    public var modules: [(module: String, a: [Float], b: [Float])] {
        let tensors = Dictionary(uniqueKeysWithValues: tensors().map { ($0.name, $0.numbers) })
        return parameters.slots.compactMap { slot in
            guard slot.name.hasSuffix(Self.downName("")) else { return nil }
            let module = String(slot.name.dropLast(Self.downName("").count))
            guard let a = tensors[Self.downName(module)], let b = tensors[Self.upName(module)]
            else {
                return nil
            }
            return (module, a, b)
        }
    }
}
