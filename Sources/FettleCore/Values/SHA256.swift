/// The hash SHA-256 of FIPS 180-4, of bytes given piece by piece.
public struct SHA256: Sendable {
    private static let constants: [UInt32] = [
        0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4,
        0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe,
        0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f,
        0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da, 0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
        0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc,
        0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
        0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070, 0x19a4_c116,
        0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
        0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7,
        0xc671_78f2,
    ]

    private var state: [UInt32] = [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab,
        0x5be0_cd19,
    ]
    private var rest: [UInt8] = []
    private var count: UInt64 = 0

    /// Makes the hash of no bytes.
    public init() {}

    /// Takes bytes after those before.
    public mutating func add(_ bytes: UnsafeRawBufferPointer) {
        count &+= UInt64(bytes.count)
        var start = 0
        if !rest.isEmpty {
            start = min(64 - rest.count, bytes.count)
            rest.append(contentsOf: bytes[..<start])
            guard rest.count == 64 else { return }
            let block = rest
            rest.removeAll(keepingCapacity: true)
            block.withUnsafeBytes { mix($0) }
        }
        let end = bytes.count - (bytes.count - start) % 64
        mix(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
        start = end
        rest.append(contentsOf: bytes[start...])
    }

    /// Returns the hash in 64 hexadecimal digits.
    public consuming func digits() -> String {
        words().map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
    }

    /// Returns the hash as its 8 words.
    private consuming func words() -> [UInt32] {
        let bits = count &* 8
        var end = rest + [0x80]
        while end.count % 64 != 56 { end.append(0) }
        withUnsafeBytes(of: bits.bigEndian) { end.append(contentsOf: $0) }
        end.withUnsafeBytes { mix($0) }
        return state
    }

    /// Returns the hash of `bytes` in 64 hexadecimal digits.
    public static func digits(of bytes: [UInt8]) -> String {
        var hash = SHA256()
        bytes.withUnsafeBytes { hash.add($0) }
        return hash.digits()
    }

    /// Returns the keyed hash HMAC (RFC 2104) of `message` in 64 hexadecimal digits.
    public static func hmac(of message: [UInt8], key: [UInt8]) -> String {
        let short = key.count > 64 ? bytes(of: key) : key
        let block = short + [UInt8](repeating: 0, count: 64 - short.count)
        let inner = bytes(of: block.map { $0 ^ 0x36 } + message)
        return digits(of: block.map { $0 ^ 0x5c } + inner)
    }

    /// Returns the 32 bytes of the hash of `bytes`.
    private static func bytes(of bytes: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        bytes.withUnsafeBytes { hash.add($0) }
        return hash.words().flatMap { word in withUnsafeBytes(of: word.bigEndian) { Array($0) } }
    }

    /// Takes whole blocks of 64 bytes.
    private mutating func mix(_ blocks: UnsafeRawBufferPointer) {
        guard let base = blocks.baseAddress else { return }
        let count = blocks.count / 64
        Self.constants.withUnsafeBufferPointer { constants in
            state.withUnsafeMutableBufferPointer { state in
                withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { schedule in
                    for block in 0..<count {
                        Self.mix(base + block * 64, state, schedule, constants)
                    }
                }
            }
        }
    }

    @inline(__always)
    private static func mix(
        _ block: UnsafeRawPointer,
        _ state: UnsafeMutableBufferPointer<UInt32>,
        _ schedule: UnsafeMutableBufferPointer<UInt32>,
        _ constants: UnsafeBufferPointer<UInt32>
    ) {
        for place in 0..<16 {
            let word = block.loadUnaligned(fromByteOffset: place * 4, as: UInt32.self)
            schedule[place] = UInt32(bigEndian: word)
        }
        for place in 16..<64 {
            let (a, b) = (schedule[place &- 15], schedule[place &- 2])
            let first = turned(a, 7) ^ turned(a, 18) ^ a &>> 3
            let second = turned(b, 17) ^ turned(b, 19) ^ b &>> 10
            schedule[place] = schedule[place &- 16] &+ first &+ schedule[place &- 7] &+ second
        }
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        for place in 0..<64 {
            let up = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)
            let choice = e & f ^ ~e & g
            let one = h &+ up &+ choice &+ constants[place] &+ schedule[place]
            let down = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)
            let two = down &+ (a & b ^ a & c ^ b & c)
            h = g
            g = f
            f = e
            e = d &+ one
            d = c
            c = b
            b = a
            a = one &+ two
        }
        state[0] &+= a
        state[1] &+= b
        state[2] &+= c
        state[3] &+= d
        state[4] &+= e
        state[5] &+= f
        state[6] &+= g
        state[7] &+= h
    }

    @inline(__always)
    private static func turned(_ word: UInt32, _ places: UInt32) -> UInt32 {
        word &>> places | word &<< (32 &- places)
    }
}
