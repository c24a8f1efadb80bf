"""Read the CSV tables that ship beside this module, once each."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def table(name: str) -> tuple[Mapping[str, str], ...]:
    """Return the rows of a reference table, empty cells as empty strings.

    `name` is a file name in this folder such as "provinces_34.csv". Raises FileNotFoundError,
    naming the path, when the installation lacks it.
    """
    with (FOLDER / name).open(encoding="utf-8", newline="") as handle:
        return tuple(csv.DictReader(handle))


@cache
def read_table(module_file: str, name: str) -> tuple[Mapping[str, str], ...]:
    """Return the rows of a table that ships beside another module: pass that module's file."""
    with (Path(module_file).parent / name).open(encoding="utf-8", newline="") as handle:
        return tuple(csv.DictReader(handle))
