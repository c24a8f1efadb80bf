"""How well an encoder finds the passage that answers a question, within and across languages.

Run ``python -m training.retrieval FOLDER --json`` on a folder with ``queries_<language>.tsv``,
``passages_<language>.tsv`` and ``qrels.tsv``, such as XQuAD (Artetxe et al. 2020).
"""

import argparse
import csv
import json
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from embeddings.encoder import load_encoder
from embeddings.errors import EmbeddingsError
from embeddings.protocol import Encoder, Vectors
from embeddings.restore import ToneRestorer
from matcher.wording import WordIndex, words

_DEPTH = 10
_DEFAULT_ENCODERS = ("e5-small", "e5-small:torch")


@dataclass(frozen=True)
class Direction:
    """Language of the questions and of the passages, and how the questions are asked.

    ``toneless`` strips the questions' marks, ``restored`` gives them back by the tone restorer;
    ``words`` adds BM25 over tone-folded words, with that weight, to the cosine.
    """

    queries: str
    passages: str
    toneless: bool = False
    restored: bool = False
    words: float = 0.0

    @property
    def name(self) -> str:
        """Such as "vi→vi" or "vi (no tones, restored)→vi, with words"."""
        ways = [*["no tones"] * self.toneless, *["restored"] * self.restored]
        asked = f" ({', '.join(ways)})" if ways else ""
        return f"{self.queries}{asked}→{self.passages}{', with words' if self.words else ''}"


DIRECTIONS = (
    Direction("vi", "vi"),
    Direction("en", "vi"),
    Direction("vi", "en"),
    Direction("vi", "vi", toneless=True),
    Direction("vi", "vi", toneless=True, restored=True),
    Direction("vi", "vi", words=0.2),
    Direction("vi", "vi", toneless=True, restored=True, words=0.2),
)


@dataclass(frozen=True)
class Collection:
    """Questions and passages by language and id, and the passages that answer each question."""

    queries: Mapping[str, Mapping[str, str]]
    passages: Mapping[str, Mapping[str, str]]
    answers: Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Figures:
    """Means over the questions, each 0 to 1."""

    direction: str
    queries: int
    recall_at_1: float
    recall_at_10: float
    mrr_at_10: float


def read_collection(folder: Path, *, sample: int | None = None, seed: int = 7) -> Collection:
    """Read the tables of all languages found in ``folder``.

    Args:
        folder: holds the tables.
        sample: number of questions drawn (all passages are kept); None for all.
        seed: of the draw.
    """
    answers: dict[str, set[str]] = {}
    for row in _rows(folder / "qrels.tsv"):
        if int(row["relevance"]) > 0:
            answers.setdefault(row["query_id"], set()).add(row["passage_id"])
    chosen = sorted(answers)
    if sample is not None and sample < len(chosen):
        picks = np.random.default_rng(seed).choice(len(chosen), size=sample, replace=False)
        chosen = [chosen[index] for index in sorted(picks)]
    return Collection(
        queries=_texts(folder, "queries", "query_id", "question"),
        passages=_texts(folder, "passages", "passage_id", "text"),
        answers={query: frozenset(answers[query]) for query in chosen},
    )


class RetrievalEvaluation:
    """Measures one encoder on one collection; each set of texts is encoded once."""

    def __init__(self, encoder: Encoder, collection: Collection) -> None:
        self.encoder, self.collection = encoder, collection
        self._passages: dict[str, Vectors] = {}

    @cached_property
    def _restore(self) -> ToneRestorer:
        return ToneRestorer()

    def __call__(self, *, direction: Direction) -> Figures:
        """Rank all passages of the direction for each question."""
        passages = self.collection.passages[direction.passages]
        queries = self.collection.queries[direction.queries]
        texts = [queries[query] for query in self.collection.answers]
        if direction.toneless:
            texts = [without_tones(text) for text in texts]
        if direction.restored:
            texts = [self._restore(text) for text in texts]
        scores = self.encoder.encode_queries(texts) @ self._vectors(direction.passages).T
        if direction.words:
            index = WordIndex([Counter(words(text)) for text in passages.values()])
            near = [index.scores(Counter(words(text))) for text in texts]
            scores = scores + direction.words * np.stack(near)
        ranks = _ranks(scores, list(passages), list(self.collection.answers.values()))
        return Figures(
            direction=direction.name,
            queries=len(ranks),
            recall_at_1=float(np.mean(ranks <= 1)),
            recall_at_10=float(np.mean(ranks <= _DEPTH)),
            mrr_at_10=float(np.mean(np.where(ranks <= _DEPTH, 1.0 / ranks, 0.0))),
        )

    def _vectors(self, language: str) -> Vectors:
        if language not in self._passages:
            texts = list(self.collection.passages[language].values())
            self._passages[language] = self.encoder.encode_passages(texts)
        return self._passages[language]


def without_tones(text: str) -> str:
    """Vietnamese as typed without marks: "Đầu tư" becomes "Dau tu"."""
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry of ``python -m training.retrieval``; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m training.retrieval", description=__doc__)
    parser.add_argument("folder", type=Path, help="folder with queries, passages and qrels")
    parser.add_argument(
        "--encoder", action="append", help="may be repeated; default: both runtimes"
    )
    parser.add_argument("--cache-dir", type=Path, default=Path("var/models"))
    parser.add_argument(
        "--sample", type=int, default=None, help="number of questions; all if absent"
    )
    parser.add_argument("--json", action="store_true", help="one JSON document in place of a table")
    options = parser.parse_args(arguments)
    try:
        collection = read_collection(options.folder, sample=options.sample)
        reports = [
            _report(name, collection, options.cache_dir)
            for name in options.encoder or _DEFAULT_ENCODERS
        ]
    except (OSError, KeyError, ValueError, EmbeddingsError) as error:
        sys.stderr.write(f"Not evaluated: {error}. Check the folder and the encoder's name.\n")
        return 1
    text = json.dumps(reports, ensure_ascii=False, indent=1) if options.json else _table(reports)
    sys.stdout.write(text + "\n")
    return 0


def _report(name: str, collection: Collection, cache_dir: Path) -> dict[str, object]:
    encoder = load_encoder(name, cache_dir=cache_dir)
    evaluation = RetrievalEvaluation(encoder, collection)
    started = time.perf_counter()
    figures = [asdict(evaluation(direction=direction)) for direction in DIRECTIONS]
    seconds = round(time.perf_counter() - started, 1)
    return {"encoder": name, "id": encoder.id, "seconds": seconds, "figures": figures}


def _table(reports: list[dict[str, object]]) -> str:
    lines = ["| encoder | direction | R@1 | R@10 | MRR@10 |", "|---|---|---|---|---|"]
    for report in reports:
        figures = report["figures"]
        assert isinstance(figures, list)  # noqa: S101 -- narrows the type for mypy
        lines.extend(
            f"| {report['id']} | {row['direction']} | {row['recall_at_1']:.3f} "
            f"| {row['recall_at_10']:.3f} | {row['mrr_at_10']:.3f} |"
            for row in figures
        )
    return "\n".join(lines)


def _ranks(
    scores: Vectors, passages: list[str], answers: list[frozenset[str]]
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Rank, from 1, of the best answering passage of each question."""
    number = {passage: index for index, passage in enumerate(passages)}
    ranks = np.empty(len(answers), dtype=np.float64)
    for row, right in enumerate(answers):
        best = max(float(scores[row, number[passage]]) for passage in right)
        ranks[row] = 1 + int((scores[row] > best).sum())
    return ranks


def _texts(folder: Path, table: str, key: str, column: str) -> dict[str, dict[str, str]]:
    paths = sorted(folder.glob(f"{table}_*.tsv"))
    return {
        path.stem.removeprefix(f"{table}_"): {row[key]: row[column] for row in _rows(path)}
        for path in paths
    }


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


if __name__ == "__main__":
    sys.exit(main())
