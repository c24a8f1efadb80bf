"""`python -m training.lexicon`: learn which Vietnamese words stand for English ones.

From the terms of each activity, the bilingual titles of the sample's calls and the official
industry titles (VSIC, ISIC) of the *choosing* half of codes; the other half stays unseen, for the
figures in docs/understanding.md. IBM model 1 (Brown et al. 1993), a few rounds.
"""

import argparse
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from data.reference.activities import Activity, activities
from data.reference.goods import Good, goods
from data.reference.spelling import fold, nfc
from embeddings.lexicon import FILE, english
from training.understanding_sets import official_titles, sample_calls

Pair = tuple[str, str]  # English, Vietnamese
Table = dict[str, dict[str, float]]
_WORD = re.compile(r"[^\W\d_]+")
_LEAST = 0.08
_MOST = 6
_ROUNDS = 6


def main(arguments: Sequence[str] | None = None) -> int:
    """Learn and write the lexicon; prints its size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared")
    parser.add_argument("--out", type=Path, default=FILE)
    options = parser.parse_args(arguments)
    table = learn(list(pairs(options.shared)))
    text = json.dumps(table, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    options.out.write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(f"{options.out}: {len(table)} English words and pairs\n")
    return 0


def pairs(shared: Path) -> Iterator[Pair]:
    """All bilingual texts to learn from."""
    entries: list[Activity | Good] = [*activities().values(), *goods().values()]
    for entry in entries:
        yield entry.name_en, entry.name_vi
        yield from zip(*_alike(entry.terms["en"], entry.terms["vi"]), strict=True)
    for call in sample_calls():
        if call.title_en and call.title_en != call.title:
            yield call.title_en, call.title
    yield from ((en, vi) for _, en, vi in official_titles(shared))


def learn(texts: Sequence[Pair], *, rounds: int = _ROUNDS) -> Table:
    """For each English word and pair the Vietnamese words it becomes, strongest first."""
    tokens = [(english(en), vietnamese(vi)) for en, vi in texts]
    chance: dict[tuple[str, str], float] = {}
    start = 1.0
    for _ in range(rounds):
        count: dict[tuple[str, str], float] = defaultdict(float)
        total: dict[str, float] = defaultdict(float)
        for source, target in tokens:
            for word in target:
                whole = sum(chance.get((key, word), start) for key in source) + 1e-12
                for key in source:
                    share = chance.get((key, word), start) / whole
                    count[key, word] += share
                    total[key] += share
        chance = {
            pair: value / (total[pair[0]] + 0.5)
            for pair, value in count.items()
            if value > 0.01 * (total[pair[0]] + 0.5)
        }
        start = 1e-4
    return _table(chance)


def vietnamese(text: str) -> list[str]:
    """Folded-later words of a Vietnamese text and pairs of neighbours, tones kept."""
    words = _WORD.findall(nfc(text).lower())
    return words + [f"{one} {other}" for one, other in pairwise(words)]


def _table(chance: dict[tuple[str, str], float]) -> Table:
    found: Table = defaultdict(dict)
    for (key, word), value in chance.items():
        if value >= _LEAST:
            folded = fold(word)
            found[key][folded] = max(found[key].get(folded, 0.0), round(value, 2))
    return {
        key: dict(sorted(words.items(), key=lambda item: (-item[1], item[0]))[:_MOST])
        for key, words in sorted(found.items())
    }


def _alike(en: Sequence[str], vi: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Terms of the same place in both lists: people write the commonest first."""
    n = min(len(en), len(vi), 4)
    return en[:n], vi[:n]


if __name__ == "__main__":
    sys.exit(main())
