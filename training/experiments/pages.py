"""Fill the marked blocks of docs/quality.md from the kept results: `make quality`.

A block lies between ``<!-- begin KIND NAME -->`` and ``<!-- end -->``; what is between them is
written here and never by hand.
"""

import argparse
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from data.errors import KetnoiError
from training.experiments.run import load_result
from training.experiments.spec import FOLDER, RESULTS, shipped_experiments
from training.experiments.tables import ablation, benchmark, curve, goals, measured, slices, ways
from training.understanding_tables import understanding

__all__ = ["PAGE", "filled"]

PAGE = FOLDER.parent.parent / "docs" / "quality.md"

_BLOCK = re.compile(r"(<!-- begin ([\w-]+) ?([\w-]*) -->\n).*?(<!-- end -->)", re.DOTALL)
_KINDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "benchmark": benchmark,
    "slices": slices,
    "ways": ways,
    "ablation": ablation,
    "curve": curve,
    "understanding": understanding,
}


def filled(text: str, results: Path = RESULTS) -> str:
    """The page with every block as the results have it.

    Raises:
        KetnoiError: a block of an unknown kind, or of an experiment without a result.
    """

    def block(match: re.Match[str]) -> str:
        head, kind, name, tail = match.groups()
        return f"{head}{_body(kind, name, results)}{tail}"

    return _BLOCK.sub(block, text)


def _body(kind: str, name: str, results: Path) -> str:
    if kind in {"goals", "measured"}:
        found = {each.name: load_result(each.name, results) for each in shipped_experiments()}
        known = {each: result for each, result in found.items() if result is not None}
        return goals(known) if kind == "goals" else measured(known)
    if kind not in _KINDS:
        raise KetnoiError(
            "quality.block",
            f"Block of unknown kind {kind!r}. Kinds are {', '.join(_KINDS)}, goals, measured.",
            f"Khối thuộc loại lạ {kind!r}. Các loại: {', '.join(_KINDS)}, goals, measured.",
        )
    result = load_result(name, results)
    if result is None:
        raise KetnoiError(
            "quality.result",
            f"No result of experiment {name!r}. Run: ketnoi experiment "
            f"training/experiments/{name}.toml",
            f"Chưa có kết quả của thí nghiệm {name!r}. Hãy chạy: ketnoi experiment "
            f"training/experiments/{name}.toml",
        )
    return _KINDS[kind](result["found"])


def main() -> None:
    """Write the page, or with --check fail where it differs."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    text = PAGE.read_text(encoding="utf-8")
    new = filled(text)
    if check and new != text:
        sys.exit(f"{PAGE} differs from the results. Run: make quality")
    if not check:
        PAGE.write_text(new, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
