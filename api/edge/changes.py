"""What a PATCH gives: the fields that were sent, where null clears only what may be empty."""

from collections.abc import Collection
from typing import Any

from pydantic import BaseModel


def given(change: BaseModel, *, clearable: Collection[str] = ()) -> dict[str, Any]:
    """The fields sent, by name; null counts for ``clearable`` ones alone.

    >>> class Change(BaseModel):
    ...     name: str | None = None
    ...     owner: str | None = None
    >>> given(Change(name=None, owner=None), clearable=["owner"])
    {'owner': None}
    """
    sent = change.model_dump(exclude_unset=True)
    return {name: value for name, value in sent.items() if value is not None or name in clearable}
