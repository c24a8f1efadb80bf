"""A benchmark's findings as tables for a terminal or a document (Markdown)."""

from collections.abc import Iterable

from training.evaluate import SIDES, Report

_HEAD = (
    "| way to rank | nDCG@10 | recall@10 | recall@50 | MRR | model gains nDCG@10 |\n"
    "|---|---|---|---|---|---|\n"
)
SLICES_HEAD = (
    "| slice | questions | model nDCG@10 | house rule | best baseline |\n|---|---|---|---|---|\n"
)


def as_table(report: Report) -> str:
    """Both sides' tables and the slices, with 95 % intervals in brackets."""
    sizes = ", ".join(f"{count:,} {what}" for what, count in report.sizes.items())
    parts = [f"Cutoff {report.cutoff}: {sizes}.\n"]
    for side in SIDES:
        rows = [row for row in report.rows if row.side == side]
        if not rows or not rows[0].questions:
            parts.append(f"\n{side.capitalize()}: nothing to judge.\n")
            continue
        parts.append(f"\n{side.capitalize()} ({rows[0].questions} questions)\n\n{_HEAD}")
        for row in rows:
            cells = [
                row.name,
                _with_interval(row.metrics["ndcg_10"]),
                *(f"{row.metrics[name][0]:.3f}" for name in ("recall_10", "recall_50", "mrr")),
                _with_interval(row.model_gain, sign="+") if row.model_gain else "",
            ]
            parts.append(_line(cells))
        blend = report.ranker.get(side, {}).get("blend", {})
        if isinstance(blend, dict):
            shares = ", ".join(f"{name} {share:.0%}" for name, share in blend.items())
            parts.append(f"\nThe model is a blend of: {shares}.\n")
    if report.slices:
        parts.append(f"\n{SLICES_HEAD}")
        for one in report.slices:
            best = "" if one.baseline is None else f"{one.baseline:.3f}"
            house = f"{one.house_rule:.3f}"
            cells = [one.name, str(one.questions), _with_interval(one.model), house, best]
            parts.append(_line(cells))
    return "".join(parts)


def _with_interval(values: tuple[float, float, float], sign: str = "") -> str:
    mean, low, high = values
    return f"{mean:{sign}.3f} [{low:{sign}.3f}, {high:{sign}.3f}]"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"
