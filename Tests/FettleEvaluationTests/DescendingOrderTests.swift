import FettleCore
import Testing

@testable import FettleEvaluation

struct DescendingOrderTests {
    @Test(arguments: [0, 1, 7, 1000, 5000])
    func orderIsThatOfAStableSort(count: Int) {
        var generator = SeededGenerator(seed: UInt64(count))
        let values = (0..<count).map { _ -> Double in
            switch generator.below(6) {
            case 0: -.infinity
            case 1: -Double(generator.below(5))
            // Equal in the bits that the radix sort looks at.
            case 2: -1 - Double(generator.below(9)) * 0x1p-52
            case 3: -0.0
            case 4: generator.unit() - 0.5
            default: -50 * generator.unit()
            }
        }
        let wanted = (0..<Int32(count)).sorted {
            (-values[Int($0)], $0) < (-values[Int($1)], $1)
        }
        #expect(descendingOrder(of: values) == wanted)
    }
}
