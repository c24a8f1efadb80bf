"""English words and the Vietnamese words that stand for them, learnt from terms in both languages.

Lets an English text be compared word by word with a Vietnamese one, both ways round. Made by
`python -m training.lexicon`.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from data.reference.spelling import has_marks, nfc
from data.reference.terms import stem

FILE = Path(__file__).parent / "models" / "lexicon.json"
_WORD = re.compile(r"[a-z]+")


@dataclass(frozen=True)
class Lexicon:
    """``words``: an English word or pair, by its stems → folded Vietnamese words, each 0..1."""

    words: Mapping[str, Mapping[str, float]]

    def __call__(self, text: str) -> dict[str, float]:
        """Vietnamese words for an English text, each with how sure it is; {} for marked text."""
        if has_marks(text):
            return {}
        out: dict[str, float] = {}
        for key in english(text):
            for word, sure in self.words.get(key, {}).items():
                out[word] = max(out.get(word, 0.0), sure)
        return out


def english(text: str) -> list[str]:
    """Stems of an English text and pairs of neighbours, small words left out."""
    stems = [stem(word) for word in _WORD.findall(nfc(text).lower()) if word not in SMALL]
    return stems + [f"{one} {other}" for one, other in pairwise(stems)]


SMALL = frozenset(
    [
        "of",
        "the",
        "and",
        "or",
        "for",
        "in",
        "on",
        "to",
        "by",
        "with",
        "a",
        "an",
        "other",
        "nec",
        "n",
        "e",
        "c",
        "except",
        "at",
        "as",
        "its",
    ]
)


@cache
def load_lexicon(path: Path = FILE) -> Lexicon:
    """The shipped lexicon; an empty one if the installation lacks it."""
    if not path.is_file():
        return Lexicon({})
    return Lexicon(json.loads(path.read_text(encoding="utf-8")))
