"""The strings that tokenizers are compared on: the same as `HostileStrings` in Swift makes."""
import json
import os

MASK = (1 << 64) - 1


class Generator:
    """SplitMix64 with Lemire's bounded numbers, as `SeededGenerator`."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def below(self, bound):
        product = bound * self.next()
        if product & MASK < bound:
            threshold = ((1 << 64) - bound) % bound
            while product & MASK < threshold:
                product = bound * self.next()
        return product >> 64

    def any(self, items):
        return items[self.below(len(items))]


with open(os.path.join(os.path.dirname(__file__), "fragments.json"), encoding="utf-8") as file:
    FRAGMENTS = json.load(file)


def scalar(value):
    return "\uFFFD" if 0xD800 <= value < 0xE000 else chr(value)


def string(position):
    """Returns the string of a position."""
    generator = Generator(position)
    parts = []
    for _ in range(generator.below(10) + 1):
        kind = generator.below(12)
        if kind < 4:
            space = " " if generator.below(3) > 0 else ""
            parts.append(space + generator.any(FRAGMENTS["texts"]))
        elif kind == 4:
            for _ in range(generator.below(5) + 1):
                parts.append(generator.any(FRAGMENTS["spaces"]))
        elif kind == 5:
            for _ in range(generator.below(8) + 1):
                parts.append(generator.any(FRAGMENTS["digits"]))
        elif kind == 6:
            first, last = generator.any(FRAGMENTS["ranges"])
            for _ in range(generator.below(8) + 1):
                parts.append(scalar(first + generator.below(last - first + 1)))
        elif kind == 7:
            parts.append(scalar(generator.below(0x110000)))
        elif kind == 8:
            parts.append(generator.any(FRAGMENTS["marks"]))
        elif kind == 9:
            parts.append("'" + generator.any(FRAGMENTS["endings"]))
        elif kind == 10:
            parts.append(generator.any(FRAGMENTS["specials"]))
        else:
            piece = generator.any(FRAGMENTS["repeated"])
            parts.append(piece * generator.below(40))
    return "".join(parts)


def takes_specials(position):
    """Returns whether the special tokens in the string of a position are meant."""
    return position % 2 == 0
