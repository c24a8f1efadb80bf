"""Pages of a table by cursor: stable under inserts, sorted by a whitelisted column.

A cursor names the last row seen by its sort value and key, not a number of rows to skip: rows that
come or go meanwhile neither repeat nor hide others.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Table, and_, false, or_, select

from api.errors import ProblemError
from data import store
from data.rows import Row

T = TypeVar("T")

MOST = 200
USUAL = 50
_ID = re.compile(r"[0-9A-Za-z._-]{1,100}")


@dataclass(frozen=True, slots=True)
class Listing:
    """What of a table may be listed: its unique key and the columns to sort by, none ever null."""

    table: Table
    key: tuple[ColumnElement[Any], ...]
    sorts: Mapping[str, ColumnElement[Any]]


@dataclass(frozen=True, slots=True)
class PageWish:
    """The page asked for: ``sort`` is a name of the listing, with "-" before it for descending."""

    limit: int = USUAL
    cursor: str = ""
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a page and the cursor of the next one; "" when this is the last."""

    rows: tuple[Row, ...]
    next_cursor: str


def page(
    connection: Connection,
    listing: Listing,
    wish: PageWish,
    where: Sequence[ColumnElement[bool]] = (),
) -> Page:
    """Read one page.

    Raises:
        ProblemError: ``page.sort``, ``page.cursor``: the wish names what is not there.
    """
    name, descending = wish.sort.removeprefix("-"), wish.sort.startswith("-")
    if name and name not in listing.sorts:
        raise _bad_sort(name, listing.sorts)
    columns = ((listing.sorts[name],) if name else ()) + listing.key
    labels = [column.label(f"_sort_{place}") for place, column in enumerate(columns)]
    query = select(listing.table, *labels).where(*where)
    if wish.cursor:
        query = query.where(_after(columns, _values(wish, columns), descending))
    ordered = [column.desc() if descending else column.asc() for column in columns]
    found = connection.execute(query.order_by(*ordered).limit(wish.limit + 1)).mappings()
    rows = [dict(row) for row in found]
    values = [[row.pop(label.name) for label in labels] for row in rows]
    more = len(rows) > wish.limit
    after = _cursor(wish.sort, values[wish.limit - 1]) if more else ""
    return Page(tuple(rows[: wish.limit]), after)


def _after(
    columns: Sequence[ColumnElement[Any]], values: Sequence[Any], descending: bool
) -> ColumnElement[bool]:
    """Whether a row comes after the values, compared column by column."""
    condition: ColumnElement[bool] = false()
    for column, value in zip(reversed(columns), reversed(values), strict=True):
        beyond = column < value if descending else column > value
        condition = or_(beyond, and_(column == value, condition))
    return condition


def _cursor(sort: str, values: Sequence[Any]) -> str:
    text = json.dumps([sort, *values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _values(wish: PageWish, columns: Sequence[ColumnElement[Any]]) -> list[Any]:
    try:
        padded = wish.cursor + "=" * (-len(wish.cursor) % 4)
        sort, *values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, TypeError, RecursionError):
        raise _bad_cursor() from None
    if sort != wish.sort or len(values) != len(columns):
        raise _bad_cursor()
    if not all(_fits(*pair) for pair in zip(values, columns, strict=True)):
        raise _bad_cursor()
    return list(values)


def _fits(value: object, column: ColumnElement[Any]) -> bool:
    """Whether a value may be compared with the column: PostgreSQL refuses others."""
    if not issubclass(column.type.python_type, (int, float)):
        return isinstance(value, str) and "\x00" not in value
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e300


def _bad_cursor() -> ProblemError:
    return ProblemError(
        400,
        "page.cursor",
        "The cursor is none of this list's, or the sort differs from the page before. "
        "Start again without a cursor.",
        "Con trỏ trang không thuộc danh sách này, hoặc cách sắp xếp đã khác trang trước. "
        "Hãy bắt đầu lại không kèm con trỏ.",
    )


def _bad_sort(name: str, sorts: Mapping[str, object]) -> ProblemError:
    listed = ", ".join(sorts)
    return ProblemError(
        400,
        "page.sort",
        f"The list cannot be sorted by {name!r}. Choose one of: {listed}; “-” before it reverses.",
        f"Không sắp xếp được theo {name!r}. Hãy chọn: {listed}; thêm “-” phía trước để đảo chiều.",
    )


def id_page(wish: PageWish) -> store.Page:
    """The page for functions of `data` that list by id: one more than asked, to see the end.

    Raises:
        ProblemError: ``page.cursor``.
    """
    if not wish.cursor:
        return store.Page("", wish.limit + 1)
    try:
        padded = wish.cursor + "=" * (-len(wish.cursor) % 4)
        after = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        raise _bad_cursor() from None
    if not _ID.fullmatch(after):
        raise _bad_cursor()
    return store.Page(after, wish.limit + 1)


def id_paged(
    found: Sequence[T], wish: PageWish, id_of: Callable[[T], str]
) -> tuple[Sequence[T], str | None]:
    """What was found by `id_page` without the one too many, and the next page's cursor."""
    items = found[: wish.limit]
    return items, id_cursor(id_of(items[-1])) if len(found) > wish.limit else None


def id_cursor(last_id: str) -> str:
    """The cursor of the page after the row of that id."""
    return base64.urlsafe_b64encode(last_id.encode()).decode().rstrip("=")
