"""Read one file into records, without a database: the first half of an import."""

from dataclasses import dataclass
from pathlib import Path

from data.errors import KetnoiError
from data.importers.kinds import KINDS
from data.importers.layout.meaning import NameColumns
from data.importers.parsed import Parsed
from data.importers.places import place_of
from data.importers.programmes import parse_programmes
from data.importers.table import Progress, parse_table
from data.records import Place
from data.reference.provinces import nearest, resolve_province

__all__ = ["KIND_NAMES", "TABLES", "ImportRequest", "NameColumns", "Progress", "parse_file"]

KIND_NAMES = (*KINDS, "programmes")
TABLES = {name: kind.table for name, kind in KINDS.items()} | {"programmes": "programme"}


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """A file to import: its kind (`KIND_NAMES`), path, the province of calls that name none.

    `draft` keeps it as a draft even when nothing is in doubt; `yes` takes it over at once as read.
    `withdraw` closes calls that an earlier edition had and this one lacks. `accept_below` (0..1)
    empties every value read with a smaller confidence and settles the doubts about the others.
    `owner` is the organisation that a draft belongs to, `by` the person, for the history.
    """

    kind: str
    path: Path
    province: str = ""
    dry_run: bool = False
    draft: bool = False
    yes: bool = False
    withdraw: bool = False
    accept_below: float | None = None
    owner: str | None = None
    by: str = ""


def parse_file(
    request: ImportRequest,
    data: bytes,
    *,
    progress: Progress | None = None,
    name_columns: NameColumns | None = None,
) -> Parsed:
    """Return the records of a file's bytes; `request.path` gives its name alone.

    `name_columns` tells what titles of columns mean that no word list knows.

    Raises ImportFailed with every problem of the file, KetnoiError ("import.kind",
    "import.province", "import.accept_below") for a wrong request.
    """
    default = _default_place(request)
    if request.kind == "programmes":
        return parse_programmes(request.path, data)
    kind = KINDS[request.kind]
    return parse_table(
        kind,
        request.path,
        data,
        default_place=default,
        progress=progress,
        name_columns=name_columns,
    )


def _default_place(request: ImportRequest) -> Place:
    if request.kind not in KIND_NAMES:
        raise KetnoiError(
            "import.kind",
            f"{request.kind!r} cannot be imported. Choose one of {', '.join(KIND_NAMES)}.",
            f"Không nhập được loại {request.kind!r}. Hãy chọn {', '.join(KIND_NAMES)}.",
        )
    if request.accept_below is not None and not 0 <= request.accept_below <= 1:
        raise KetnoiError(
            "import.accept_below",
            f"--accept-below {request.accept_below:g} is not a confidence. Give one of 0 to 1.",
            f"--accept-below {request.accept_below:g} không hợp lệ. Hãy ghi số từ 0 đến 1.",
        )
    if not request.province:
        return Place()
    match = resolve_province(request.province)
    if match is None:
        close = ", ".join(nearest(request.province)) or "a name such as Thanh Hóa"
        raise KetnoiError(
            "import.province",
            f"--province {request.province!r} is not a province. Try {close}.",
            f"--province {request.province!r} không phải là tỉnh. Hãy thử {close}.",
        )
    return place_of(match)
