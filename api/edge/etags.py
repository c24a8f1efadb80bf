"""Entity tags: what a client read, named, so that nobody overwrites what they have not seen."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from typing import Any

from data.store import StaleVersion


def version_tag(version: int) -> str:
    """The tag of a row that counts its versions.

    >>> version_tag(3)
    '"3"'
    """
    return f'"{version}"'


def version_of(tag: str) -> int:
    """The version that a tag names; -1, which no row has, for a tag of another making."""
    return int(tag) if tag.isascii() and tag.isdigit() and len(tag) < 10 else -1


def content_tag(record: object) -> str:
    """The tag of a record without a version: a hash of its content."""
    content = asdict(record) if is_dataclass(record) and not isinstance(record, type) else record
    text = json.dumps(content, sort_keys=True, default=_plain)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def check_tag(given: str, current: str) -> None:
    """Refuse a change that is based on something else than the current content.

    Raises:
        StaleVersion: ``version.stale``.
    """
    if given != current.strip('"'):
        raise StaleVersion(
            "version.stale",
            "Somebody changed it since it was read. Read it again, then change.",
            "Có người đã sửa sau lần đọc này. Hãy đọc lại rồi sửa.",
        )


def _plain(value: object) -> Any:
    return dict(value) if isinstance(value, Mapping) else str(value)
