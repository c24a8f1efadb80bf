"""Text in any of the languages → the kinds of activity it speaks of, each with its proof.

Terms of the table are found as written; where few are, a small linear model over the text's
vector says what it is near to. Places are not activities ("Ngân Sơn" is no bank), what follows
"near" is a place, and what follows "no" is not wanted.
"""

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from data.reference.activities import (
    activities,
    activity_terms,
    ancestors,
    is_food_making,
    processed_from,
)
from data.reference.province_mentions import find_provinces
from data.reference.spelling import has_marks, nfc
from data.reference.terms import TermFinder, TermHit
from embeddings.language import detect_language
from embeddings.meaning import ActivityModel, Vector, manner
from embeddings.restoration.syllables import is_folded_syllable

TAGGING_VERSION = "3"
"""Change it when the same text gets other tags: releases made before are then made anew."""


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
    activity of the same branch is named beside it, or of the same sector where it stands for the
    whole of one (``sector_wide``); ``aside``: a facility that goes with others; ``raw`` and
    ``processed``: of a farm's product, and of its processing, in a text about processing.
    ``meaning``: of what only the whole text means; its ``meaning_top`` likeliest count, each at
    least ``meaning_least`` as likely as the first. ``doubted``: of a term's activity that the
    meaning speaks against; it is believed from 1 / ``believed`` of the likeliest.
    """

    place: float = 0.3
    general: float = 0.3
    aside: float = 0.5
    meaning: float = 0.7
    meaning_top: int = 5
    meaning_least: float = 0.15
    doubted: float = 0.5
    believed: float = 3.0
    tree: bool = True  # the terms are those of the activities, which have branches and asides
    processed: float = 0.8
    raw: float = 0.5
    sector_wide: frozenset[str] = frozenset({"power-generation", "real-estate-development"})
    asides: frozenset[str] = frozenset(
        {
            "construction-contracting",
            "engineering-consulting",
            "parking",
            "public-lighting",
            "road",
            "technical-infrastructure",
            "warehouse",
        }
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
        foreign = not has_marks(text) and (language or detect_language(text).language) == "en"
        hits = self.finder(_without_places(text), toneless=not foreign)
        if foreign:
            hits = [hit for hit in hits if not _in_name(text, hit)]
        refused = _refused(text)
        wanted = [hit for hit in hits if not _inside(hit, refused)]
        tags = self._of_terms(text, wanted)
        named = {tag.activity_id for tag in tags}
        against = {hit.owner: hit for hit in hits if _inside(hit, refused)}
        unwanted = [
            Tag(owner, 1.0, (text[hit.start : hit.end],))
            for owner, hit in sorted(against.items())
            if owner not in named
        ]
        if vector is not None and self.model is not None:
            tags = self._with_meaning(
                vector, manner(text, language), tags, self._kin(tag.activity_id for tag in unwanted)
            )
        tags.sort(key=lambda tag: (-tag.confidence, tag.activity_id))
        return Tags(tuple(tags), tuple(unwanted))

    def _kin(self, refused: Iterable[str]) -> set[str]:
        """Refused activities with those above and below them: the meaning of a text, which knows
        no "no", must not bring them back.
        """
        names = set(refused)
        if not names or not self.config.tree:
            return names
        above = {parent for name in names for parent in ancestors(name)}
        return names | above | {name for name in activities() if names & {*ancestors(name)}}

    def _of_terms(self, text: str, hits: Sequence[TermHit]) -> list[Tag]:
        best: dict[str, float] = {}
        words: dict[str, dict[str, None]] = {}
        for hit in hits:
            sure = self.config.place if _says_where(text, hit) else 1.0
            if self.config.tree and any(_is_by_the_way(hit, other) for other in hits):
                sure = min(sure, self.config.aside)
            best[hit.owner] = max(best.get(hit.owner, 0.0), sure)
            words.setdefault(hit.owner, {})[text[hit.start : hit.end]] = None
        tree = self.config.tree
        if tree and {owner for owner, sure in best.items() if sure == 1.0} <= _OF_ANYTHING:
            best = dict.fromkeys(best, 1.0)  # "infrastructure in X industrial park" is of the park
        named = {owner for owner, sure in best.items() if sure == 1.0}
        if tree and _PROCESSED.search(text):
            self._as_processing(best, words)
        general = self._general(named) if tree else set()
        central = tree and {owner for owner in named if owner not in self.config.asides}
        for owner in best:
            if owner in general:
                best[owner] *= self.config.general
            if owner in self.config.asides and central:
                best[owner] *= self.config.aside
        return [Tag(owner, round(sure, 3), tuple(words[owner])) for owner, sure in best.items()]

    def _as_processing(self, best: dict[str, float], words: dict[str, dict[str, None]]) -> None:
        """Read products of farms, in a text about processing, as what is processed.

        "Factory for dried vegetables" grows none: the word "vegetables" proves the processing.
        A text that names a kind of processing needs no such guess ("feed mill for pig farms").
        """
        if any(is_food_making(owner) for owner in best):
            return
        for grown in [owner for owner in best if activities()[owner].sector == _FARMING]:
            for made in processed_from(grown):
                best[made] = max(best.get(made, 0.0), self.config.processed * best[grown])
                words.setdefault(made, {}).update(words[grown])
            if processed_from(grown):
                best[grown] *= self.config.raw

    def _general(self, named: Set[str]) -> set[str]:
        """Activities above those named, and those that stand for the whole sector of one."""
        special = named - self.config.sector_wide
        sectors = {activities()[owner].sector for owner in special}
        wide = {one for one in self.config.sector_wide if activities()[one].sector in sectors}
        return wide | {above for owner in named for above in ancestors(owner)}

    def _with_meaning(
        self, vector: Vector, how: str, found: Sequence[Tag], refused: Set[str]
    ) -> list[Tag]:
        """The tags by terms, doubted where the meaning differs, and what it adds."""
        assert self.model is not None  # noqa: S101 -- the caller has looked
        config = self.config
        centred = self.model.centred(vector[None], how)
        clear = float(self.model.clearness(centred)[0])
        likely = dict(zip(self.model.names, self.model.likelihoods(centred)[0], strict=True))
        tags = []
        for tag in found:
            belief = min(1.0, config.believed * float(likely.get(tag.activity_id, 1.0)))
            sure = tag.confidence * (config.doubted + (1.0 - config.doubted) * belief)
            tags.append(replace(tag, confidence=round(sure, 3)))
        named = {tag.activity_id: tag for tag in tags}
        for name in refused - named.keys():
            likely.pop(name, None)
        best = sorted(likely, key=lambda name: (-likely[name], name))[: config.meaning_top]
        for name in best:
            sure = round(config.meaning * clear * float(likely[name]), 3)
            if likely[name] < config.meaning_least or sure < _LEAST:
                continue
            if name not in named:
                tags.append(Tag(name, sure, (), "meaning"))
            elif named[name].confidence < sure:
                tags[tags.index(named[name])] = replace(named[name], confidence=sure)
        return tags


_LEAST = 0.05
_FARMING = "agri"
_PROCESSED = re.compile(
    r"\b(?:chế biến|che bien|sấy|chiên|xay xát|xay bột|đóng hộp|đông lạnh|chiết xuất"
    r"|process(?:ing|ed|or)|dried|drying|fried|frying|roast(?:ed|ing)"
    r"|cann(?:ed|ing)|frozen|freezing|mill(?:ing|ed)?|extract(?:s|ion)?)\b"
    r"|가공|건조|튀기|통조림|냉동|제분|加工|乾燥|缶詰|冷凍|製粉|烘干|油炸|罐头|冷冻|制粉|提取",
    re.IGNORECASE,
)
_OF_ANYTHING = frozenset({"construction-contracting", "technical-infrastructure"})
_WINDOW = 60  # characters before a mention that may make it a place
_AT = re.compile(
    r"(?:(?<![Ii]nvest )(?<![Ii]nvesting )(?<![Ii]nvestor )(?<![Ii]nvestment )"
    r"(?<![Ii]nterested )(?<![Ss]pecialised )"
    r"(?<![Ss]pecialized )(?<![Ee]xperience )(?<![Ee]xpertise )(?<![Ee]ngaged )"
    r"\b(?i:gần|gan|cạnh|canh|ở|tại|tai|thuộc|thuoc|trong|near|close to|next to|within|inside|in"
    r"|at)\s+(?i:the\s+|an?\s+|các\s+|cac\s+|khu\s+)?(?:[A-Z][\w'-]{0,20}\s+){0,4})$"
    # what something comes from: "sludge from factories and treatment works"
    r"|(?:\b(?i:từ|from)\s+(?:[^\W\d][\w'-]{0,20}\s+){0,4})$"
)
_AT_SIGNS = re.compile(
    r"\s?(?:에서\s?(?:나오|발생|배출)|인근|근처|주변|옆|내에|내\s|안에|に近|の近|周辺|近く|近隣|隣接|附近|周边|旁|周围)"
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


def without_refused(text: str) -> str:
    """The text without what it says it does not want; as it is if nothing else would be left."""
    kept, last = "", 0
    for start, end in sorted(_refused(text)):
        kept += text[last : max(start, last)]
        last = max(last, end)
    kept += text[last:]
    return kept if sum(sign.isalpha() for sign in kept) >= _FEWEST else text


_FEWEST = 4  # letters of a text that says something


def _refused(text: str) -> list[tuple[int, int]]:
    return [match.span() for pattern in (_NO, _NO_SIGNS) for match in pattern.finditer(text)]


def _says_where(text: str, hit: TermHit) -> bool:
    """Whether a mention is only a place: "near an industrial park", "공업단지 인근"."""
    before = text[max(0, hit.start - _WINDOW) : hit.start]
    return bool(_AT.search(before) or _AT_SIGNS.match(text, hit.end))


_NEIGHBOURS = re.compile(r"(\w+)[\s-]+$"), re.compile(r"[\s-]+(\w+)")


def _in_name(text: str, hit: TermHit) -> bool:
    """Whether a word is a syllable of a Vietnamese name in an English text ("Nam Can", "Con Hen").

    Both it and its neighbour are capitalised and could be Vietnamese; only the term is English.
    """
    word = text[hit.start : hit.end]
    if not (word.isalpha() and word[0].isupper() and is_folded_syllable(word.lower())):
        return False
    before, after = _NEIGHBOURS
    return any(
        found is not None and found[1][0].isupper() and is_folded_syllable(found[1].lower())
        for found in (before.search(text[: hit.start]), after.match(text, hit.end))
    )


def _is_by_the_way(hit: TermHit, joint: TermHit) -> bool:
    """Whether a term within another ("energy" in "paper and energy") is of another sector.

    What the two are called together says which of them is meant first.
    """
    within = joint.start <= hit.start and hit.end <= joint.end
    smaller = hit.end - hit.start < joint.end - joint.start
    known = activities()
    return within and smaller and known[hit.owner].sector != known[joint.owner].sector


def _inside(hit: TermHit, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= hit.start and hit.end <= end for start, end in spans)


def _without_places(text: str) -> str:
    """The text with names of provinces blanked out, every other character in its place."""
    signs = list(text)
    for mention in find_provinces(text):
        for place in range(mention.start, mention.end):
            signs[place] = "\u2022"
    return "".join(signs)
