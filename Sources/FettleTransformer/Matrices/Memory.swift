import CTransformerKernels

/// The numbers that matrix products take.
public enum Precision: String, Sendable, CaseIterable {
    /// IEEE 754 single precision.
    case float32
    /// The upper half of a single-precision number; sums are single-precision all the same.
    case bfloat16

    var bytes: Int { self == .float32 ? 4 : 2 }
    /// How the kernels name it.
    var half: Int32 { self == .float32 ? 0 : 1 }
}

/// Floats in memory of their own, zero at first, on a cache line's boundary.
///
/// Threads share it without locks: what writes and what reads is divided between steps, or into parts that
/// do not meet.
final class FloatBuffer: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<Float>
    let count: Int

    init(_ count: Int) {
        let bytes = max(count, 1) * 4
        pointer = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
            .initializeMemory(as: Float.self, repeating: 0, count: max(count, 1))
        self.count = count
    }

    convenience init(_ values: [Float]) {
        self.init(values.count)
        values.withUnsafeBufferPointer { source in
            if let base = source.baseAddress { pointer.update(from: base, count: source.count) }
        }
    }

    deinit { pointer.deallocate() }

    func clear() { pointer.update(repeating: 0, count: count) }

    var array: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }
}

/// Where a matrix for products begins.
struct Operand {
    let pointer: UnsafeMutableRawPointer
    let precision: Precision

    /// Returns the operand that begins `elements` further on.
    func advanced(by elements: Int) -> Operand {
        Operand(pointer: pointer + elements * precision.bytes, precision: precision)
    }

    /// Puts zeros into the first elements.
    func clear(_ count: Int) {
        pointer.initializeMemory(as: UInt8.self, repeating: 0, count: count * precision.bytes)
    }

    /// Copies scaled floats here.
    func take(_ x: UnsafePointer<Float>, scale: Float = 1, count: Int) {
        fettle_to_operand(x, scale, count, pointer, precision.half)
    }
}

/// Memory that grows to what is asked of it; its content is lost when it does.
final class GrowingBuffer {
    private var memory: UnsafeMutableRawPointer?
    private(set) var bytes = 0

    deinit { memory?.deallocate() }

    func raw(_ wanted: Int) -> UnsafeMutableRawPointer {
        if let memory, bytes >= wanted { return memory }
        memory?.deallocate()
        // Whole pages, and some room, so that batches that grow by a token do not move it each time.
        bytes = (max(wanted, 1) + wanted / 8 + 4095) / 4096 * 4096
        let fresh = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        memory = fresh
        return fresh
    }

    func floats(_ count: Int) -> UnsafeMutablePointer<Float> {
        raw(count * 4).assumingMemoryBound(to: Float.self)
    }

    func operand(_ count: Int, _ precision: Precision) -> Operand {
        Operand(pointer: raw(count * precision.bytes), precision: precision)
    }
}
