import FettleCore
import FettleModelFiles
import Testing

@testable import FettleTransformer

/// The projections of an adapter by the sizes of the model alone, as a training elsewhere is told of them.
struct AdapterModuleTests {
    @Test(arguments: Fixture.names)
    func modulesAreThoseOfTheAdapterInTheOrderOfItsNumbers(_ name: String) throws {
        let fixture = try Fixture(name)
        let network = try TransformerNetwork(
            configuration: fixture.configuration,
            weights: fixture.weights,
            precision: .float32,
            purpose: .inference
        )
        for layers in [nil, 1..<2] {
            let shape = AdapterShape(
                rank: 3,
                projections: Set(fixture.reference.lora.projections),
                layers: layers
            )
            let tensors = try LowRankAdapter(shape, for: network, seed: 1).tensors()
            let modules = try shape.modules(of: fixture.configuration)
            #expect(
                tensors.filter { $0.name.hasSuffix("lora_A.weight") }.map(\.name)
                    == modules.map { $0.name + ".lora_A.weight" }
            )
            let shapes = Dictionary(tensors.map { ($0.name, $0.shape) }) { first, _ in first }
            for module in modules {
                #expect(shapes[module.name + ".lora_A.weight"] == [3, module.inputs])
                #expect(shapes[module.name + ".lora_B.weight"] == [module.outputs, 3])
            }
        }
    }
}
