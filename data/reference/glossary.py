"""Words of trade and industry in five languages: what a Korean text says, as Vietnamese titles do.

The table `glossary.csv` is edited by people. A row is one meaning: its words in each language, the
commonest first. It lets texts be compared word by word across languages, beside the activities,
which say what a text is about.
"""

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from data.reference.csvtable import table
from data.reference.spelling import nfc
from data.reference.terms import LANGUAGES, TermFinder, TermHit

Meaning = Mapping[str, tuple[str, ...]]
_LATER = 0.7  # of a word that is not the commonest of its meaning


@cache
def glossary() -> tuple[Meaning, ...]:
    """Return all meanings: words by language, the commonest first."""
    return tuple(
        {
            language: tuple(word.strip() for word in row[language].split("|") if word.strip())
            for language in LANGUAGES
        }
        for row in table("glossary.csv")
    )


def translations(text: str, into: str, *, toneless: bool = True) -> dict[str, float]:
    """Words and phrases in the language ``into`` for what a text says, each with 0..1.

    A word counts less the more meanings the text's own word has ("plant", 工場), and where it is
    not the commonest of its meaning. Words of the text's own language are not repeated.

    Args:
        toneless: whether unmarked words may be Vietnamese ones, see :class:`TermFinder`.
    """
    return dict(_translations(nfc(text), into, toneless=toneless))


@lru_cache(maxsize=20_000)  # a market's calls are asked again for every release
def _translations(text: str, into: str, *, toneless: bool) -> tuple[tuple[str, float], ...]:
    spans: dict[tuple[int, int], list[TermHit]] = {}
    for hit in _finder()(text, toneless=toneless):
        spans.setdefault((hit.start, hit.end), []).append(hit)
    found: dict[str, float] = {}
    for hits in spans.values():
        shares: dict[str, float] = {}
        for hit in hits:
            for word, sure in _words(int(hit.owner), hit.language, into):
                shares[word] = shares.get(word, 0.0) + sure / len(hits)
        for word, share in shares.items():
            found[word] = max(found.get(word, 0.0), share)
    return tuple(found.items())


def _words(number: int, own: str, into: str) -> Iterator[tuple[str, float]]:
    if own != into:
        for place, word in enumerate(glossary()[number].get(into, ())):
            yield word, 1.0 if place == 0 else _LATER


@cache
def _finder() -> TermFinder:
    finder = TermFinder()
    for number, meaning in enumerate(glossary()):
        for language, words in meaning.items():
            finder.add(str(number), language, words)
    return finder
