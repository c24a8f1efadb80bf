"""How well texts are understood, by way of writing: what `make eval-understanding` measures.

Profiles (precision at ten, capped by how many calls are right; nDCG@10; overlap with the list of
the Vietnamese text), industry titles, investors by their profile's text, goods, questions; beside
each what the bare encoder finds: cosine of the vectors of the texts as they are.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np

from data.importers.market import read_market
from data.records import ProjectCall
from embeddings.encoder import Encoder
from embeddings.meaning import ActivityModel, load_activity_model, unit
from embeddings.text import call_text
from matcher.activities import activity_names, pair_fit, weights_of
from matcher.goods import GoodsSearch
from matcher.market import FloatArray, Market, build_market
from matcher.release import embed, make_tags
from matcher.search import TextSearch
from training.dataset import split_at
from training.metrics import Estimate, Floats, estimate, outcome
from training.retrieval import Direction, RetrievalEvaluation, read_collection
from training.understanding_sets import WAYS, Half, Question, half_of_code, titles
from training.understanding_sets import offers as all_offers

Figure = tuple[float, float, float]  # mean and the ends of its 95 % bootstrap interval
Row = dict[str, Figure]

K = 10
Finder = Callable[[str], list[str]]
QUESTIONS = (
    Direction("vi", "vi"),
    Direction("en", "vi"),
    Direction("vi", "vi", toneless=True),
    Direction("vi", "vi", toneless=True, restored=True),
    Direction("vi", "vi", toneless=True, restored=True, words=0.2),
)
"""Ways to ask XQuAD's questions (Artetxe et al. 2020)."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What the ten best of one question were worth, each 0 to 1."""

    precision: float
    ndcg: float


@dataclass(frozen=True)
class Corpus:
    """Calls that are searched, by the whole search or by the bare encoder."""

    calls: tuple[ProjectCall, ...]
    encoder: Encoder

    def find(self, text: str, *, n: int = K) -> list[str]:
        """Ids of the ``n`` best by the whole search."""
        everything = np.arange(len(self._market.calls))
        hits = self.search(text, calls=everything, n=n, encoder=self.encoder)
        return [self._market.calls[hit.call].call_id for hit in hits]

    def near(self, text: str, *, n: int = K) -> list[str]:
        """Ids of the ``n`` nearest by the bare encoder."""
        cosine = self._bare @ self.encoder.encode_queries([text])[0]
        best = np.argsort(-cosine, kind="stable")[:n]
        return [self._market.calls[int(row)].call_id for row in best]

    @cached_property
    def search(self) -> TextSearch:
        tags = make_tags(self._market, self._market.vectors, self.encoder)
        market = Market((), self._market.calls, (), (), self._market.vectors, tags)
        return TextSearch(market, load_activity_model(self.encoder, activity_names()))

    @cached_property
    def _market(self) -> Market:
        market = build_market(investors=(), calls=self.calls, deals=())
        return Market((), market.calls, (), (), embed(market, self.encoder), market.tags)

    @cached_property
    def _bare(self) -> FloatArray:
        return self.encoder.encode_passages([call_text(call) for call in self._market.calls])


def measure_profiles(questions: Sequence[Question], corpus: Corpus) -> dict[str, Row]:
    """By way of writing: the bare encoder's precision, then the search's figures."""
    return _by_way(questions, corpus.find, before=corpus.near)


def measure_goods(questions: Sequence[Question], shared: Path, encoder: Encoder) -> dict[str, Row]:
    """Goods wanted over the sellers' offers, by way of writing."""
    known = all_offers(shared)
    texts = [". ".join(part for part in (one.text, one.text_en) if part) for one in known]
    vectors = encoder.encode_passages(texts)
    search = GoodsSearch(known, vectors, load_activity_model(encoder, activity_names()))

    def find(text: str) -> list[str]:
        return [known[hit.offer].offer_id for hit in search(text, n=K, encoder=encoder)]

    def near(text: str) -> list[str]:
        best = np.argsort(-(vectors @ encoder.encode_queries([text])[0]), kind="stable")[:K]
        return [known[int(row)].offer_id for row in best]

    return _by_way(questions, find, before=near)


def measure_titles(shared: Path, encoder: Encoder) -> dict[str, Row]:
    """Industry titles whose pair comes first, by direction: halves of the codes, bare and found."""
    groups = titles(shared)
    out: dict[str, Row] = {}
    for target, ways in (("vi", ("en", "toneless")), ("en", ("vi", "toneless"))):
        calls = tuple(ProjectCall(group.code, getattr(group, target)) for group in groups)
        corpus = Corpus(calls, encoder)
        for way in ways:
            right: dict[str, list[float]] = {}
            for group in groups:
                half: Half = half_of_code(group.code)
                text = getattr(group, way)
                for name, find in (("before", corpus.near), ("found", corpus.find)):
                    hit = float(find(text, n=1) == [group.code])
                    right.setdefault(f"{half} {name}", []).append(hit)
            out[f"{way} → {target}"] = {name: _figure(hits) for name, hits in right.items()}
    return out


def measure_questions(shared: Path, encoder: Encoder) -> dict[str, float]:
    """Share of XQuAD's questions whose passage comes first, by way of asking."""
    evaluation = RetrievalEvaluation(
        encoder, read_collection(shared / "data" / "public" / "xquad_vi_en")
    )
    asked = (evaluation(direction=direction) for direction in QUESTIONS)
    return {figures.direction: figures.recall_at_1 for figures in asked}


def measure_time(questions: Sequence[Question], corpus: Corpus) -> dict[str, float]:
    """Milliseconds of a query from text to reasons, nothing cached, after the first."""
    corpus.find("khởi động")
    taken, spent = [], []
    for question in questions:
        clock, processor = time.perf_counter(), time.process_time()
        corpus.find(question.text)
        taken.append(1000 * (time.perf_counter() - clock))
        spent.append(1000 * (time.process_time() - processor))
    return {
        "queries": float(len(taken)),
        "median": float(np.median(taken)),
        "95 %": float(np.quantile(taken, 0.95)),
        "median, processor": float(np.median(spent)),
    }


def judge(found: Sequence[str], grades: Mapping[str, int]) -> Judged:
    """Precision at ten, capped by how many documents are right, and nDCG@10 with graded gains."""
    best = list(found[:K])
    hits = sum(document in grades for document in best)
    gain = [2.0 ** grades.get(document, 0) - 1.0 for document in best]
    ideal = sorted((2.0**grade - 1.0 for grade in grades.values()), reverse=True)[:K]
    discount = 1.0 / np.log2(np.arange(2, K + 2))
    whole = float(discount[: len(ideal)] @ np.array(ideal)) if ideal else 1.0
    return Judged(
        precision=hits / max(1, min(K, len(grades))),
        ndcg=float(discount[: len(gain)] @ np.array(gain)) / whole,
    )


def overlaps(lists: Mapping[tuple[str, str], Sequence[str]], way: str) -> Floats:
    """Share of each theme's ten best that the Vietnamese text finds too."""
    shares = [
        len({*found[:K]} & {*lists[theme, "vi"][:K]}) / K
        for (theme, written), found in lists.items()
        if written == way
    ]
    return np.array(shares, dtype=np.float64)


def measure_investors(
    shared: Path, encoder: Encoder, cutoff: date = date(2022, 1, 1)
) -> dict[str, Row]:
    """Investors for new calls of the real market by the text of their profile alone."""
    files = read_market(shared / "data" / "vn" / "market")
    market = build_market(investors=files.investors, calls=files.calls, deals=files.deals)
    vectors = embed(market, encoder)
    tags = make_tags(market, vectors, encoder)
    market = build_market(
        investors=files.investors, calls=files.calls, deals=files.deals, vectors=vectors, tags=tags
    )
    split = split_at(market, cutoff)
    wanted, offered = unit(market.investor_activities), unit(market.call_activities)
    near = offered[split.calls] @ wanted[split.known].T
    dense = vectors.calls[split.calls] @ vectors.profiles[split.known].T
    model = load_activity_model(encoder, activity_names())
    fit = pair_fit(
        weights_of(tags.calls, meant=False)[split.calls],
        weights_of(tags.investors, meant=False)[split.known],
    )
    whole = 0.5 * near + 0.5 * fit
    if model is not None:
        whole += (
            _meant(model, vectors.calls)[split.calls]
            @ _meant(model, vectors.profiles)[split.known].T
        )
    out: dict[str, Row] = {}
    for name, scores in (
        ("profile embedded", dense),
        ("activities", near),
        ("fit of activities", fit),
        ("all of these", whole),
    ):
        got = [outcome(scores[call], split.relevant[call]) for call in split.asked_calls]
        out[name] = {
            "ndcg": _figure([one.ndcg_10 for one in got]),
            "recall": _figure([one.recall_10 for one in got]),
        }
    return out


def _meant(model: ActivityModel, vectors: FloatArray) -> FloatArray:
    """What texts mean, rows of length 1; zeros without a text."""
    there = vectors.any(axis=1)
    centred = np.zeros_like(vectors)
    centred[there] = unit(vectors[there] - vectors[there].mean(axis=0))
    return model.meanings(centred)


def _by_way(questions: Sequence[Question], find: Finder, *, before: Finder) -> dict[str, Row]:
    lists: dict[tuple[str, str], list[str]] = {}
    bare: dict[str, list[float]] = {way: [] for way in WAYS}
    judged: dict[str, list[Judged]] = {way: [] for way in WAYS}
    for question in questions:
        found = lists[question.theme, question.way] = find(question.text)
        judged[question.way].append(judge(found, question.grades))
        bare[question.way].append(judge(before(question.text), question.grades).precision)
    return {
        way: {
            "before": _figure(bare[way]),
            "precision": _figure([one.precision for one in judged[way]]),
            "ndcg": _figure([one.ndcg for one in judged[way]]),
            "overlap": _figure(overlaps(lists, way)),
        }
        for way in WAYS
    }


def _figure(values: Sequence[float] | Floats) -> Figure:
    found: Estimate = estimate(np.array(values, dtype=np.float64))
    return round(found.mean, 4), round(found.low, 4), round(found.high, 4)
