"""The tokens of the compared strings, as one number for each 50 of them."""
from strings import string, takes_specials

STRINGS, BLOCK, MASK = 50_000, 50, (1 << 64) - 1


def encode(tokenizer, strings, first):
    """Returns the ids of each string, whose positions begin at `first`."""
    ids = [[] for _ in strings]
    for meant in (True, False):
        tokenizer.encode_special_tokens = not meant
        places = [i for i in range(len(strings)) if takes_specials(first + i) == meant]
        encodings = tokenizer.encode_batch([strings[i] for i in places], add_special_tokens=False)
        for place, encoding in zip(places, encodings):
            ids[place] = encoding.ids
    return ids


def write(tokenizer, path):
    lines = []
    for first in range(0, STRINGS, BLOCK):
        value = 0xCBF29CE484222325
        for ids in encode(tokenizer, [string(first + i) for i in range(BLOCK)], first):
            for number in [len(ids), *ids]:
                value = (value ^ number) * 0x100000001B3 & MASK
        lines.append(f"{value:016x}\n")
    with open(path, "w") as file:
        file.writelines(lines)
