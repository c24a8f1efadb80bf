"""JSON read and written in pieces where it is long, so that other threads run in between.

The standard decoder and encoder hold the interpreter for one whole document: a draft of 10,000
rows kept every other request of the service waiting for most of a second.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

_LONG = 100_000  # characters (or parts of a container) from which pieces are worth it
_MANY = 200
_DEPTH = 2  # containers within containers that are taken apart: the rows of a document
_decode = json.JSONDecoder().raw_decode
_SPACE = re.compile(r"[ \t\n\r]*")


def loads(text: str | bytes) -> Any:
    """Read a JSON document; PostgreSQL's driver hands over bytes, in UTF-8.

    Raises:
        json.JSONDecodeError: it is none.
    """
    if isinstance(text, bytes):
        text = text.decode()
    if len(text) < _LONG:
        return json.loads(text)
    value, end = _value(text, _skip(text, 0), _DEPTH)
    if _skip(text, end) != len(text):
        raise json.JSONDecodeError("Extra data", text, end)
    return value


def dumps(value: object) -> str:
    """Write a value as compact JSON, letters as they are."""
    return "".join(_written(value, _DEPTH))


def _value(text: str, at: int, depth: int) -> tuple[Any, int]:
    opening = text[at : at + 1]
    if depth and opening == "[":
        return _array(text, at + 1, depth)
    if depth and opening == "{":
        return _object(text, at + 1, depth)
    return _decode(text, at)


def _array(text: str, at: int, depth: int) -> tuple[list[Any], int]:
    out: list[Any] = []
    at = _skip(text, at)
    if text[at : at + 1] == "]":
        return out, at + 1
    while True:
        value, at = _value(text, at, depth - 1)
        out.append(value)
        at = _skip(text, at)
        if text[at : at + 1] == "]":
            return out, at + 1
        at = _skip(text, _after(text, at, ","))


def _object(text: str, at: int, depth: int) -> tuple[dict[str, Any], int]:
    out: dict[str, Any] = {}
    at = _skip(text, at)
    if text[at : at + 1] == "}":
        return out, at + 1
    while True:
        if text[at : at + 1] != '"':
            raise json.JSONDecodeError("Expecting property name", text, at)
        name, at = _decode(text, at)
        at = _skip(text, _after(text, _skip(text, at), ":"))
        out[name], at = _value(text, at, depth - 1)
        at = _skip(text, at)
        if text[at : at + 1] == "}":
            return out, at + 1
        at = _skip(text, _after(text, at, ","))


def _after(text: str, at: int, sign: str) -> int:
    if text[at : at + 1] != sign:
        raise json.JSONDecodeError(f"Expecting {sign!r}", text, at)
    return at + 1


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _written(value: object, depth: int) -> Iterator[str]:
    if depth and isinstance(value, list) and len(value) > _MANY:
        yield from _joined("[", (_written(one, depth - 1) for one in value), "]")
    elif depth and isinstance(value, dict) and all(isinstance(name, str) for name in value):
        yield from _joined(
            "{",
            ((json.dumps(name, ensure_ascii=False), ":", *_written(one, depth - 1))
             for name, one in value.items()),
            "}",
        )  # fmt: skip
    else:
        yield json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _joined(opening: str, parts: Any, closing: str) -> Iterator[str]:
    yield opening
    for number, part in enumerate(parts):
        if number:
            yield ","
        yield from part
    yield closing
