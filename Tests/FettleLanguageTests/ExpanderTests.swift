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
