import CTransformerKernels
import FettleModelFiles

/// The function between the linear layers of a feed-forward layer.
///
/// SwiGLU (arXiv:2002.05202): silu(gate) · up of `[T, 2 F]`, gate and up side by side. GELU (arXiv:1606.08415) by
/// GPT-2's tanh formula of `[T, F]`.
struct FeedForwardActivation: Sendable {
    let kind: ModelConfiguration.Activation
    /// F.
    let width: Int

    /// The columns of the input.
    var inputs: Int { kind == .silu ? 2 * width : width }

    /// Writes `[rows, F]` as an operand.
    func forward(_ x: UnsafePointer<Float>, rows: Int, into operand: Operand) {
        switch kind {
        case .silu: fettle_swiglu(x, rows, width, operand.pointer, operand.precision.half)
        case .geluTanh:
            fettle_gelu(x, rows * width, operand.pointer, operand.precision.half)
        }
    }

    /// Writes the gradient of `x` as an operand; `dy` is `[rows, F]`.
    func backward(
        _ x: UnsafePointer<Float>,
        dy: UnsafePointer<Float>,
        rows: Int,
        into operand: Operand
    ) {
        switch kind {
        case .silu:
            fettle_swiglu_backward(x, dy, rows, width, operand.pointer, operand.precision.half)
        case .geluTanh:
            fettle_gelu_backward(x, dy, rows * width, operand.pointer, operand.precision.half)
        }
    }
}
