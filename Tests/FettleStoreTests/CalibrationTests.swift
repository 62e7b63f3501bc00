import FettleStore
import Testing

struct CalibrationTests {
    private func record(_ temperature: Double) -> CalibrationRecord {
        CalibrationRecord(
            model: "m1",
            temperature: temperature,
            dataset: "reviews.validation",
            datasetFingerprint: "00ff",
            rowCount: 441,
            createdAt: 7
        )
    }

    @Test func theLastTemperatureIsKept() throws {
        let folder = try TemporaryFolder()
        let store = try Store(path: folder.file("fettle.sqlite"))
        #expect(try store.calibration(ofModel: "m1") == nil)
        try store.keep(record(2))
        try store.keep(record(1.25))
        #expect(try store.calibration(ofModel: "m1") == record(1.25))
        #expect(try store.calibration(ofModel: "m2") == nil)
    }

    @Test func itGoesWithTheModel() throws {
        let folder = try TemporaryFolder()
        let store = try Store(path: folder.file("fettle.sqlite"))
        try store.insert(modelRecord("m1"))
        try store.keep(record(2))
        #expect(try store.deleteModel("m1").isEmpty)
        #expect(try store.calibration(ofModel: "m1") == nil)
    }
}
