"""Pieces say the same as the standard decoder and encoder, whatever the document."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import long_json

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@pytest.fixture(autouse=True)
def everything_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_json, "_LONG", 0)
    monkeypatch.setattr(long_json, "_MANY", 0)


@given(values, st.sampled_from([None, 1]))
def test_pieces_are_read_like_the_whole(value: object, indent: int | None) -> None:
    written = json.dumps(value, indent=indent)
    assert long_json.loads(written) == value
    assert long_json.loads(written.encode()) == value


@given(values)
def test_pieces_are_written_like_the_whole(value: object) -> None:
    assert long_json.dumps(value) == json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@pytest.mark.parametrize(
    "text",
    ["", "[1 2]", "[1,", "[1,]", '{"a" 1}', "{1:2}", '{"a":1,}', '{"a":', "[1] 2", '[{"a":tru}]'],
)
def test_what_is_no_json_is_refused_like_the_whole(text: str) -> None:
    with pytest.raises(json.JSONDecodeError):
        json.loads(text)
    with pytest.raises(json.JSONDecodeError):
        long_json.loads(text)
