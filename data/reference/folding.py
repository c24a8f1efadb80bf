"""Fold a text while remembering where each folded character came from."""

import unicodedata
from dataclasses import dataclass

from data.reference.spelling import fold, nfc


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; `starts[i]`, `ends[i]` bound its character i in the original text."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the original's span of a non-empty span of the folded text."""
        return self.starts[start], self.ends[end - 1]


def fold_with_map(text: str, *, compatible: bool = False) -> Folded:
    """Fold a text of any normal form; `compatible` also unifies m², full width and the like."""
    signs: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    while at < len(text):
        end = at + 1
        while end < len(text) and _joins(text[end]):
            end += 1
        cluster = nfc(text[at:end])
        plain = fold(unicodedata.normalize("NFKC", cluster) if compatible else cluster)
        plain = plain or (" " if cluster.isspace() else "")
        signs += plain
        starts += [at] * len(plain)
        ends += [end] * len(plain)
        at = end
    return Folded("".join(signs), tuple(starts), tuple(ends))


def _joins(sign: str) -> bool:
    """Tell whether a character belongs to the one before it: a mark, or a Hangul vowel or final."""
    return unicodedata.combining(sign) != 0 or "\u1160" <= sign <= "\u11ff"
