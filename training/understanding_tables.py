"""What `make eval-understanding` found, as Markdown tables for docs/quality.md."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from training.understanding_sets import PARTS, WAYS

Found = Mapping[str, Any]
_GOALS = {"vi": 0.90}
_OTHERS_GOAL = 0.87
_NAMES = {"vi-toneless": "vi, no tones", "toneless → vi": "no tones → vi"}
_TITLE_GOALS = {"en → vi": 0.85, "vi → en": 0.85, "toneless → vi": 0.92, "toneless → en": 0.75}


def understanding(found: Found) -> str:
    """Every table of the page, one after the other."""
    return "\n".join(write(found[name]) for name, write in _SECTIONS.items() if name in found)


def _profiles(parts: Mapping[str, Any]) -> str:
    head = ("way", *(f"{part}: bare encoder → search" for part in PARTS if part in parts))
    rows = [
        (
            _name(way),
            *(
                f"{parts[part][way]['before'][0]:.3f} → {_mean(parts[part][way]['precision'])}"
                for part in PARTS
                if part in parts
            ),
        )
        for way in WAYS
    ]
    fresh = f"\n{_fresh(parts['fresh'])}" if "fresh" in parts else ""
    return f"Precision at ten by part of the test set:\n\n{_table(head, rows)}{fresh}"


def _fresh(ways: Mapping[str, Any]) -> str:
    head = ("way, fresh part", "bare encoder", "search", "goal", "nDCG@10", "overlap with vi")
    rows = []
    for way in WAYS:
        one = ways[way]
        goal = _GOALS.get(way, _OTHERS_GOAL)
        met = "met" if one["precision"][0] >= goal else "**missed**"
        same = "1" if way == "vi" else _interval(one["overlap"])
        cells = (_mean(one["before"]), _interval(one["precision"]), f"{goal:.2f}, {met}")
        rows.append((_name(way), *cells, _interval(one["ndcg"]), same))
    return f"What to expect of texts not seen before:\n\n{_table(head, rows)}"


def _titles(directions: Mapping[str, Any]) -> str:
    head = ("titles", "choosing half: bare → search", "reporting half: bare → search", "goal")
    rows = []
    for name, one in directions.items():
        reached, goal = one["report found"], _TITLE_GOALS[name]
        met = "met" if reached[0] >= goal else "**missed**"
        choose = f"{_mean(one['choose before'])} → {_mean(one['choose found'])}"
        report = f"{_mean(one['report before'])} → {_interval(reached)}"
        rows.append((name.replace("toneless", "no tones"), choose, report, f"{goal:.2f}, {met}"))
    return f"Industry titles, first answer right:\n\n{_table(head, rows)}"


def _investors(ways: Mapping[str, Any]) -> str:
    head = ("investors by profile text alone", "nDCG@10", "recall@10")
    rows = [(name, _interval(one["ndcg"]), _interval(one["recall"])) for name, one in ways.items()]
    return _table(head, rows)


def _goods(halves: Mapping[str, Any]) -> str:
    head = ("goods wanted, P@10", *(f"{half}: bare → search" for half in halves))
    rows = [
        (
            _name(way),
            *(
                f"{_mean(ways[way]['before'])} → {_mean(ways[way]['precision'])}"
                for ways in halves.values()
            ),
        )
        for way in WAYS
    ]
    return _table(head, rows)


def _questions(asked: Mapping[str, float]) -> str:
    head = ("XQuAD questions, passage found first", "R@1")
    return _table(head, [(name, f"{share:.3f}") for name, share in asked.items()])


def _time(taken: Mapping[str, float]) -> str:
    return (
        f"A query from text to reasons, nothing cached, {taken['queries']:.0f} texts: median "
        f"{taken['median']:.0f} ms by the clock ({taken['median, processor']:.0f} ms of processor "
        f"time), 95 % under {taken['95 %']:.0f} ms.\n"
    )


_SECTIONS: Mapping[str, Callable[[Any], str]] = {
    "profiles": _profiles,
    "titles": _titles,
    "investors": _investors,
    "goods": _goods,
    "questions": _questions,
    "time": _time,
}


def _name(way: str) -> str:
    return _NAMES.get(way, way)


def _mean(figure: Sequence[float]) -> str:
    return f"{figure[0]:.3f}"


def _interval(figure: Sequence[float]) -> str:
    mean, low, high = figure
    return f"{mean:.3f} [{low:.2f}, {high:.2f}]"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
