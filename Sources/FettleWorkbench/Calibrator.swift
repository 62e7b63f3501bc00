public import FettleCore
public import FettleEvaluation
public import FettleStore

/// Fits temperatures to models, and keeps them beside them.
public struct Calibrator: Sendable {
    /// What fitting a temperature found.
    public struct Outcome: Sendable {
        /// The temperature, as it is kept.
        public var scaling: TemperatureScaling
        /// The model's log loss and calibration error as it is.
        public var before: Figures
        /// The same at the temperature.
        public var after: Figures
        /// Rows whose completion the model does not know.
        public var unknownRows: Int
        /// Rows without a completion.
        public var skippedRows: Int
    }

    /// What a temperature changes.
    public struct Figures: Hashable, Sendable {
        /// The log loss, in nats.
        public var logLoss: Double
        /// How far the model is as often right as it is sure, 0 to 1.
        public var calibrationError: Double

        init(_ scores: Scores) {
            let setting = MetricSetting(classes: scores.classes)
            logLoss = Metrics.value(of: LogLoss.self, scores, setting) ?? 0
            calibrationError = Metrics.value(of: CalibrationError.self, scores, setting) ?? 0
        }
    }

    private let workspace: Workspace
    private let clock: WorkClock

    /// Makes a calibrator over a workspace.
    public init(_ workspace: Workspace, clock: WorkClock) {
        self.workspace = workspace
        self.clock = clock
    }

    /// Fits a model's temperature on a dataset, and keeps it in place of an earlier one.
    ///
    /// `onProgress` is called with the rows done.
    ///
    /// - Throws: as ``Judge/score(_:on:onProgress:)`` and ``TemperatureScaling/init(fitting:)``.
    public func calibrate(
        _ record: ModelRecord,
        on dataset: Dataset,
        onProgress: (Int) -> Void
    ) throws -> Outcome {
        let scored = try Judge(workspace, clock: clock).score(
            record,
            on: dataset,
            onProgress: onProgress
        )
        let scaling = try TemperatureScaling(fitting: scored.scores)
        try workspace.store().keep(
            CalibrationRecord(
                model: record.id,
                temperature: scaling.temperature,
                dataset: dataset.name,
                datasetFingerprint: dataset.fingerprint,
                rowCount: scaling.rows,
                createdAt: clock.now()
            )
        )
        return Outcome(
            scaling: scaling,
            before: Figures(scored.scores),
            after: Figures(scored.scores.atTemperature(scaling.temperature)),
            unknownRows: scored.scores.rows - scaling.rows,
            skippedRows: scored.skippedRows
        )
    }

    /// Returns what is kept of a model's calibration, or nil.
    public func calibration(of record: ModelRecord) throws(Diagnostic) -> CalibrationRecord? {
        try workspace.existingStore()?.calibration(ofModel: record.id)
    }

    /// Returns a model's temperature.
    ///
    /// - Throws: `not-calibrated` when none was fitted.
    public func temperature(of record: ModelRecord) throws(Diagnostic) -> Double {
        if let calibration = try calibration(of: record) { return calibration.temperature }
        throw Diagnostic(
            "not-calibrated",
            "no temperature was fitted for '\(record.displayName)'",
            hint:
                "fit one on rows that it was not tuned on: calibrate \(record.displayName) on DATASET"
        )
    }
}
