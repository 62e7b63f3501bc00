"""Writes the tables of Sources/FettleTokenizers/Unicode from what Hugging Face's tokenizers does.

The classes are those of its regular expressions and of its digit splitter, the compositions those of its
NFC, each asked for every code point, so that other versions of Unicode make no difference.

    python3 Tests/FettleTokenizersTests/Reference/make_tables.py      (needs: pip install tokenizers)
"""
import os
import unicodedata

from tokenizers import Regex, normalizers, pre_tokenizers

ROOT = os.path.join(os.path.dirname(__file__), "../../../Sources/FettleTokenizers/Unicode")
CODES = [code for code in range(0x110000) if not 0xD800 <= code < 0xE000]
OTHER, LETTER, NUMBER, SPACE, NEWLINE, DIGIT = range(6)


def matching(splitter):
    """Returns the code points that a splitter which removes its matches takes away."""
    kept = set()
    for start in range(0, len(CODES), 4096):
        chunk = CODES[start:start + 4096]
        for _, (first, end) in splitter.pre_tokenize_str("".join(map(chr, chunk))):
            kept.update(chunk[first:end])
    return set(CODES) - kept


def digits():
    """Returns the code points that the digit splitter puts by themselves."""
    found, splitter = set(), pre_tokenizers.Digits(individual_digits=True)
    for start in range(0, len(CODES), 4096):
        chunk = CODES[start:start + 4096]
        for _, (first, end) in splitter.pre_tokenize_str("".join("a" + chr(c) for c in chunk)):
            if end - first == 1 and first % 2 == 1:
                found.add(chunk[first // 2])
    return found


def classes():
    table = bytearray(0x110000)
    for code in digits():
        table[code] = DIGIT
    for pattern, kind in [(r"\p{L}", LETTER), (r"\p{N}", NUMBER), (r"\s", SPACE)]:
        for code in matching(pre_tokenizers.Split(Regex(pattern), "removed")):
            table[code] = kind
    for code in (0x0A, 0x0D):
        table[code] = NEWLINE
    starts, last = [], OTHER
    for code, kind in enumerate(table):
        if kind != last:
            starts.append(code << 3 | kind)
            last = kind
    return starts


def combining():
    """Returns ranges of code points of one combining class that is not 0, as the normaliser orders them."""
    order = normalizers.NFD().normalize_str
    ranges = []
    for code in CODES:
        mark, kind = chr(code), unicodedata.combining(chr(code))
        if kind == 0:
            assert order("a" + mark + "\u0334") == order("a") + order(mark) + "\u0334" or \
                any(map(unicodedata.combining, order(mark))), hex(code)
            continue
        moved = (order("a\u0301" + mark) == "a" + mark + "\u0301") if kind == 1 else \
            (order("a" + mark + "\u0334") == "a\u0334" + order(mark))
        if not moved:
            continue
        if ranges and ranges[-1][1] == code - 1 and ranges[-1][2] == kind:
            ranges[-1][1] = code
        else:
            ranges.append([code, code, kind])
    return ranges


def decompositions():
    """Returns lines such as 'C0=41+300'; '-' instead of '+' where NFC does not put them together again."""
    nfd, nfc = normalizers.NFD().normalize_str, normalizers.NFC().normalize_str
    lines = []
    for code in CODES:
        text = chr(code)
        if nfd(text) == text or 0xAC00 <= code < 0xD7A4:
            continue
        parts = [int(part, 16) for part in unicodedata.decomposition(text).split()]
        assert 1 <= len(parts) <= 2, hex(code)
        joint = "+" if nfc(text) == text else "-"
        lines.append(f"{code:X}=" + joint.join(f"{part:X}" for part in parts))
    return lines


def folded(words, width=92):
    lines, line = [], ""
    for word in words:
        if len(line) + len(word) + 1 > width:
            lines.append(line)
            line = ""
        line += (" " if line else "") + word
    return lines + [line]


def write(name, text):
    with open(os.path.join(ROOT, name), "w") as file:
        file.write(text)


def main():
    made = "// Made by Tests/FettleTokenizersTests/Reference/make_tables.py.\n\n"
    starts = classes()
    rows = [", ".join(map(str, starts[i:i + 8])) for i in range(0, len(starts), 8)]
    body = "".join(f"        {row},\n" for row in rows)
    write("ScalarClassTable.swift", made + "extension ScalarClass {\n"
          "    /// Where a class begins: the scalar times 8, and the class.\n"
          f"    static let starts: [UInt32] = [\n{body}    ]\n" + "}\n")

    ranges = [f"{a:X}-{b:X}:{k}" if a != b else f"{a:X}:{k}" for a, b, k in combining()]
    text = "".join(f"        {line}\n" for line in folded(ranges))
    write("CombiningClassTable.swift", made + "extension Normalization {\n"
          "    /// Combining classes that are not 0, by ranges of scalars.\n"
          '    static let combiningClasses: StaticString = """\n' + text + '        """\n}\n')
    text = "".join(f"        {line}\n" for line in folded(decompositions()))
    write("DecompositionTable.swift", made + "extension Normalization {\n"
          "    /// What scalars are made of; a `-` where they are not put together again.\n"
          '    static let decompositions: StaticString = """\n' + text + '        """\n}\n')


main()
