import FettleCore
import FettleLanguage
import Testing

struct ExpanderTests {
    private let values = expander(["name": "wörld", "n": "3", "env:HOME": "/home/x"], bare: ["n"])

    @Test(arguments: [
        ("\"hello $name\"", "hello wörld"),
        ("$n$n", "33"),
        ("${gone:-else}", "else"),
        ("${gone:-}", ""),
        ("${name:-else}", "wörld"),
        ("${env:HOME}/y", "/home/x/y"),
        ("${env:GONE:-no}", "no"),
        ("'$name'", "$name"),
    ])
    func variablesAreFilledIn(_ word: String, _ expected: String) throws {
        #expect(try values.expand(try words("x \(word)")[0]).text == expected)
    }

    @Test(arguments: [
        (
            "$nme",
            "unknown-variable 2..<6\nno variable 'nme'\ndid you mean 'name'?\n"
                + "set it with 'let nme = VALUE'"
        ),
        ("\"a$q\"", "unknown-variable 4..<6\nno variable 'q'\nset it with 'let q = VALUE'"),
        ("${q:?give q first}", "unknown-variable 2..<20\ngive q first"),
        (
            "${env:GONE}",
            "unknown-variable 2..<13\nno variable 'GONE'\n'${env:GONE:-default}' gives a default"
        ),
    ])
    func unsetVariablesAreErrors(_ word: String, _ expected: String) throws {
        let word = try words("x \(word)")[0]
        #expect(diagnostic { _ = try values.expand(word) }.map(shown) == expected)
    }
}

/// `~/` at the start of a file's name.
struct HomeTests {
    @Test(arguments: [
        ("~/leaf.txt", "/home/x/leaf.txt"),
        ("~", "/home/x"),
        ("~/'two words'", "/home/x/two words"),
        ("~/$word", "/home/x/green tea"),
        ("'~/leaf.txt'", "~/leaf.txt"),
        ("\"~/leaf.txt\"", "~/leaf.txt"),
        ("\\~/leaf.txt", "~/leaf.txt"),
        ("~\\/leaf.txt", "~/leaf.txt"),
        ("$tilde/leaf.txt", "~/leaf.txt"),
        ("~other/leaf.txt", "~other/leaf.txt"),
        ("a~/leaf.txt", "a~/leaf.txt"),
    ])
    func bareTildeOfAFileIsTheHomeFolder(word: String, expected: String) throws {
        let arguments = try Brew.declaration.bind(
            try invocation("brew \(word) heat=1"),
            expanding: expander(["word": "green tea", "tilde": "~"], home: "/home/x")
        )
        #expect(try arguments.required(Brew.leaf).text == expected)
    }

    @Test func otherArgumentsKeepTheirTilde() throws {
        let arguments = try Brew.declaration.bind(
            try invocation("brew ~/pot x heat=1 as ~/cup"),
            expanding: expander(home: "/home/x")
        )
        #expect(try arguments.value(Brew.pot) == "~/pot")
        #expect(try arguments.value(Brew.name) == "~/cup")
    }

    @Test func bytesOfTheHomeFolderComeFromTheTilde() throws {
        let word = try Brew.declaration.bind(
            try invocation("brew ~/é heat=1"),
            expanding: expander(home: "/h")
        ).required(Brew.leaf)
        #expect(word.origins.count == word.text.utf8.count)
        #expect(word.sourceSpan(SourceSpan(0, 2)) == SourceSpan(5, 6))
        #expect(word.sourceSpan(SourceSpan(2, 5)) == SourceSpan(6, 9))
    }

    @Test(arguments: [nil, "", "/"])
    func rootOrNoHomeIsNoSurprise(home: String?) throws {
        let arguments = try Brew.declaration.bind(
            try invocation("brew ~/a heat=1"),
            expanding: expander(home: home)
        )
        #expect(try arguments.required(Brew.leaf).text == (home == "/" ? "/a" : "~/a"))
    }
}
