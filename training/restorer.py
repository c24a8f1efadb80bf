"""Make the tone restorer's model: `python -m training.restorer`.

Counts toned syllables, pairs and triples in the project's own tables, joins a published model of
letter marks, and writes `embeddings/models/tones.npz` with a manifest of its sources.
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.reference.spelling import nfc
from embeddings.restoration.model import EDGE, MODEL_FILE, OTHER, pack_words, save_model
from embeddings.restoration.syllables import (
    WORD,
    is_plain,
    is_syllable,
    plain,
)
from training.restorer_teacher import (
    Teacher,
    letter_marks,
    load_teacher,
    mark_table,
    neighbour_table,
)
from training.restorer_texts import Cell, cells, held_out, is_vietnamese, key_of, runs, sources

Arrays = dict[str, NDArray[np.generic]]

REPOSITORY = Path(__file__).parent.parent
_RARE = -17.5  # log probability of a syllable that the packaged vocabulary lacks
_FIELD_SHARE = 0.5  # of the unigram probability that comes from the project's own texts
_WORD_WEIGHT = 0.6  # a word of the published list, which carries no frequency


@dataclass
class Counts:
    """Weighted counts of lower-case syllables; "" stands for numbers and codes."""

    words: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    pairs: dict[tuple[str, ...], float] = field(default_factory=lambda: defaultdict(float))
    triples: dict[tuple[str, ...], float] = field(default_factory=lambda: defaultdict(float))

    def add(self, run: list[str], weight: float, *, edges: bool = True) -> None:
        """Count one run of words; without `edges` only what is inside it."""
        self._count(run, weight)
        framed = [EDGE, *(word or OTHER for word in run), EDGE] if edges else run
        for pair in pairwise(framed):
            self.pairs[pair] += weight
        for triple in zip(framed, framed[1:], framed[2:], strict=False):
            self.triples[triple] += weight

    def _count(self, run: list[str], weight: float) -> None:
        for word in run:
            if word:
                self.words[word] += weight


def count_field(found: Iterable[Cell]) -> Counts:
    """Count the Vietnamese runs of cells; a run said in many rows counts less each time."""
    counts, times = Counts(), Counter[tuple[str, ...]]()
    for cell in found:
        pieces = list(runs(cell.text))
        whole = is_vietnamese([word for run in pieces for word in run])
        for run in pieces:
            if whole or is_vietnamese(run):
                times[tuple(run)] += 1
                counts.add(run, cell.weight / times[tuple(run)] ** 0.5)
    return counts


def vocabulary(counts: Counts, teacher: Teacher) -> list[str]:
    """Return the syllables to know, sorted by unmarked form: field, word list, frequent pieces."""
    known = {
        word
        for word, count in counts.words.items()
        if is_syllable(word) or (not is_plain(word) and count >= 0.3 and len(plain(word)) < 7)
    }
    listed = {part for word in teacher.words for part in word.split()}
    known |= {part for part in listed | set(teacher.pieces) if is_syllable(part)}
    known = {word for word in known if WORD.fullmatch(word) and plain(word).isascii()}
    return [EDGE, OTHER, *sorted(known, key=lambda word: (plain(word), word))]


def unigrams(counts: Counts, teacher: Teacher, words: list[str]) -> NDArray[np.float32]:
    """Return log probabilities: the field's, mixed with the general ones of the vocabulary."""
    general = np.array(
        [np.exp(teacher.pieces.get(word, _RARE)) for word in words[2:]], dtype=np.float64
    )
    general = _without_foreign(general, words[2:], teacher)
    own = np.array([counts.words.get(word, 0.0) for word in words[2:]], dtype=np.float64)
    mixed = _FIELD_SHARE * own / own.sum() + (1 - _FIELD_SHARE) * general / general.sum()
    return np.asarray(np.log(np.concatenate([[0.08, 0.05], mixed])), dtype=np.float32)


def _without_foreign(
    general: NDArray[np.float64], words: list[str], teacher: Teacher
) -> NDArray[np.float64]:
    """Cut unmarked syllables, frequent in other languages ("to", "in"), to their listed share."""
    listed = Counter(part for word in teacher.words for part in word.split())
    marked: dict[str, float] = defaultdict(float)
    marked_listed: dict[str, float] = defaultdict(float)
    for word, chance in zip(words, general, strict=True):
        if not is_plain(word):
            marked[plain(word)] += chance
            marked_listed[plain(word)] += listed[word]
    cut = general.copy()
    for place, word in enumerate(words):
        if is_plain(word):
            ratio = (listed[word] + 0.5) / (marked_listed[word] + 1.0)
            cut[place] = min(general[place], max(marked[word], np.exp(_RARE)) * ratio)
    return cut


def model_arrays(
    counts: Counts, teacher: Teacher, words: list[str], english: dict[str, float]
) -> Arrays:
    """Return the arrays of the model file; see :class:`embeddings.restoration.model.ToneModel`."""
    ids = {word: place for place, word in enumerate(words)}
    pairs = _by_ids(counts.pairs, ids, least=0.14)
    triples = _by_ids(counts.triples, ids, least=0.5)
    marks = mark_table(teacher)
    labels = np.zeros((len(words), len(marks)), dtype=np.uint8)
    for place, word in enumerate(words[2:], start=2):
        for mark in letter_marks(word):
            labels[place, marks.index(mark)] += 1
    neighbours = sorted({plain(word) for word in words[2:]})
    before, after = neighbour_table(teacher, neighbours, marks)
    scale = float(max(np.abs(before).max(), np.abs(after).max()) / 127)
    base = [0.0, 0.0, *(teacher.base(word) for word in words[2:])]
    return {
        "syllables": pack_words(words),
        "unigram": unigrams(counts, teacher, words),
        "pairs": np.array([key for key, _ in pairs], dtype=np.uint16),
        "pair_counts": np.array([count for _, count in pairs], dtype=np.float16),
        "triples": np.array([key for key, _ in triples], dtype=np.uint16),
        "triple_counts": np.array([count for _, count in triples], dtype=np.float16),
        "base": np.array(base, dtype=np.float32),
        "labels": labels,
        "before": np.round(before / scale).astype(np.int8),
        "after": np.round(after / scale).astype(np.int8),
        "scale": np.array(scale, dtype=np.float32),
        "neighbours": pack_words(neighbours),
        "english": pack_words(list(english)),
        "english_weights": np.array(list(english.values()), dtype=np.float32),
    }


def _by_ids(
    counted: Mapping[tuple[str, ...], float], ids: dict[str, int], *, least: float
) -> list[tuple[tuple[int, ...], float]]:
    other = ids[OTHER]
    merged: dict[tuple[int, ...], float] = defaultdict(float)
    for key, count in counted.items():
        merged[tuple(ids.get(word, other) for word in key)] += count
    return sorted((key, count) for key, count in merged.items() if count >= least)


def english_words(
    found: Iterable[Cell], common: Iterable[str], teacher: Teacher, syllables: Iterable[str]
) -> dict[str, float]:
    """Return log probabilities of English words: hand-listed common ones and the field's own.

    The field's own leave out what could be one of the Vietnamese `syllables` without marks.
    """
    vietnamese = {plain(syllable) for syllable in syllables}
    seen: Counter[str] = Counter()
    for cell in found:
        weight = 3 if cell.text.isascii() else 1
        for word in WORD.findall(cell.text):
            if is_plain(word) and not word.isupper() and len(word) > 2:
                seen[word.lower()] += weight
    listed = {word for word, count in seen.items() if count >= 3 and word not in vietnamese}
    words = sorted(listed | set(common))
    chances = np.exp([max(teacher.pieces.get(word, -15.0), -15.0) for word in words])
    return dict(zip(words, np.log(0.8 * chances / chances.sum()).tolist(), strict=True))


def training_cells(shared: Path, hold_out: float) -> list[Cell]:
    """Return the cells to learn from: no held-out row, and no cell that repeats one's text."""
    found = list(cells(sources(REPOSITORY, shared)))
    kept_apart = {key_of(cell.text) for cell in found if held_out(cell, hold_out)}
    return [cell for cell in found if key_of(cell.text) not in kept_apart]


def build(shared: Path, *, hold_out: float = 0.0) -> Arrays:
    """Return the model's arrays, made without the `hold_out` share of the project rows."""
    teacher = load_teacher()
    wanted = training_cells(shared, hold_out)
    counts = count_field(wanted)
    for word in teacher.words:
        parts = nfc(word).split()
        if len(parts) > 1 and all(is_syllable(part) for part in parts):
            counts.add(parts, _WORD_WEIGHT, edges=False)
    words = vocabulary(counts, teacher)
    english = english_words(wanted, _common_english(), teacher, words)
    return model_arrays(counts, teacher, words, english)


def _common_english() -> list[str]:
    path = REPOSITORY / "data" / "reference" / "common_words_en.csv"
    return path.read_text("utf-8").split()[1:]


def main(arguments: list[str] | None = None) -> int:
    """Make the model file and its manifest; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m training.restorer", description=__doc__)
    parser.add_argument("--shared", type=Path, default=REPOSITORY.parent / "shared")
    parser.add_argument("--out", type=Path, default=MODEL_FILE)
    parser.add_argument("--hold-out", type=float, default=0.0, help="share of rows left unread")
    chosen = parser.parse_args(arguments)
    save_model(chosen.out, build(chosen.shared, hold_out=chosen.hold_out))
    files = sorted(
        {
            path
            for source in sources(REPOSITORY, chosen.shared)
            for path in source.root.glob(source.pattern)
        }
    )
    manifest = {
        "model": {"file": chosen.out.name, "sha256": sha256(chosen.out.read_bytes()).hexdigest()},
        "teacher": {"package": "pyvi", "version": "0.1.1", "licence": "MIT"},
        "hold_out": chosen.hold_out,
        "sources": {path.name: sha256(path.read_bytes()).hexdigest() for path in files},
    }
    chosen.out.with_suffix(".json").write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
    sys.stdout.write(f"{chosen.out}: {chosen.out.stat().st_size / 1e6:.2f} MB\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
