"""Cursors over a made-up table: no row twice, none lost, whatever comes or goes meanwhile."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Connection, Float, MetaData, String, Table, create_engine, func

from api.edge.paging import Listing, PageWish, id_cursor, id_page, id_paged, page
from api.errors import ProblemError

TABLE = Table(
    "thing",
    MetaData(),
    Column("id", String, primary_key=True),
    Column("size", Float),
    Column("n", String),
)
SIZE = func.coalesce(TABLE.c.size, -1.0)
LISTING = Listing(TABLE, (TABLE.c.id,), {"size": SIZE, "n": TABLE.c.n})
SORTS = ["", "size", "-size", "n", "-n"]


def _filled(sizes: list[float | None]) -> Connection:
    engine = create_engine("sqlite://")
    connection = engine.connect()
    TABLE.metadata.create_all(connection)
    rows = [{"id": f"i{k:03}", "size": size, "n": f"n{k % 3}"} for k, size in enumerate(sizes)]
    if rows:
        connection.execute(TABLE.insert(), rows)
    return connection


def _walk(connection: Connection, sort: str, limit: int) -> Iterator[str]:
    cursor = ""
    while True:
        found = page(connection, LISTING, PageWish(limit, cursor, sort))
        yield from (row["id"] for row in found.rows)
        cursor = found.next_cursor
        if not cursor:
            return


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.none() | st.floats(0, 1e15), max_size=12),
    st.sampled_from(SORTS),
    st.integers(1, 5),
)
def test_pages_hold_each_row_once_in_order(
    sizes: list[float | None], sort: str, limit: int
) -> None:
    connection = _filled(sizes)
    whole = list(_walk(connection, sort, 200))
    assert list(_walk(connection, sort, limit)) == whole
    assert sorted(whole) == [f"i{k:03}" for k in range(len(sizes))]
    connection.engine.dispose()


def test_rows_that_come_and_go_neither_repeat_nor_hide_others() -> None:
    connection = _filled([1.0, 2.0, 3.0, 4.0])
    first = page(connection, LISTING, PageWish(2, "", "size"))
    connection.execute(TABLE.delete().where(TABLE.c.id == "i001"))
    connection.execute(TABLE.insert(), [{"id": "new", "size": 0.5, "n": "n"}])
    second = page(connection, LISTING, PageWish(2, first.next_cursor, "size"))
    assert [row["id"] for row in second.rows] == ["i002", "i003"]
    connection.engine.dispose()


@pytest.mark.parametrize("cursor", ["x", "bnVsbA", "WyIiLDEsMl0", "=", "WyJzaXplIiwxLCJpMDAxIl0"])
def test_a_cursor_of_another_list_is_refused(cursor: str) -> None:
    connection = _filled([1.0])
    with pytest.raises(ProblemError, match="cursor"):
        page(connection, LISTING, PageWish(2, cursor, ""))
    connection.engine.dispose()


def test_a_sort_that_is_not_listed_is_refused() -> None:
    connection = _filled([])
    with pytest.raises(ProblemError, match="sorted by 'colour'"):
        page(connection, LISTING, PageWish(2, "", "-colour"))
    connection.engine.dispose()


def test_pages_by_id_ask_for_one_more_to_see_the_end() -> None:
    wish = PageWish(2)
    assert id_page(wish).limit == 3
    items, after = id_paged(["a", "b", "c"], wish, lambda each: each)
    assert (list(items), after) == (["a", "b"], id_cursor("b"))
    assert id_page(PageWish(2, after or "")).after == "b"
    assert id_paged(["a", "b"], wish, lambda each: each)[1] is None


def test_a_cursor_by_id_that_is_none_is_refused() -> None:
    for cursor in ("é", "====", "JyBPUiAx"):
        with pytest.raises(ProblemError):
            id_page(PageWish(2, cursor))
