"""`python -m training.understanding`: how well texts are understood, by way of writing.

Prints tables with 95 % bootstrap intervals: profiles (precision at ten, capped by how many calls
are right; nDCG@10; overlap with the list of the Vietnamese text), industry titles, investors by
their profile's activities, goods, and the time a query takes.
"""

import argparse
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from data.importers.market import read_market
from data.records import ProjectCall
from embeddings.encoder import Encoder, load_encoder
from embeddings.meaning import ActivityModel, load_activity_model, unit
from matcher.activities import activity_names, pair_fit, weights_of
from matcher.goods import GoodsSearch
from matcher.market import FloatArray, Market, build_market
from matcher.release import embed, make_tags
from matcher.search import TextSearch
from training.metrics import Estimate, Floats, estimate, outcome
from training.understanding_sets import (
    PARTS,
    WAYS,
    Half,
    Part,
    Question,
    goods,
    half_of_code,
    offers,
    profiles,
    sample_calls,
    titles,
)

K = 10
Finder = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Judged:
    """What the ten best of one question were worth, each 0 to 1."""

    precision: float
    ndcg: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked for and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "parts", nargs="*", default=[], help="profiles titles investors; all if none"
    )
    parser.add_argument(
        "--part",
        choices=PARTS,
        action="append",
        help="of profiles, titles and goods; all if not given (the last two have profiles only)",
    )
    parser.add_argument("--home", type=Path, default=Path("var"), help="where models are kept")
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared")
    options = parser.parse_args(arguments)
    encoder = _encoder(options.home)
    parts = options.parts or ["profiles", "titles", "investors", "goods"]
    wanted: list[Part] = options.part or list(PARTS)
    halves: list[Half] = [part for part in wanted if part in ("choose", "report")]
    if "profiles" in parts:
        search, calls = _search(sample_calls(), encoder)
        for part in wanted:
            _say(f"profiles, {part} part", *_profile_table(profiles(part), search, calls, encoder))
    if "titles" in parts:
        _say("industry titles, first answer right", *_title_table(options.shared, encoder, halves))
    if "investors" in parts:
        _say("investors by their profile's text alone", *_investor_table(options.shared, encoder))
    if "goods" in parts:
        for half in halves:
            _say(f"goods wanted, {half} half", *_goods_table(goods(half), options.shared, encoder))
    return 0


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


def _profile_table(
    questions: Sequence[Question], search: TextSearch, calls: Sequence[str], encoder: Encoder
) -> list[str]:
    everything = np.arange(len(calls))

    def find(text: str) -> list[str]:
        return [calls[hit.call] for hit in search(text, calls=everything, n=K, encoder=encoder)]

    return _table(questions, find)


def _goods_table(questions: Sequence[Question], shared: Path, encoder: Encoder) -> list[str]:
    known = offers(shared)
    texts = [". ".join(part for part in (one.text, one.text_en) if part) for one in known]
    model = load_activity_model(encoder.id, activity_names())
    search = GoodsSearch(known, encoder.encode_passages(texts), model)

    def find(text: str) -> list[str]:
        return [known[hit.offer].offer_id for hit in search(text, n=K, encoder=encoder)]

    return _table(questions, find)


def _table(questions: Sequence[Question], find: Finder) -> list[str]:
    lists: dict[tuple[str, str], list[str]] = {}
    judged: dict[str, list[Judged]] = {way: [] for way in WAYS}
    taken = []
    find("khởi động")
    for question in questions:
        start = time.perf_counter()
        lists[question.theme, question.way] = find(question.text)
        taken.append(time.perf_counter() - start)
        judged[question.way].append(judge(lists[question.theme, question.way], question.grades))
    lines = [f"{'way':12} {'P@10 capped':>20} {'nDCG@10':>20} {'overlap@10':>20}"]
    for way in WAYS:
        precision = _interval(np.array([one.precision for one in judged[way]]))
        ndcg = _interval(np.array([one.ndcg for one in judged[way]]))
        same = _interval(overlaps(lists, way))
        lines.append(f"{way:12} {precision:>20} {ndcg:>20} {same:>20}")
    median, slow = np.quantile(np.array(taken) * 1000, [0.5, 0.95])
    return [*lines, f"a query: median {median:.0f} ms, 95 % under {slow:.0f} ms"]


def _title_table(shared: Path, encoder: Encoder, halves: Sequence[Half]) -> list[str]:
    groups = titles(shared)
    held = {
        half: [n for n, g in enumerate(groups) if half_of_code(g.code) == half] for half in halves
    }
    lines = [f"{'titles':18}" + "".join(f"{half:>22}" for half in halves)]
    for corpus, ways in (("vi", ("en", "toneless")), ("en", ("vi", "toneless"))):
        calls = [ProjectCall(group.code, getattr(group, corpus)) for group in groups]
        search, ids = _search(calls, encoder)
        everything = np.arange(len(ids))
        for way in ways:
            line = f"{way + ' → ' + corpus:18}"
            for half in halves:
                right = []
                for number in held[half]:
                    text = getattr(groups[number], way)
                    best = search(text, calls=everything, n=1, encoder=encoder)[0]
                    right.append(float(ids[best.call] == groups[number].code))
                line += f"{_interval(np.array(right)):>22}"
            lines.append(line)
    return lines


def _investor_table(shared: Path, encoder: Encoder, cutoff: date = date(2022, 1, 1)) -> list[str]:
    from training.dataset import split_at  # noqa: PLC0415 -- brings the ranker's parts with it

    files = read_market(shared / "data" / "vn" / "market")
    market = build_market(investors=files.investors, calls=files.calls, deals=files.deals)
    vectors = embed(market, encoder)
    tags = make_tags(market, vectors, encoder_id=encoder.id)
    market = build_market(
        investors=files.investors, calls=files.calls, deals=files.deals, vectors=vectors, tags=tags
    )
    split = split_at(market, cutoff)
    wanted, offered = unit(market.investor_activities), unit(market.call_activities)
    near = offered[split.calls] @ wanted[split.known].T
    dense = vectors.calls[split.calls] @ vectors.profiles[split.known].T
    model = load_activity_model(encoder.id, activity_names())
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
    lines = [f"{'by':18} {'nDCG@10':>20} {'recall@10':>20}   ({len(split.asked_calls)} calls)"]
    for name, scores in (
        ("profile embedded", dense),
        ("activities", near),
        ("fit of activities", fit),
        ("all of these", whole),
    ):
        got = [outcome(scores[call], split.relevant[call]) for call in split.asked_calls]
        ndcg = _interval(np.array([one.ndcg_10 for one in got]))
        recall = _interval(np.array([one.recall_10 for one in got]))
        lines.append(f"{name:18} {ndcg:>20} {recall:>20}")
    return lines


def _meant(model: ActivityModel, vectors: FloatArray) -> FloatArray:
    """What texts mean, rows of length 1; zeros without a text."""
    there = vectors.any(axis=1)
    centred = np.zeros_like(vectors)
    centred[there] = unit(vectors[there] - vectors[there].mean(axis=0))
    return model.meanings(centred)


def _search(calls: Sequence[ProjectCall], encoder: Encoder) -> tuple[TextSearch, list[str]]:
    market = build_market(investors=(), calls=calls, deals=())
    vectors = embed(market, encoder)
    tags = make_tags(market, vectors, encoder_id=encoder.id)
    market = Market((), market.calls, (), (), vectors, tags)
    model = load_activity_model(encoder.id, activity_names())
    return TextSearch(market, model), [call.call_id for call in market.calls]


def _encoder(home: Path) -> Encoder:
    from embeddings.cache import CachedEncoder, VectorCache  # noqa: PLC0415 -- slow import

    encoder = load_encoder("e5-small", cache_dir=home / "models")
    return CachedEncoder(encoder, VectorCache(home / "vectors.sqlite"))


def _interval(values: Floats) -> str:
    found: Estimate = estimate(values)
    return f"{found.mean:.3f} [{found.low:.2f}, {found.high:.2f}]"


def _say(heading: str, *lines: str) -> None:
    sys.stdout.write("\n".join([f"== {heading}", *lines, "", ""]))


if __name__ == "__main__":
    sys.exit(main())
