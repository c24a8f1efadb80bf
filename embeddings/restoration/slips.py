"""Typing slips in unmarked Vietnamese: one wrong letter where neighbours know the right word."""

from collections.abc import Iterator, Mapping, Sequence

from embeddings.restoration.model import ToneModel

_LETTERS = "abcdeghiklmnopqrstuvxy"
_NEIGHBOURS: Mapping[str, str] = {
    "a": "qsz", "b": "vghn", "c": "xdv", "d": "sefc", "e": "wrd", "g": "fthb", "h": "gyjn",
    "i": "uok", "k": "jil", "l": "kop", "m": "nj", "n": "bhm", "o": "ipl", "p": "ol",
    "q": "wa", "r": "etf", "s": "adwx", "t": "ryg", "u": "yi", "v": "cb", "x": "zsc", "y": "tu",
}  # fmt: skip
_ENOUGH = 1.5  # weighted count of the pairs with both neighbours
_CLEAR = 1.5  # how many times better than the second best


def mend(model: ToneModel, words: Sequence[str], place: int) -> list[str] | None:
    """Return the unmarked syllables that `words[place]` was meant to be, or None.

    The word must be no possible syllable. One letter too many, missing, swapped or beside the
    right key is mended, and two known syllables written together are parted, only where the
    pairs with the neighbours are known words.
    """
    word = words[place]
    before = words[place - 1] if place else ""
    after = words[place + 1] if place + 1 < len(words) else ""
    options = [
        ([option], _support(model, before, option, after)) for option in set(_edits(word, model))
    ]
    options += [
        ([word[:cut], word[cut:]], model.folded_pairs.get((word[:cut], word[cut:]), 0.0))
        for cut in range(2, len(word) - 1)
    ]
    options.sort(key=lambda option: (-option[1], option[0]))
    if not options or options[0][1] < _ENOUGH:
        return None
    if len(options) > 1 and options[0][1] < _CLEAR * options[1][1]:
        return None
    return options[0][0]


def _support(model: ToneModel, before: str, word: str, after: str) -> float:
    pairs = model.folded_pairs
    return pairs.get((before, word), 0.0) + pairs.get((word, after), 0.0)


def _edits(word: str, model: ToneModel) -> Iterator[str]:
    for option in _raw_edits(word):
        if option in model.readings:
            yield option


def _raw_edits(word: str) -> Iterator[str]:
    for place in range(len(word)):
        head, tail = word[:place], word[place + 1 :]
        yield head + tail
        for letter in _NEIGHBOURS.get(word[place], ""):
            yield head + letter + tail
        if tail:
            yield head + tail[0] + word[place] + tail[1:]
    for place in range(1, len(word) + 1):
        for letter in _LETTERS:
            yield word[:place] + letter + word[place:]
