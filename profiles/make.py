"""Makes the profile of the language identifier, and measures it: `make.py PACKAGES [--write FILE] [--reviews FOLDER]`.

PACKAGES is a folder of Debian packages (`apt-get download …`, see README.md). The profile is learnt from those named
in TRAINED, and measured on paragraphs of those named in TESTED, which have other texts. Needs numpy, scipy and
scikit-learn. The same packages give the same profile.
"""

import argparse
import glob
import gzip
import html.parser
import io
import json
import os
import random
import re
import subprocess
import tarfile
import unicodedata

import numpy

BITS = 13
LENGTHS = (2, 3, 4)
IDEOGRAPH_LENGTHS = (1, 2)
NAMED = ["de", "en", "es", "fr", "ja", "zh"]
# Languages that are told apart from these only to say that they are none of them, in groups that are alike.
OTHERS = {
    "it": "romance", "pt": "romance", "ro": "romance", "nl": "germanic", "sv": "nordic", "da": "nordic",
    "nb": "nordic", "pl": "slavic", "cs": "slavic", "fi": "finnic", "hu": "magyar", "id": "malay",
    "tr": "turkic", "vi": "viet",
}
CLASSES = NAMED + sorted(set(OTHERS.values()))
TRAINED = {
    "de": ["manpages-de", "debian-reference-de", "fortunes-de", "installation-guide-amd64:de"],
    "en": ["manpages", "manpages-dev", "debian-reference-en", "fortunes", "installation-guide-amd64:en"],
    "es": ["manpages-es", "debian-reference-es", "fortunes-es", "installation-guide-amd64:es"],
    "fr": ["manpages-fr", "debian-reference-fr", "installation-guide-amd64:fr"],
    "ja": ["manpages-ja", "debian-reference-ja", "installation-guide-amd64:ja"],
    "zh": ["manpages-zh", "debian-reference-zh-cn", "installation-guide-amd64:zh_CN"],
    "it": ["manpages-it", "debian-reference-it", "fortunes-it"],
    "pt": ["manpages-pt-br", "debian-reference-pt"],
    "id": ["manpages-id", "debian-reference-id"],
    "nl": ["manpages-nl"], "pl": ["manpages-pl"], "sv": ["manpages-sv"], "da": ["manpages-da"],
    "nb": ["manpages-nb"], "ro": ["manpages-ro"], "cs": ["manpages-cs"], "hu": ["manpages-hu"],
    "fi": ["manpages-fi"], "tr": ["manpages-tr"], "vi": ["manpages-vi"],
}
TESTED = {
    "de": ["debian-faq-de", "developers-reference-de", "maint-guide-de"],
    "en": ["debian-faq", "developers-reference", "aptitude-doc-en", "maint-guide"],
    "es": ["aptitude-doc-es", "maint-guide-es"],
    "fr": ["debian-faq-fr", "developers-reference-fr", "aptitude-doc-fr", "maint-guide-fr"],
    "ja": ["debian-faq-ja", "developers-reference-ja", "aptitude-doc-ja", "maint-guide-ja"],
    "zh": ["debian-faq-zh-cn", "maint-guide-zh-cn"],
    "it": ["debian-faq-it", "developers-reference-it", "aptitude-doc-it", "maint-guide-it"],
    "nl": ["debian-faq-nl", "aptitude-doc-nl"],
    "fi": ["aptitude-doc-fi"], "cs": ["aptitude-doc-cs"], "ca": ["maint-guide-ca"],
}
ENGLISH = set("the of and to is for with this that are be you it on as by not or from if".split())
LEVELS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-"
SNIPPETS = 6000


class Paragraphs(html.parser.HTMLParser):
    """The texts of a page's paragraphs, without code."""

    BLOCKS = {"p", "li", "dd", "dt", "td", "h1", "h2", "h3", "h4", "div"}
    SKIPPED = {"pre", "code", "tt", "kbd", "script", "style", "nav", "head"}

    def __init__(self):
        super().__init__()
        self.texts, self.text, self.skipping = [], [], 0

    def handle_starttag(self, tag, attributes):
        if tag in self.SKIPPED:
            self.skipping += 1
        elif tag in self.BLOCKS:
            self.end()

    def handle_endtag(self, tag):
        if tag in self.SKIPPED:
            self.skipping = max(0, self.skipping - 1)
        elif tag in self.BLOCKS:
            self.end()

    def handle_data(self, data):
        if not self.skipping:
            self.text.append(data)

    def end(self):
        self.texts.append("".join(self.text))
        self.text = []


def manual(text):
    """The running text of a manual page in troff."""
    paragraphs, lines = [], []
    for line in text.split("\n") + ["."]:
        if line[:1] in (".", "'") or not line.strip():
            paragraphs.append(" ".join(lines))
            lines = []
            continue
        line = re.sub(r"\\f(\[[^]]*\]|\(..|.)|\\s[+-]?\d+", "", line)
        line = re.sub(r"\\(\[[^]]*\]|\(..|[-e&|^~ ])", " ", line)
        lines.append(line.replace("\\", " "))
    return paragraphs


def files(package, folder):
    """The name and the text of each document of a package; `name:xx` takes those of one language."""
    name, _, language = package.partition(":")
    found = sorted(glob.glob(os.path.join(folder, name + "_*.deb")))
    if not found:
        raise SystemExit(f"{name}: no such package in {folder}; apt-get download {name}")
    archive = subprocess.run(
        ["dpkg-deb", "--fsys-tarfile", found[-1]], check=True, capture_output=True
    ).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as members:
        for member in members:
            path = member.name
            if not member.isfile() or member.size > 4 << 20:
                continue
            if language and f"/{language}/" not in path and f".{language}" not in path:
                continue
            data = members.extractfile(member).read()
            if path.endswith(".gz"):
                data, path = gzip.decompress(data), path[:-3]
            try:
                yield path, data.decode("utf-8")
            except UnicodeDecodeError:
                continue


def paragraphs(package, folder):
    for path, text in files(package, folder):
        if "/man/" in path:
            yield from manual(text)
        elif path.endswith((".html", ".htm")) or re.search(r"\.html\.\w+$", path):
            page = Paragraphs()
            page.feed(text)
            page.end()
            yield from page.texts
        elif "/fortunes/" in path and not path.endswith((".dat", ".u8")):
            yield from re.split(r"\n%\n", text)


def is_text(text, language):
    """Whether a paragraph is running text, and not English where it should be another language."""
    letters = sum(c.isalpha() for c in text)
    ideographs = sum(is_ideograph(ord(c)) for c in text)
    if letters < (8 if ideographs else 20) or letters < 0.6 * len(text):
        return False
    if language in ("ja", "zh"):
        return ideographs > letters / 2
    words = text.lower().split()
    if language != "en":
        return sum(w in ENGLISH for w in words) < 0.12 * len(words)
    return True


def texts(packages, folder, language):
    """Different paragraphs in a fixed order."""
    seen = {}
    for package in packages:
        for text in paragraphs(package, folder):
            text = " ".join(text.split())
            if text not in seen and is_text(text, language):
                seen[text] = None
    return list(seen)


def is_ideograph(c):
    return (
        0x3040 <= c <= 0x30FF or 0x3400 <= c <= 0x4DBF or 0x4E00 <= c <= 0x9FFF or 0xAC00 <= c <= 0xD7A3
        or 0xF900 <= c <= 0xFAFF or 0x31F0 <= c <= 0x31FF or 0xFF66 <= c <= 0xFF9D or 0x20000 <= c <= 0x3FFFD
    )


def symbols(text):
    """Letters in lower case, one blank for all between them, and one at each end."""
    out = [0x20]
    for c in text:
        if c.isalpha() or is_ideograph(ord(c)):
            out.append(ord(c.lower()[0]))
        elif out[-1] != 0x20:
            out.append(0x20)
    if out[-1] != 0x20:
        out.append(0x20)
    return out


def buckets(text):
    """The bucket of each n-gram: of ideographs where these, two letters each, are at least half of the text, else of
    letters."""
    codes = numpy.array(symbols(text), dtype=numpy.uint64)
    ideographic = numpy.array([is_ideograph(int(c)) for c in codes], dtype=bool)
    is_mostly = 2 * ideographic.sum() >= (codes != 0x20).sum() - ideographic.sum() and ideographic.any()
    found = []
    for length in sorted(set(LENGTHS + IDEOGRAPH_LENGTHS)):
        count = len(codes) - length + 1
        if count <= 0:
            continue
        value = numpy.full(count, length, dtype=numpy.uint64)
        for place in range(length):
            value = (value * numpy.uint64(0x100000001B3)) ^ codes[place : place + count]
        ends = ideographic[length - 1 :]
        wanted = numpy.zeros(count, dtype=bool)
        if length in IDEOGRAPH_LENGTHS and is_mostly:
            wanted |= ends
        if length in LENGTHS and not is_mostly:
            wanted |= ~ends
        found.append((value[wanted] * numpy.uint64(0x9E3779B97F4A7C15)) >> numpy.uint64(64 - BITS))
    return numpy.concatenate(found).astype(numpy.int64) if found else numpy.zeros(0, dtype=numpy.int64)


def matrix(all_texts):
    from scipy.sparse import csr_matrix

    rows, columns, values = [], [], []
    for row, text in enumerate(all_texts):
        found, counts = numpy.unique(buckets(text), return_counts=True)
        rows.append(numpy.full(len(found), row))
        columns.append(found)
        values.append(counts / max(1.0, counts.sum()) ** 0.5)
    shape = (len(all_texts), 1 << BITS)
    return csr_matrix(
        (numpy.concatenate(values), (numpy.concatenate(rows), numpy.concatenate(columns))), shape
    )


def snippets(paragraphs, count, draw):
    """Stretches of 12 to 250 characters of paragraphs, some without accents."""
    out = []
    for _ in range(count):
        text = draw.choice(paragraphs)
        length = int(12 * (250 / 12) ** draw.random())
        if is_ideograph(ord(text[0])) or sum(is_ideograph(ord(c)) for c in text) > len(text) / 3:
            length = max(4, length // 3)
        start = draw.randrange(max(1, len(text) - length + 1))
        if start and not is_ideograph(ord(text[start])):
            start = text.find(" ", start) + 1
        text = text[start : start + length]
        if draw.random() < 0.1:
            text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
            text = unicodedata.normalize("NFC", text)
        out.append(text)
    return out


def train(folder):
    from sklearn.linear_model import LogisticRegression

    draw = random.Random(7)
    data, labels = [], []
    for language, packages in TRAINED.items():
        found = texts(packages, folder, language)
        name = OTHERS.get(language, language)
        alike = sum(OTHERS.get(other, other) == name for other in TRAINED)
        count = SNIPPETS * (2 if language == "en" else 1) // (1 if alike == 1 else alike - 1)
        print(f"{language}: {len(found):,} paragraphs, {sum(map(len, found)):,} characters, {count:,} snippets")
        data += snippets(found, count, draw)
        labels += [CLASSES.index(name)] * count
    model = LogisticRegression(C=20, max_iter=60, tol=1e-3)
    model.fit(matrix(data), labels)
    weights = numpy.zeros((1 << BITS, len(CLASSES)))
    weights[:, model.classes_] = model.coef_.T
    bias = numpy.zeros(len(CLASSES))
    bias[model.classes_] = model.intercept_
    scale = float(numpy.quantile(numpy.abs(weights), 0.9995)) / 31
    levels = numpy.clip(numpy.round(weights / scale), -31, 31).astype(int)
    return levels, scale, bias


def agrees(text, name):
    """Whether a text is in the script of a language: not mostly in a script that none of them is written in."""
    codes = [c for c in symbols(text) if c != 0x20]
    ideographs = [c for c in codes if is_ideograph(c)]
    others = len(codes) - len(ideographs)
    is_mostly = bool(ideographs) and 2 * len(ideographs) >= others
    if is_mostly:
        known = 2 * sum(0xAC00 <= c <= 0xD7A3 for c in ideographs) < len(ideographs)
    else:
        latin = sum(not is_ideograph(c) and (c < 0x250 or 0x1E00 <= c <= 0x1EFF) for c in codes)
        known = 2 * latin > others
    return known and (name in ("ja", "zh")) == is_mostly


def letters(text):
    return sum(2 if is_ideograph(c) else 1 for c in symbols(text) if c != 0x20)


def probabilities(model, all_texts):
    levels, scale, bias = model
    logits = matrix(all_texts) @ (levels * scale) + bias
    logits -= logits.max(axis=1, keepdims=True)
    p = numpy.exp(logits)
    return p / p.sum(axis=1, keepdims=True)


def identify(model, all_texts, threshold, least):
    """The language of each text, or `unknown`."""
    p = probabilities(model, all_texts)
    best = p.argmax(axis=1)
    return [
        CLASSES[k] if k < len(NAMED) and row[k] >= threshold and letters(text) >= least
        and agrees(text, CLASSES[k]) else "unknown"
        for k, row, text in zip(best, p, all_texts)
    ]


def counted(found):
    return {name: found.count(name) for name in sorted(set(found))}


def measure(model, folder, threshold, least, reviews):
    for language, packages in TESTED.items():
        all_texts = texts(packages, folder, language)
        for longest in (40, 100, 1 << 30):
            cut = [t[: longest if language not in ("ja", "zh") else longest // 2] for t in all_texts]
            found = identify(model, cut, threshold, least)
            right = language if language in NAMED else "unknown"
            share = 100 * found.count(right) / len(found)
            print(f"{language}: {len(cut):5} paragraphs, first {longest:5}: {share:6.2f} % {right} {counted(found)}")
    for folder_name in sorted(next(os.walk(reviews))[1]) if reviews else []:
        rows = [
            json.loads(line)
            for path in sorted(glob.glob(os.path.join(reviews, folder_name, "*.jsonl")))
            for line in open(path, encoding="utf-8")
        ]
        bodies = [row["review_body"] for row in rows if row["review_body"]]
        for name, some in (("all", bodies), ("over 20", [b for b in bodies if len(b) > 20])):
            found = identify(model, some, threshold, least)
            print(f"{folder_name}, {name}: {len(some):,} reviews {counted(found)}")


def write(path, model):
    levels, scale, bias = model
    rows = ["".join(LEVELS[v + 31] for v in levels[:, k]) for k in range(len(CLASSES))]
    with open(path, "w", encoding="utf-8") as file:
        file.write("// Made by profiles/make.py, which says from what; profiles/README.md states origins and licences.\n")
        file.write("// The weights are lines of 8,192 letters.\n// swift-format-ignore-file\n\n")
        file.write("extension LanguageProfile {\n")
        file.write("    /// The classes: the languages that are named, then groups of others that are not.\n")
        file.write(f"    static let classes = {json.dumps(CLASSES)}\n")
        file.write(f"    /// How many of the classes are languages that are named.\n    static let named = {len(NAMED)}\n")
        file.write(f"    /// The weight of one step of a letter.\n    static let scale: Float = {scale:.8g}\n")
        file.write("    /// The constant of each class.\n")
        file.write(f"    static let bias: [Float] = [{', '.join(f'{b:.6g}' for b in bias)}]\n")
        file.write("    /// The weights of each class, a letter of ``alphabet`` for each bucket.\n")
        file.write("    static let letters: [StaticString] = [\n")
        for row in rows:
            file.write(f'        "{row}",\n')
        file.write("    ]\n}\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("packages")
    parser.add_argument("--write")
    parser.add_argument("--reviews")
    parser.add_argument("--threshold", type=float, default=0.7)
    parser.add_argument("--least", type=int, default=10)
    parser.add_argument("--model", help="keeps the model here, and takes it from here")
    options = parser.parse_args()
    if options.model and os.path.exists(options.model):
        kept = numpy.load(options.model)
        made = (kept["levels"], float(kept["scale"]), kept["bias"])
    else:
        made = train(options.packages)
        if options.model:
            numpy.savez_compressed(options.model, levels=made[0], scale=made[1], bias=made[2])
    if options.write:
        write(options.write, made)
    measure(made, options.packages, options.threshold, options.least, options.reviews)
