import FettleCore
import FettleData
import FettleWorkbench
import Testing

struct DatasetTests {
    @Test func fingerprintComesFromTheSourceAndTheRecipe() throws {
        let dataset = try Samples.reviews()
        let same = try Samples.reviews(60, name: "other")
        #expect(dataset.fingerprint == (try Samples.reviews()).fingerprint)
        #expect(dataset.fingerprint.count == 32)
        #expect(dataset.fingerprint != same.fingerprint)
        let shuffled = try dataset.applying(Shuffle(seed: 7))
        #expect(shuffled.recipe == ["load reviews.jsonl", "shuffle seed=7"])
        #expect(shuffled.fingerprint != dataset.fingerprint)
        #expect(shuffled.fingerprint == (try dataset.applying(Shuffle(seed: 7))).fingerprint)
        #expect(shuffled.fingerprint != (try dataset.applying(Shuffle(seed: 8))).fingerprint)
        #expect(dataset.formatted(as: try Samples.format).fingerprint == dataset.fingerprint)
        let other = Dataset(
            name: dataset.name,
            source: .init(name: dataset.source.name, fingerprint: "00fe"),
            recipe: dataset.recipe,
            frame: dataset.frame
        )
        #expect(other.fingerprint != dataset.fingerprint)
    }

    @Test func aStepKeepsNameSourceAndFormat() throws {
        let dataset = try Samples.reviews(6, format: Samples.format)
        let kept = try dataset.applying(Where(Expression(parsing: "stars == \"1\"")))
        #expect(kept.name == "reviews")
        #expect(kept.source == dataset.source)
        #expect(kept.format == dataset.format)
        #expect(kept.frame.rows == [0, 3])
        #expect(dataset.frame.count == 6)
    }

    @Test func missingFormatAndColumnsAreErrors() throws {
        let dataset = try Samples.reviews(3)
        #expect(
            throws: Diagnostic(
                "no-format",
                "'reviews' has no format that says how a row becomes a prompt and a completion",
                hint: "set one: format prompt=\"{{body}}\" completion=\" {{label}}\""
            )
        ) { try dataset.requiredFormat() }
        let format = PromptFormat.completion(
            prompt: try PromptTemplate("{{bdy}}"),
            completion: try PromptTemplate("")
        )
        let error = diagnostic { _ = try dataset.compiled(format) }
        #expect(
            error?.message
                == "no column 'bdy' in 'reviews', which the format's prompt names"
        )
        #expect(error?.span == nil)
        #expect(error?.hints == ["did you mean 'body'?", "columns: body, stars"])
    }

    @Test func examplesLeaveOutRowsWithoutACompletion() throws {
        let dataset = try Samples.dataset(
            bodies: ["a", "b", "c"],
            stars: ["1", nil, ""],
            name: "d"
        )
        let set = try ExampleSet(dataset, format: Samples.format)
        #expect(
            set.examples == [
                Example(prompt: "a", completion: " 1"), Example(prompt: "c", completion: " "),
            ]
        )
        #expect(set.rows == [0, 2])
        #expect(set.skippedRows == 1)
    }
}

struct DatasetLibraryTests {
    @Test func aNameKeepsAllItsVersions() throws {
        var library = DatasetLibrary()
        #expect(library.add(try Samples.reviews(3)).version == 1)
        #expect(library.add(try Samples.reviews(2)).version == 2)
        #expect(library.add(try Samples.reviews(1, name: "other")).version == 1)
        #expect(library.names == ["reviews", "other"])
        #expect(library.datasets.map(\.version) == [2, 1])
        #expect(try library.dataset("reviews").frame.count == 2)
        #expect(library.current == nil)
    }

    @Test func currentIsWhatWasUsedLast() throws {
        var library = DatasetLibrary()
        for name in ["a", "b", "c"] { library.add(try Samples.reviews(1, name: name)) }
        try library.use("b")
        #expect(try library.dataset(nil).name == "b")
        let snapshot = library
        try library.remove("b")
        #expect(library.current == "c")
        #expect(library.names == ["a", "c"])
        #expect(snapshot.current == "b")
        try library.remove("a")
        try library.remove("c")
        #expect(library.current == nil)
    }

    @Test func partsOfTheCurrentWholeAreFoundByTheirOwnName() throws {
        var library = DatasetLibrary()
        for name in ["r", "r.train", "r.test", "s.train"] {
            library.add(try Samples.reviews(1, name: name))
        }
        try library.use("r")
        #expect(try library.dataset("train").name == "r.train")
        try library.use("r.test")
        #expect(try library.dataset("train").name == "r.train")
        try library.use("s.train")
        #expect(diagnostic { _ = try library.dataset("test") }?.code == "unknown-dataset")
    }

    @Test func settingAFormatMakesNoVersion() throws {
        var library = DatasetLibrary()
        library.add(try Samples.reviews(3))
        library.add(try Samples.reviews(2))
        library.setFormat(try Samples.format, of: "reviews")
        library.setFormat(try Samples.format, of: "none")
        #expect(try library.dataset("reviews").format == Samples.format)
        #expect(try library.dataset("reviews").version == 2)
        #expect(library.names == ["reviews"])
    }

    @Test func theRevisionCountsChangesOfDatasetsAndFormats() throws {
        var library = DatasetLibrary()
        var revisions: [Int] = []
        for change in [
            { try $0.add(Samples.reviews(1)) }, { $0.setFormat(try Samples.format, of: "reviews") },
            { try $0.use("reviews") }, { $0.setFormat(try Samples.format, of: "none") },
            { try $0.remove("reviews") },
        ] as [(inout DatasetLibrary) throws -> Void] {
            try change(&library)
            revisions.append(library.revision)
        }
        #expect(revisions == [1, 2, 2, 2, 3])
        #expect(diagnostic { try library.remove("reviews") } != nil)
        #expect(library.revision == 3)
    }

    @Test func aWholeNameGoesBeforeThePartOfTheCurrentWhole() throws {
        var library = DatasetLibrary()
        for name in ["r", "r.train", "train"] { library.add(try Samples.reviews(1, name: name)) }
        #expect(try library.dataset("train").name == "train")
        try library.use("r")
        #expect(try library.dataset("train").name == "train")
        try library.remove("train")
        #expect(try library.dataset("train").name == "r.train")
    }

    @Test func unknownNamesAreErrorsWithSuggestions() throws {
        var library = DatasetLibrary()
        let load = "no dataset is loaded; load one: load samples/reviews.jsonl"
        #expect(
            throws: Diagnostic("unknown-dataset", "no dataset 'a'", hint: load)
        ) { try library.dataset("a") }
        #expect(
            throws: Diagnostic(
                "no-dataset",
                "no dataset is loaded",
                hint: "load one: load samples/reviews.jsonl"
            )
        ) { try library.dataset(nil) }
        library.add(try Samples.reviews(1))
        library.add(try Samples.reviews(1, name: "tickets"))
        let unknown = Diagnostic(
            "unknown-dataset",
            "no dataset 'review'",
            hints: ["did you mean 'reviews'?", "datasets: reviews, tickets"]
        )
        #expect(throws: unknown) { try library.dataset("review") }
        #expect(throws: unknown) { try library.use("review") }
        #expect(throws: unknown) { try library.remove("review") }
    }
}

struct WorkClockTests {
    @Test(arguments: [
        (0, "1970-01-01-00-00-00"), (999, "1970-01-01-00-00-00"), (-1, "1969-12-31-23-59-59"),
        (-1000, "1969-12-31-23-59-59"), (-1001, "1969-12-31-23-59-58"),
        (951_782_400_000, "2000-02-29-00-00-00"), (951_868_799_999, "2000-02-29-23-59-59"),
        (951_868_800_000, "2000-03-01-00-00-00"), (1_709_164_800_000, "2024-02-29-00-00-00"),
        (1_767_225_599_000, "2025-12-31-23-59-59"), (1_767_225_600_000, "2026-01-01-00-00-00"),
        (4_107_542_400_000, "2100-03-01-00-00-00"), (4_107_542_399_000, "2100-02-28-23-59-59"),
        (-2_203_891_200_000, "1900-03-01-00-00-00"), (-2_203_891_201_000, "1900-02-28-23-59-59"),
    ])
    func stampsAreDatesOfTheCalendar(_ milliseconds: Int64, _ expected: String) {
        #expect(WorkClock.stamp(of: milliseconds) == expected)
    }

    @Test func theFarthestMomentsDoNotTrap() {
        #expect(WorkClock.stamp(of: .max).hasPrefix("292278994-08-17"))
        #expect(WorkClock.stamp(of: .min).hasPrefix("-292275055-05-16"))
    }

    @Test func aFixedClockStandsStill() {
        #expect(Samples.clock.now() == Samples.moment)
        #expect(Samples.clock.seconds() == nil)
    }
}
