import FettleCore
import FettleTransformer
import Foundation

/// Whether a tuning fits into memory, and what is done about it when it does not.
struct TuningMemory {
    private let files: LanguageFiles
    private let part: TunedPart
    private let longest: Int
    private let budget: Int?

    /// - Parameters:
    ///   - files: the model.
    ///   - part: what is trained.
    ///   - longest: the tokens of the longest example.
    ///   - budget: the bytes that the user allows.
    init(_ files: LanguageFiles, _ part: TunedPart, longest: Int, budget: Int?) {
        self.files = files
        self.part = part
        self.longest = longest
        self.budget = budget
    }

    /// Has values recomputed where keeping them would not fit, and returns what is said of it.
    ///
    /// A run that goes on may choose otherwise than it began: the numbers are the same.
    /// - Throws: `out-of-memory` where recomputing would not fit either.
    func fit(
        _ options: inout TuningOptions,
        free: Int? = SystemMemory.available
    ) throws(Diagnostic) -> [ChosenSetting] {
        guard let most = [free, budget].compactMap(\.self).min() else { return [] }
        let kept = estimate(options)
        guard kept > most else { return [] }
        options.recomputes = true
        let recomputed = estimate(options)
        let isBudget = most == budget
        guard recomputed <= most else {
            throw Diagnostic(
                "out-of-memory",
                "tuning '\(files.name)' takes about \(NumberText.bytes(recomputed)), and "
                    + "\(NumberText.bytes(most)) are \(isBudget ? "allowed" : "free")",
                hint: (isBudget ? "allow more with memory=, " : "close other programs, ")
                    + (part.adapter == nil
                        ? "or tune an adapter, which takes much less: train=adapter"
                        : "set a smaller rank or max_prompt_tokens, or tune fewer layers")
            )
        }
        return [
            ChosenSetting(
                name: "recompute",
                value: "true",
                reason: "keeping each layer's values would take \(NumberText.bytes(kept)) "
                    + "rather than \(NumberText.bytes(recomputed)), and "
                    + "\(NumberText.bytes(most)) are " + (isBudget ? "allowed" : "free")
            )
        ]
    }

    private func estimate(_ options: TuningOptions) -> Int {
        guard let shape = part.adapter else {
            return MemoryEstimate(
                tuning: files.configuration,
                purpose: part.purpose,
                options: options,
                longest: longest
            ).total
        }
        return MemoryEstimate(
            tuning: files.configuration,
            precision: .fastest,
            shape: shape,
            options: options,
            longest: longest
        ).total
    }
}

/// The memory of the machine.
enum SystemMemory {
    /// Bytes that a program can take without others being moved out, where the system says.
    static var available: Int? {
        guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8) else {
            return nil
        }
        let line = text.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
        let words = line?.split(separator: " ") ?? []
        return words.count > 1 ? Int(words[1]).map { $0 << 10 } : nil
    }
}
