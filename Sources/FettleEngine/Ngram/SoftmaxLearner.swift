import FettleCore

/// How the weights are learnt; chosen by ``TrainingPlan``.
struct LearningSettings {
    /// Step size at the start of a run; it falls to 0 along a straight line.
    var rate: Float
    /// Sum of squared gradients that every feature starts with.
    ///
    /// Large values make all features learn at one speed (SGD), small ones let rare features learn
    /// faster.
    var initialSquares: Float
    /// Share of a prompt's features left out at random each time it is shown.
    var dropout: Float
    /// Most of the target's probability that each neighbouring grade gets.
    ///
    /// A review of four stars could as well have had three or five: a target that says so makes the
    /// probabilities truer, and more answers right.
    var neighbourShare: Float
    /// A neighbouring grade gets this share of the probability that the model gives it, so that a model
    /// that can tell the grades apart is not kept from it; less than 1.
    var neighbourTrust: Float
    /// The classes in the order of the grades that they stand for; empty when they are no grades.
    var grades: [Int]
}

/// Softmax regression learnt by AdaGrad with one step size per feature.
///
/// Loss: the mean over examples of -w log p(label), p = softmax(b + Σ x_f W_f), where w is the weight of
/// the label, 1 unless classes are weighted, and a feature's value
/// x_f is its scale divided by the length of the prompt's vector of scales. Update of a step:
/// h_f += |G_f|², W_f -= rate · G_f / √(h₀ + h_f), with G_f the step's gradient by row W_f (Duchi,
/// Hazan, Singer: "Adaptive subgradient methods", JMLR 12, 2011; one h a row, not a weight).
/// Where classes are grades, the target of the label's neighbours n is min(s, t · p_n) rather than 0
/// (after the soft bootstrapping of Reed et al., arXiv:1412.6596, which does so for all classes).
/// Features are left out at random (Wager, Wang, Liang: "Dropout training as adaptive
/// regularization", arXiv:1307.1493).
struct SoftmaxLearner {
    private let rows: UnsafeMutablePointer<Float>
    private let stride: Int
    private let classCount: Int
    private let biasID: UInt32
    private let settings: LearningSettings
    private var generator: SeededGenerator
    private var kept = GrowingBuffer<UInt32>(capacity: 1 << 10)
    /// Logits, then probabilities, then the gradient by the logits, in a row's layout: [2 + K].
    private let work: UnsafeMutablePointer<Float>
    private var batch: BatchGradient?
    /// The classes of the grades below and above each class's, two a class; -1 for none.
    private let neighbours: UnsafeMutablePointer<Int>

    /// What one example looked like to the model before its update; the loss is times the example's weight.
    struct Outcome {
        var loss: Float
        var isRight: Bool
    }

    init(_ parameters: NgramParameters, _ settings: LearningSettings, seed: UInt64, batchSize: Int)
    {
        rows = parameters.rows
        stride = parameters.stride
        classCount = parameters.classCount
        biasID = UInt32(parameters.featureCount)
        self.settings = settings
        generator = SeededGenerator(seed: seed ^ 0x5EED_D209)
        work = .allocate(capacity: parameters.stride)
        work.initialize(repeating: 0, count: parameters.stride)
        neighbours = .allocate(capacity: 2 * parameters.classCount)
        neighbours.initialize(repeating: -1, count: 2 * parameters.classCount)
        for (below, above) in zip(settings.grades, settings.grades.dropFirst()) {
            neighbours[2 * below + 1] = above
            neighbours[2 * above] = below
        }
        if batchSize > 1 {
            batch = BatchGradient(featureCount: parameters.featureCount + 1, stride: stride)
        }
    }

    func free() {
        kept.free()
        work.deallocate()
        neighbours.deallocate()
        batch?.free()
    }

    /// Where the random choices of features stand.
    var generatorState: UInt64 {
        get { generator.state }
        set { generator = SeededGenerator(seed: newValue) }
    }

    /// Shows one example; the weights change at once, or with ``endBatch(rate:)`` when batches have
    /// more than one example.
    mutating func learn(
        _ row: ExampleMatrix.Row,
        label: Int,
        weight: Float = 1,
        rate: Float
    ) -> Outcome {
        keepFeatures(row)
        let norm = forward(kept.base, kept.count)
        var outcome = takeGradient(label: label)
        if weight != 1 {
            for k in 0..<stride { work[k] *= weight }
            outcome.loss *= weight
        }
        if batch != nil {
            collect(norm)
        } else {
            update(norm, rate)
        }
        return outcome
    }

    /// Measures one example without learning from it.
    func measure(_ row: ExampleMatrix.Row, label: Int) -> Outcome {
        _ = forward(row.features, row.count)
        let logits = work + NgramParameters.headerFloats
        let own = logits[label]
        var best = 0
        for k in 1..<max(classCount, 1) where logits[k] > logits[best] { best = k }
        return Outcome(loss: softmax(logits, classCount) - own, isRight: best == label)
    }

    /// Appends the natural log probabilities of all classes after one example.
    func appendLogprobs(of row: ExampleMatrix.Row, to result: inout [Double]) {
        _ = forward(row.features, row.count)
        let logits = work + NgramParameters.headerFloats
        let start = result.count
        for k in 0..<classCount { result.append(Double(logits[k])) }
        result.withUnsafeMutableBufferPointer { values in
            if let base = values.baseAddress { logSoftmax(base + start, classCount) }
        }
    }

    private mutating func keepFeatures(_ row: ExampleMatrix.Row) {
        kept.removeAll()
        guard settings.dropout > 0 else {
            for position in 0..<row.count { kept.append(row.features[position]) }
            return
        }
        // 16 random bits a feature, four features a draw.
        let limit = UInt64(settings.dropout * 65_536)
        var bits: UInt64 = 0
        for position in 0..<row.count {
            if position & 3 == 0 { bits = generator.next() }
            if bits & 0xFFFF >= limit { kept.append(row.features[position]) }
            bits >>= 16
        }
    }

    /// Leaves logits in `work` and returns the factor from a feature's scale to its value.
    @inline(__always)
    private func forward(_ features: UnsafePointer<UInt32>, _ count: Int) -> Float {
        let chunks = stride / 4
        let bias = rows + Int(biasID) * stride
        let header = NgramParameters.headerFloats
        // Lane 0 of the sum is Σ scale², since a row begins with its scale.
        var norm: Float = 0
        if chunks == 2 {
            var low = SIMD4<Float>.zero
            var high = SIMD4<Float>.zero
            for position in 0..<count {
                let row = rows + Int(features[position]) * 8
                let (a, b) = loadPair(row)
                let scale = SIMD4(repeating: a.x)
                low += scale * a
                high += scale * b
            }
            norm = low.x > 0 ? 1 / low.x.squareRoot() : 0
            storeVector(low, work)
            storeVector(high, work + 4)
        } else {
            for chunk in 0..<chunks { storeVector(.zero, work + chunk * 4) }
            for position in 0..<count {
                let row = rows + Int(features[position]) * stride
                let scale = SIMD4(repeating: row[0])
                for chunk in 0..<chunks {
                    let sum = loadVector(work + chunk * 4) + scale * loadVector(row + chunk * 4)
                    storeVector(sum, work + chunk * 4)
                }
            }
            norm = work[0] > 0 ? 1 / work[0].squareRoot() : 0
        }
        for k in header..<(header + classCount) { work[k] = work[k] * norm + bias[k] }
        return norm
    }

    /// Turns the logits in `work` into the gradient of the loss by them.
    @inline(__always)
    private mutating func takeGradient(label: Int) -> Outcome {
        let logits = work + NgramParameters.headerFloats
        let own = logits[label]
        var best = 0
        for k in 1..<max(classCount, 1) where logits[k] > logits[best] { best = k }
        let loss = softmax(logits, classCount) - own
        logits[label] -= 1
        for side in 0...1 {
            let neighbour = neighbours[2 * label + side]
            guard neighbour >= 0 else { continue }
            let share = min(settings.neighbourShare, settings.neighbourTrust * logits[neighbour])
            logits[label] += share
            logits[neighbour] -= share
        }
        work[0] = 0
        work[1] = 0
        for k in (NgramParameters.headerFloats + classCount)..<max(stride, classCount + 2) {
            work[k] = 0
        }
        return Outcome(loss: loss, isRight: best == label)
    }

    private func update(_ norm: Float, _ rate: Float) {
        var squared: Float = 0
        for k in 0..<stride { squared += work[k] * work[k] }
        let chunks = stride / 4
        let start = settings.initialSquares
        if chunks == 2 {
            let (low, high) = loadPair(work)
            for position in 0..<kept.count {
                let row = rows + Int(kept[position]) * 8
                var (a, b) = loadPair(row)
                let value = a.x * norm
                a.y += value * value * squared
                let step = rate * value / (start + a.y).squareRoot()
                a -= step * low
                b -= step * high
                storeVector(a, row)
                storeVector(b, row + 4)
            }
        } else {
            for position in 0..<kept.count {
                let row = rows + Int(kept[position]) * stride
                let value = row[0] * norm
                let squares = row[1] + value * value * squared
                row[1] = squares
                let step = SIMD4(repeating: rate * value / (start + squares).squareRoot())
                for chunk in 0..<chunks {
                    let weights = loadVector(row + chunk * 4) - step * loadVector(work + chunk * 4)
                    storeVector(weights, row + chunk * 4)
                }
            }
        }
        let bias = rows + Int(biasID) * stride
        bias[1] += squared
        let step = rate / (start + bias[1]).squareRoot()
        for k in NgramParameters.headerFloats..<stride { bias[k] -= step * work[k] }
    }

    // MARK: - Batches

    private mutating func collect(_ norm: Float) {
        for position in 0..<kept.count {
            let feature = kept[position]
            batch?.add(work, rows[Int(feature) * stride] * norm, to: feature)
        }
        batch?.add(work, 1, to: biasID)
    }

    /// Changes the weights by the gradient summed over the examples since the last call.
    mutating func endBatch(rate: Float) {
        guard let pending = batch else { return }
        for slot in 0..<pending.touched.count {
            let gradient = pending.gradient(slot)
            let row = rows + Int(pending.touched[slot]) * stride
            var squared: Float = 0
            for k in 0..<stride { squared += gradient[k] * gradient[k] }
            row[1] += squared
            let step = rate / (settings.initialSquares + row[1]).squareRoot()
            for k in NgramParameters.headerFloats..<stride { row[k] -= step * gradient[k] }
        }
        batch?.removeAll()
    }
}

/// The gradient of a batch, for the features that stand in it.
struct BatchGradient {
    private(set) var touched = GrowingBuffer<UInt32>(capacity: 1 << 10)
    private var sums = GrowingBuffer<Float>(capacity: 1 << 13)
    /// Slot + 1 of each feature in `touched`, 0 for one not in the batch.
    private let slots: UnsafeMutablePointer<UInt32>
    private let stride: Int

    init(featureCount: Int, stride: Int) {
        self.stride = stride
        slots = .allocate(capacity: featureCount)
        slots.initialize(repeating: 0, count: featureCount)
    }

    func free() {
        touched.free()
        sums.free()
        slots.deallocate()
    }

    func gradient(_ slot: Int) -> UnsafeMutablePointer<Float> { sums.base + slot * stride }

    mutating func add(_ values: UnsafePointer<Float>, _ factor: Float, to feature: UInt32) {
        if slots[Int(feature)] == 0 {
            touched.append(feature)
            slots[Int(feature)] = UInt32(touched.count)
            for _ in 0..<stride { sums.append(0) }
        }
        let sum = gradient(Int(slots[Int(feature)]) - 1)
        for k in 0..<stride { sum[k] += factor * values[k] }
    }

    mutating func removeAll() {
        for slot in 0..<touched.count { slots[Int(touched[slot])] = 0 }
        touched.removeAll()
        sums.removeAll()
    }
}

@inline(__always)
func loadVector(_ pointer: UnsafePointer<Float>) -> SIMD4<Float> {
    UnsafeRawPointer(pointer).loadUnaligned(as: SIMD4<Float>.self)
}

@inline(__always)
func loadPair(_ pointer: UnsafePointer<Float>) -> (SIMD4<Float>, SIMD4<Float>) {
    (loadVector(pointer), loadVector(pointer + 4))
}

@inline(__always)
func storeVector(_ vector: SIMD4<Float>, _ pointer: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(pointer).storeBytes(of: vector, as: SIMD4<Float>.self)
}
