import FettleStore
import Testing

struct RatingTests {
    private func subject(
        _ first: String = "m1",
        settings: String = "seed=0"
    ) -> RatingRecord.Subject {
        RatingRecord.Subject(
            first: first,
            second: "m2",
            dataset: "reviews.test",
            datasetFingerprint: "00ff",
            settings: settings
        )
    }

    private func record(_ row: Int, _ verdict: RatingRecord.Verdict) -> RatingRecord {
        RatingRecord(
            row: row,
            verdict: verdict,
            firstAnswer: "a\u{1B}[31m",
            secondAnswer: "",
            ratedAt: 7
        )
    }

    @Test func whatWasSaidIsKeptByItsSubject() throws {
        let folder = try TemporaryFolder()
        let store = try Store(path: folder.file("fettle.sqlite"))
        #expect(try store.ratings(of: subject()) == [])
        let said = [record(3, .first), record(1, .same), record(8, .tie)]
        try store.keep(said, of: subject())
        try store.keep([record(3, .skipped)], of: subject(settings: "seed=1"))
        let again = try Store(path: folder.file("fettle.sqlite"))
        #expect(try again.ratings(of: subject()) == [said[1], said[0], said[2]])
        #expect(try again.ratings(of: subject(settings: "seed=1")) == [record(3, .skipped)])
        #expect(try again.ratings(of: subject("m3")) == [])
    }

    @Test func aRowHasOneVerdict() throws {
        let folder = try TemporaryFolder()
        let store = try Store(path: folder.file("fettle.sqlite"))
        try store.keep([record(3, .first)], of: subject())
        try store.keep([record(3, .second)], of: subject())
        #expect(try store.ratings(of: subject()) == [record(3, .second)])
    }
}
