"""What the encoder is tuned on: terms in five languages, sentences around them, official titles.

Nothing here is read from what it is measured on: no profile, no call, no want, no passage, and no
code of the reporting half.
"""

import csv
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.reference.activities import LANGUAGES
from data.reference.csvtable import FOLDER, table
from data.reference.goods import goods
from matcher.activities import activity_names, relations
from training.sentences import SENTENCES, terms
from training.understanding_sets import SAMPLE, official_titles

_SIBLING = 0.4
_KINDRED = 0.5  # parent, child or chain of value: no counter-example


@dataclass(frozen=True)
class Concepts:
    """Things that are named: by key, the names of each in each language.

    ``kin`` (n, n) is true where one must not count as a counter-example of another; ``near`` (n, n)
    where it is an instructive one. ``sentences`` are forms that names are set into.
    """

    keys: tuple[str, ...]
    names: tuple[Mapping[str, tuple[str, ...]], ...]
    kin: NDArray[np.bool_]
    near: NDArray[np.bool_]
    sentences: Mapping[str, Sequence[str]] = field(default_factory=dict)


def held(key: str, *, part: int = 5, fold: int = 0) -> bool:
    """Whether a key or text is kept back for choosing; one in ``part``, by hash."""
    return sha256(key.encode()).digest()[1] % part == fold


def activity_concepts() -> Concepts:
    """The activities. Siblings are the instructive counter-examples, else others of the sector.

    A tenth of the terms is kept back for choosing.
    """
    known = relations()
    names: dict[str, dict[str, list[str]]] = {
        name: {language: [] for language in LANGUAGES} for name in activity_names()
    }
    for one in terms():
        if not held_term(one.text):
            names[one.activity_id][one.language].append(one.text)
    near = np.maximum(known, known.T)
    kin, sibling = near >= _KINDRED, (near >= _SIBLING) & (near < _KINDRED)
    sector = (near > 0.0) & ~kin & ~sibling.any(axis=1, keepdims=True)
    return Concepts(
        activity_names(),
        tuple(_frozen(names[key]) for key in activity_names()),
        kin,
        sibling | sector,
        SENTENCES,
    )


def title_concepts(shared: Path, *, keep_back: bool = True) -> Concepts:
    """Industry classes of the choosing half, in Vietnamese and English.

    With ``keep_back`` a fifth of the groups is left for choosing.
    """
    names: dict[str, dict[str, list[str]]] = {}
    for code, en, vi in official_titles(shared):
        if not (keep_back and held(code[:3])):
            found = names.setdefault(code, {"vi": [], "en": []})
            found["vi"].append(vi)
            found["en"].append(en)
    keys = tuple(names)
    groups, divisions = (np.array([key[:n] for key in keys]) for n in (3, 2))
    same = groups[:, None] == groups
    near = (divisions[:, None] == divisions) & ~same
    return Concepts(keys, tuple(_frozen(names[key]) for key in keys), same, near)


def held_term(text: str) -> bool:
    """Whether a term of an activity is kept back for choosing."""
    return held(text, part=10)


def unrelated() -> list[str]:
    """Texts whose vectors shall stay as they are: goods in five languages; legal conditions,
    descriptions of companies, phrases and words in Vietnamese and English.

    From single words to paragraphs.
    """
    return list(dict.fromkeys(text for text in _unrelated() if text.strip()))


def sources(shared: Path) -> dict[str, str]:
    """sha256 of every file that is learnt from, by name."""
    codes = shared / "data" / "reference" / "industry_codes"
    files = [
        *(FOLDER / name for name in _TABLES),
        *(codes / name for name in _CODES),
        SAMPLE / "investors.csv",
    ]
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in files}


_TABLES = (
    "activities.csv",
    "goods.csv",
    "eligibility_rules.csv",
    "phrases_vi.csv",
    "common_words_en.csv",
)
_CODES = (
    "groups_vi_en.tsv",
    "isic_rev4_en.tsv",
    "vsic_2007_vi.tsv",
    "vsic_2025_level4_5_vi.tsv",
)


def _unrelated() -> Iterator[str]:
    """About as many long texts as short ones: what moves first is how passages lie to questions."""
    rng = random.Random(7)  # noqa: S311 -- examples, not secrets
    lists = [", ".join(known) for good in goods().values() for known in good.terms.values()]
    yield from (name for good in goods().values() for name in (good.name_vi, good.name_en))
    yield from lists
    for _ in range(150):
        yield ". ".join(rng.sample(lists, 3))
    for rule in table("eligibility_rules.csv"):
        for language in ("vi", "en"):
            parts = [rule[f"{part}_{language}"] for part in ("name", "condition", "remedy")]
            yield from (*parts, ". ".join(parts))
    phrases = [part.strip() for row in table("phrases_vi.csv") for part in row["text"].split(",")]
    words = [row["word"] for row in table("common_words_en.csv")]
    with (SAMPLE / "investors.csv").open(encoding="utf-8", newline="") as stream:
        told = [row["description"] for row in csv.DictReader(stream) if row["description"]]
    yield from told
    for _ in range(300):
        yield " ".join(rng.sample(told, 3))
        yield " ".join(rng.sample(phrases, rng.randint(2, 4)))
        yield " ".join(rng.sample(phrases, rng.randint(12, 24)))
        yield " ".join(rng.sample(words, rng.randint(4, 12)))
        yield " ".join(rng.sample(words, rng.randint(30, 60)))


def _frozen(names: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {language: tuple(dict.fromkeys(found)) for language, found in names.items() if found}
