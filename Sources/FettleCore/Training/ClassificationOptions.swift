/// How a job's model is measured as a classifier at the end of each epoch, on all validation examples.
public struct ClassificationOptions: Hashable, Sendable, Codable {
    /// How many classes there are, when they count alike.
    public var classCount: Int?
    /// The class that counts as positive, when there are two.
    public var positiveClass: String?
    /// The betas of the F scores beside F1.
    public var betas: [Double]

    /// Makes options.
    public init(classCount: Int? = nil, positiveClass: String? = nil, betas: [Double] = []) {
        self.classCount = classCount
        self.positiveClass = positiveClass
        self.betas = betas
    }
}
