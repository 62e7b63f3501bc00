import FettleCore
import FettleStore
import Testing

@testable import FettleWorkbench

struct AliasLibraryTests {
    private let workspace = Workspace(.ephemeral, session: "test")
    private let library: AliasLibrary

    init() throws {
        library = AliasLibrary(workspace, clock: Samples.clock)
        for (name, id) in [("stars", "ngram:ft-personal-1"), ("again", "ngram:ft-personal-2")] {
            try workspace.store().insert(
                ModelRecord(
                    id: id,
                    name: name,
                    base: "ngram",
                    parent: nil,
                    file: "\(name).model",
                    format: try Samples.format,
                    settings: [],
                    dataset: "reviews",
                    datasetFingerprint: "00",
                    labelCount: 3,
                    examplesSeen: 1,
                    trainingMilliseconds: 0,
                    createdAt: 1
                )
            )
        }
    }

    @Test func baseModelsOfTheAPIStandForTheBuiltInOne() throws {
        #expect(try library.all().map(\.name) == AliasLibrary.defaults)
        #expect(try library.resolve("ada") == .init(target: "ngram", alias: "ada"))
        #expect(try library.resolve("gpt-4o-mini") == .init(target: "ngram", alias: "gpt-4o-mini"))
        #expect(try library.history("ada") == [])
    }

    @Test func otherNamesStandForThemselves() throws {
        #expect(try library.resolve("stars") == .init(target: "stars", alias: nil))
        #expect(try library.resolve("nothing") == .init(target: "nothing", alias: nil))
        #expect(try library.resolve("ngram") == .init(target: "ngram", alias: nil))
    }

    @Test func nameIsSetAndTakenBack() throws {
        let first = try library.set("prod", to: "stars")
        #expect(
            first
                == .init(name: "prod", target: "ngram:ft-personal-1", setAt: Samples.moment)
        )
        _ = try library.set("prod", to: "again")
        #expect(
            try library.resolve("prod") == .init(target: "ngram:ft-personal-2", alias: "prod")
        )
        #expect(try library.back("prod")?.target == "ngram:ft-personal-1")
        #expect(
            try library.resolve("prod") == .init(target: "ngram:ft-personal-1", alias: "prod")
        )
        #expect(try library.back("prod") == nil)
        #expect(try library.resolve("prod") == .init(target: "prod", alias: nil))
        #expect(
            throws: Diagnostic(
                "no-earlier-alias",
                "'prod' has stood for nothing else before",
                hint: "'alias prod --history' shows its changes"
            )
        ) {
            try library.back("prod")
        }
        #expect(
            try library.history("prod").map(\.target) == [
                nil, "ngram:ft-personal-1", "ngram:ft-personal-2", "ngram:ft-personal-1",
            ]
        )
        #expect(try library.history("prod").map(\.isBack) == [true, true, false, false])
    }

    @Test func twoStepsBackPassOverTheFirst() throws {
        for model in ["stars", "again", "ngram"] { _ = try library.set("prod", to: model) }
        _ = try library.back("prod")
        #expect(try library.back("prod")?.target == "ngram:ft-personal-1")
    }

    @Test func defaultIsChangedAndComesBack() throws {
        _ = try library.set("ada", to: "stars")
        #expect(try library.resolve("ada").target == "ngram:ft-personal-1")
        #expect(try library.all().first?.target == "ngram:ft-personal-1")
        #expect(try library.back("ada") == .init(name: "ada", target: "ngram", setAt: nil))
    }

    @Test func productionTakesWhatStagingStandsForNow() throws {
        _ = try library.set("staging", to: "again")
        #expect(try library.set("prod", to: "staging").target == "ngram:ft-personal-2")
        _ = try library.set("staging", to: "stars")
        #expect(try library.resolve("prod").target == "ngram:ft-personal-2")
        #expect(try library.all().suffix(2).map(\.name) == ["prod", "staging"])
    }

    @Test func modelOfTheSameNameGoesBeforeADefault() throws {
        _ = try workspace.store().renameModel("ngram:ft-personal-2", to: "curie")
        #expect(try library.resolve("curie") == .init(target: "curie", alias: nil))
    }

    @Test(arguments: ["", "a b", "ada:x", "../x", "-x", ".x", String(repeating: "x", count: 65)])
    func namesThatCannotBeTypedAreRefused(name: String) {
        #expect(
            throws: Diagnostic(
                "bad-name",
                "'\(name)' cannot be an alias",
                hint: "up to 64 letters of ASCII, digits, '-', '_' and '.', such as 'prod'"
            )
        ) {
            try library.set(name, to: "stars")
        }
    }

    @Test func namesOfModelsAreRefused() {
        #expect(
            throws: Diagnostic(
                "name-taken",
                "'stars' is the name of ngram:ft-personal-1",
                hint: "choose another name for the alias"
            )
        ) {
            try library.set("stars", to: "again")
        }
        #expect(
            throws: Diagnostic(
                "name-taken",
                "'ngram' is the name of the base model 'ngram'",
                hint: "choose another name for the alias"
            )
        ) {
            try library.set("ngram", to: "again")
        }
    }

    @Test func unknownNamesAreToldWithNearOnes() throws {
        _ = try library.set("prod", to: "stars")
        #expect(
            throws: Diagnostic(
                "unknown-alias",
                "no alias 'prd'",
                hints: [
                    "did you mean 'prod'?", "'alias' lists them; 'alias prd MODEL' makes one",
                ]
            )
        ) {
            try library.history("prd")
        }
        #expect(
            throws: Diagnostic(
                "unknown-model",
                "no model 'star'",
                hints: ["did you mean 'stars'?", "models: stars, again"]
            )
        ) {
            try library.set("prod", to: "star")
        }
    }
}
