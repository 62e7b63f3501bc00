/// How the numbers of a tensor are stored: plain, or in ggml's blocks of quantised ones.
public enum TensorType: Hashable, Sendable, CaseIterable {
    /// F32: IEEE 754 single precision.
    case float32
    /// F16: IEEE 754 half precision.
    case float16
    /// BF16: the upper half of a single-precision number.
    case bfloat16
    /// Q8_0: 32 numbers of 8 bits and a scale.
    case q80
    /// Q4_0: 32 numbers of 4 bits and a scale.
    case q40
    /// Q4_1: 32 numbers of 4 bits, a scale and a minimum.
    case q41
    /// Q5_0: 32 numbers of 5 bits and a scale.
    case q50
    /// Q5_1: 32 numbers of 5 bits, a scale and a minimum.
    case q51
    /// Q4_K: 8 blocks of 32 numbers of 4 bits, with scales and minima of 6 bits.
    case q4K
    /// Q5_K: 8 blocks of 32 numbers of 5 bits, with scales and minima of 6 bits.
    case q5K
    /// Q6_K: 16 blocks of 16 numbers of 6 bits, with scales of 8 bits.
    case q6K

    /// The name in messages and file names, such as `Q4_1`.
    public var name: String {
        switch self {
        case .float32: "F32"
        case .float16: "F16"
        case .bfloat16: "BF16"
        case .q80: "Q8_0"
        case .q40: "Q4_0"
        case .q41: "Q4_1"
        case .q50: "Q5_0"
        case .q51: "Q5_1"
        case .q4K: "Q4_K"
        case .q5K: "Q5_K"
        case .q6K: "Q6_K"
        }
    }

    /// How many numbers are stored together; a row of a tensor is a multiple of it.
    public var blockSize: Int {
        switch self {
        case .float32, .float16, .bfloat16: 1
        case .q80, .q40, .q41, .q50, .q51: 32
        case .q4K, .q5K, .q6K: 256
        }
    }

    /// The bytes of one block.
    public var blockBytes: Int {
        switch self {
        case .float32: 4
        case .float16, .bfloat16: 2
        case .q80: 34
        case .q40: 18
        case .q41: 20
        case .q50: 22
        case .q51: 24
        case .q4K: 144
        case .q5K: 176
        case .q6K: 210
        }
    }

    /// Returns the bytes of this many numbers, or nil when they are no whole blocks or too many.
    func byteCount(of numbers: Int) -> Int? {
        guard numbers >= 0, numbers % blockSize == 0 else { return nil }
        let (bytes, overflow) = (numbers / blockSize).multipliedReportingOverflow(by: blockBytes)
        return overflow ? nil : bytes
    }
}
