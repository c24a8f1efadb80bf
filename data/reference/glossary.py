"""Words of trade and industry in five languages: what a Korean text says, as Vietnamese titles do.

The table `glossary.csv` is edited by people. A row is one meaning: its words in each language, the
commonest first. It lets texts be compared word by word across languages, beside the activities,
which say what a text is about.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import cache, lru_cache

from data.reference.csvtable import table
from data.reference.spelling import nfc
from data.reference.terms import LANGUAGES, TermFinder

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


def translations(text: str, into: Collection[str], *, toneless: bool = True) -> dict[str, float]:
    """Words and phrases in the languages ``into`` for what a text says, each with 0..1.

    A word counts less the more meanings the text's own word has ("plant", 工場), and where it is
    not the commonest of its meaning. Words of the text's own language are not repeated.

    Args:
        toneless: whether unmarked words may be Vietnamese ones, see :class:`TermFinder`.
    """
    return {
        word: sure
        for word, language, sure in _translations(nfc(text), toneless=toneless)
        if language in into
    }


@lru_cache(maxsize=20_000)  # a market's calls are asked again for every release
def _translations(text: str, *, toneless: bool) -> tuple[tuple[str, str, float], ...]:
    hits = _finder()(text, toneless=toneless)
    meanings: dict[tuple[int, int], int] = {}
    for hit in hits:
        meanings[hit.start, hit.end] = meanings.get((hit.start, hit.end), 0) + 1
    found: dict[tuple[str, str], float] = {}
    for hit in hits:
        share = 1.0 / meanings[hit.start, hit.end]
        for word, language, sure in _words(int(hit.owner), hit.language):
            found[word, language] = max(found.get((word, language), 0.0), sure * share)
    return tuple((word, language, sure) for (word, language), sure in found.items())


def _words(number: int, own: str) -> Iterator[tuple[str, str, float]]:
    for language, words in glossary()[number].items():
        if language != own:
            yield from ((word, language, 1.0 if n == 0 else _LATER) for n, word in enumerate(words))


@cache
def _finder() -> TermFinder:
    finder = TermFinder()
    for number, meaning in enumerate(glossary()):
        for language, words in meaning.items():
            finder.add(str(number), language, words)
    return finder
