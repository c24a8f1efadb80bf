"""Text in any of the languages → the kinds of activity it speaks of, each with its proof.

Terms of the table are found as written; where few are, a small linear model over the text's
vector says what it is near to. Places are not activities ("Ngân Sơn" is no bank), what follows
"near" is a place, and what follows "no" is not wanted.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from data.reference.activities import activity_terms, ancestors
from data.reference.province_mentions import find_provinces
from data.reference.spelling import nfc
from data.reference.terms import TermFinder, TermHit
from embeddings.meaning import ActivityModel, Vector, manner


@dataclass(frozen=True, slots=True)
class Tag:
    """An activity a text speaks of.

    ``confidence`` lies in 0..1; ``words`` are the text's own that prove it (empty where the
    meaning of the whole does); ``how`` says whether a term, the meaning or a person set it.
    """

    activity_id: str
    confidence: float
    words: tuple[str, ...] = ()
    how: Literal["term", "meaning", "hand"] = "term"


@dataclass(frozen=True, slots=True)
class TaggingConfig:
    """Confidence of a mention by how it is made, and when meaning is asked.

    ``place``: it only says where ("near an industrial park"); ``general``: a more special
    activity of the same branch is named beside it; ``aside``: a facility that goes with others.
    """

    place: float = 0.3
    general: float = 0.3
    aside: float = 0.5
    meaning: float = 0.6
    meaning_top: int = 3
    tree: bool = True  # the terms are those of the activities, which have branches and asides
    asides: frozenset[str] = frozenset(
        {"parking", "technical-infrastructure", "warehouse", "public-lighting", "road"}
    )


@dataclass(frozen=True, slots=True)
class Tags:
    """What a text wants, strongest first, and what it says it does not want."""

    wanted: tuple[Tag, ...]
    unwanted: tuple[Tag, ...] = ()


class Tagger:
    """Tags texts; safe to share between threads.

    Args:
        finder: finds the terms; those of the activities when None.
        model: reads activities from a vector; without it only terms count.
    """

    def __init__(
        self,
        finder: TermFinder | None = None,
        model: ActivityModel | None = None,
        config: TaggingConfig = TaggingConfig(),
    ) -> None:
        self._given, self.model, self.config = finder, model, config

    @cached_property
    def finder(self) -> TermFinder:
        return self._given or activity_terms()

    def __call__(
        self, text: str, *, vector: Vector | None = None, language: str = ""
    ) -> tuple[Tag, ...]:
        """The activities a text wants; see :meth:`read`."""
        return self.read(text, vector=vector, language=language).wanted

    def read(self, text: str, *, vector: Vector | None = None, language: str = "") -> Tags:
        """Tag a text.

        Args:
            vector: the text's vector as a query; lets meaning speak where terms do not.
            language: of the text ("vi", "en", "ko", "ja", "zh"); "" if not known.
        """
        text = nfc(text)
        hits = self.finder(_without_places(text))
        refused = _refused(text)
        wanted = [hit for hit in hits if not _inside(hit, refused)]
        tags = self._of_terms(text, wanted)
        if vector is not None and self.model is not None:
            tags += self._of_meaning(vector, manner(text, language), tags)
        tags.sort(key=lambda tag: (-tag.confidence, tag.activity_id))
        names = {tag.activity_id for tag in tags}
        against = {hit.owner: hit for hit in hits if _inside(hit, refused)}
        unwanted = [
            Tag(owner, 1.0, (text[hit.start : hit.end],))
            for owner, hit in sorted(against.items())
            if owner not in names
        ]
        return Tags(tuple(tags), tuple(unwanted))

    def _of_terms(self, text: str, hits: Sequence[TermHit]) -> list[Tag]:
        best: dict[str, float] = {}
        words: dict[str, dict[str, None]] = {}
        for hit in hits:
            sure = (
                self.config.place if _AT.search(text[max(0, hit.start - 12) : hit.start]) else 1.0
            )
            best[hit.owner] = max(best.get(hit.owner, 0.0), sure)
            words.setdefault(hit.owner, {})[text[hit.start : hit.end]] = None
        tree = self.config.tree
        named = {owner for owner, sure in best.items() if sure == 1.0}
        general = {above for owner in named for above in ancestors(owner)} if tree else set()
        central = tree and {owner for owner in named if owner not in self.config.asides}
        for owner in best:
            if owner in general:
                best[owner] *= self.config.general
            if owner in self.config.asides and central:
                best[owner] *= self.config.aside
        return [Tag(owner, round(sure, 3), tuple(words[owner])) for owner, sure in best.items()]

    def _of_meaning(self, vector: Vector, how: str, found: Sequence[Tag]) -> list[Tag]:
        assert self.model is not None  # noqa: S101 -- the caller has looked
        sure = {tag.activity_id: tag.confidence for tag in found}
        weight = self.config.meaning
        near = self.model.nearest(vector, how, n=self.config.meaning_top)
        return [
            Tag(name, round(weight * share, 3), (), "meaning")
            for name, share in near
            if weight * share >= 0.1 and name not in sure
        ]


_AT = re.compile(
    r"(?:\b(?:gần|gan|cạnh|canh|tại|tai|thuộc|thuoc|trong|near|close to|next to|within|inside|in"
    r"|at)\s+(?:the\s+|an?\s+|các\s+|cac\s+|khu\s+)?)$",
    re.IGNORECASE,
)
_NO = re.compile(
    r"\b(?:(?:không|khong|chẳng)\s+(?:phải|phai|làm|lam|nhận|nhan|xét|xet|lấy|lay|bao gồm|bao gom|"
    r"đầu tư|dau tu|muốn|muon|tìm|tim|cần|can|quan tâm|quan tam)|(?:ngoại\s+|ngoai\s+|loại\s+)?"
    r"(?:trừ|tru(?=\s))|not(?!\s+only)|no|excluding|except(?:\s+for)?|other than|without|"
    r"don't want)\b[^.,;:!?()。，；、]*",
    re.IGNORECASE,
)
# every run of signs is bounded: an endless word must not make the search endless
_NO_SIGNS = re.compile(
    r"(?:[^.,;:!?()。，；、\s]{1,12}\s){0,2}[^.,;:!?()。，；、\s]{1,12}?"
    r"(?:은|는|을|를|이|가)?\s?(?:제외|아닌|아니)"
    r"|[^.,;:!?()。，；、]{1,24}(?:以外|を除|は除|ではな|は不要|は対象外)"
    r"|(?:不包括|不考虑|不要|不做|而非|不是|除了?)[^.,;:!?()。，；]{1,60}"
)


def _refused(text: str) -> list[tuple[int, int]]:
    return [match.span() for pattern in (_NO, _NO_SIGNS) for match in pattern.finditer(text)]


def _inside(hit: TermHit, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= hit.start and hit.end <= end for start, end in spans)


def _without_places(text: str) -> str:
    """The text with names of provinces blanked out, every other character in its place."""
    signs = list(text)
    for mention in find_provinces(text):
        for place in range(mention.start, mention.end):
            signs[place] = "\u2022"
    return "".join(signs)
