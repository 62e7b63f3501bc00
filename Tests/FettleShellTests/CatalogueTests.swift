import FettleLanguage
import Foundation
import Testing

@testable import FettleShell

struct CatalogueTests {
    @Test func everyNameIsUnique() {
        let names = CommandCatalogue.declarations.map(\.name)
        #expect(Set(names).count == names.count)
    }

    @Test(arguments: CommandCatalogue.declarations.map(\.name))
    func declarationIsWhole(name: String) throws {
        let declaration = try CommandCatalogue.command(name).declaration
        #expect(declaration.examples.count >= 2)
        var sentences = [declaration.summary]
        sentences += declaration.examples.map(\.explanation)
        sentences += declaration.parameters.map(\.help)
        for sentence in sentences {
            #expect(!sentence.isEmpty)
            #expect(sentence.last != ".", "'\(sentence)' ends with a full stop")
        }
        let parameters = declaration.parameters.flatMap { [$0.name] + $0.aliases }
        #expect(Set(parameters).count == parameters.count)
    }

    @Test func everyCommandOfTheFolderIsInTheCatalogue() throws {
        let folder = Files.root + "/Sources/FettleShell/Commands/"
        var found: [String] = []
        let names = FileManager.default.subpaths(atPath: folder) ?? []
        for name in names where name.hasSuffix(".swift") {
            found += try Files.text(folder + name).matches(of: /struct (\w+): Command \{/).map {
                String($0.output.1)
            }
        }
        let listed = CommandCatalogue.all.map { String(describing: $0) }
        #expect(found.sorted() == listed.sorted())
    }

    @Test func helpListsEveryCommandOnceWithItsSummary() async {
        var shell = TestShell()
        let result = await shell.run("help")
        let lines = result.output.split(separator: "\n").map(String.init)
        for declaration in CommandCatalogue.declarations {
            let expected = lines.filter {
                $0.hasPrefix("  \(declaration.name) ") && $0.hasSuffix("  " + declaration.summary)
            }
            #expect(expected.count == 1, "\(declaration.name)")
        }
    }

    @Test func helpOfACommandShowsSynopsisParametersAndExamples() async {
        var shell = TestShell()
        for declaration in CommandCatalogue.declarations {
            let result = await shell.run("help \(declaration.name)")
            #expect(result.status == .success)
            #expect(result.output.contains(declaration.synopsis))
            for example in declaration.examples { #expect(result.output.contains(example.line)) }
        }
    }

    @Test func referenceOnDiskIsThatOfTheDeclarations() throws {
        let text = try Files.text(Files.root + "/docs/commands.md")
        #expect(text == Reference.markdown + "\n", "'make docs' writes docs/commands.md anew")
    }
}
