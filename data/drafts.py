"""Drafts of imports: kept until a person has looked at them; nothing of them is in the tables yet.

All functions take a connection: those that change something one of `data.session.write`. The
command line and the web service stand on the same functions. `owner` is an organisation's id; a
draft of another one is not found. None, the command line's owner, finds all.
"""

import hashlib
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import JSON, Connection, text

from data.errors import KetnoiError, NotFound
from data.history import Origin, now, table_of
from data.importers.parse import ImportRequest, NameColumns, Progress, parse_file
from data.importers.parsed import Parsed
from data.importers.review.answers import answer_item, meant
from data.importers.review.content import Content, Question, content_of
from data.importers.review.diff import Review, review
from data.importers.review.matching import gone, identify
from data.importers.review.questions import number_questions, settle_by_confidence
from data.importers.review.references import check_references
from data.importers.review.shown import content_json
from data.importers.review.taking_over import Confirmed, take_over, wait_for_turn

__all__ = [
    "Confirmed",
    "Draft",
    "DraftStale",
    "answer",
    "confirm",
    "create_draft",
    "discard",
    "get_draft",
    "list_drafts",
    "prepare",
    "refresh",
    "store_draft",
    "take_over",
]

_COLUMNS = (
    "draft_id, owner, kind, file_name, sha256, created_at, created_by, status, version, summary"
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft; `content` is None where only its summary was asked for.

    `summary` counts rows, new, changed, same, gone and open questions as they were when the draft
    was last changed. `version` grows with each change: pass it to be told of someone else's.
    """

    draft_id: str
    owner: str | None
    kind: str
    file_name: str
    sha256: str
    created_at: str
    created_by: str
    status: str  # draft | confirmed | discarded
    version: int
    summary: Mapping[str, int]
    content: Content | None = None

    def as_json(self, found: Review | None = None) -> dict[str, Any]:
        """Return the draft as `ketnoi drafts show --json` and the web service give it."""
        shown: dict[str, Any] = {
            "draft_id": self.draft_id,
            "owner": self.owner,
            "kind": self.kind,
            "file": self.file_name,
            "sha256": self.sha256,
            "created_at": self.created_at,
            "created_by": self.created_by,
            "status": self.status,
            "version": self.version,
            "summary": dict(self.summary),
        }
        if self.content is not None:
            shown |= content_json(self.content, found)
        return shown


class DraftStale(KetnoiError):
    """Rows that a draft would touch were changed by someone else since it was last shown."""

    def __init__(self, draft_id: str, ids: Sequence[str]) -> None:
        self.draft_id, self.ids = draft_id, tuple(ids)
        listed = ", ".join(ids[:5]) + (f" … ({len(ids)})" if len(ids) > 5 else "")
        super().__init__(
            "draft.stale",
            f"Changed by someone else since the draft was shown: {listed}. Nothing was taken over. "
            f"See the new differences with `ketnoi drafts show {draft_id}`, then confirm again.",
            f"Đã có người khác sửa từ lúc xem bản nháp: {listed}. Chưa có gì được nhập. "
            f"Hãy xem lại khác biệt bằng `ketnoi drafts show {draft_id}` rồi xác nhận lại.",
        )


def prepare(
    connection: Connection, request: ImportRequest, parsed: Parsed, sha256: str
) -> tuple[Content, Review]:
    """Compare what was read with the database: identity, differences, what is gone, questions."""
    content = content_of(request.kind, parsed)
    if request.accept_below is not None:
        settle_by_confidence(content, request.accept_below)
    identify(content, connection)
    content.gone = gone(content, connection, sha256)
    number_questions(content)
    found = review(connection, content)
    content.base = found.stored
    return content, found


def create_draft(
    connection: Connection,
    request: ImportRequest,
    data: bytes,
    *,
    progress: Progress | None = None,
    name_columns: NameColumns | None = None,
) -> str:
    """Read a file's bytes (`request.path` names them) and keep what they say; return the id.

    Raises ImportFailed with every problem when the file cannot be read, KetnoiError for a wrong
    request. A file that was refused leaves nothing behind.
    """
    parsed = parse_file(request, data, progress=progress, name_columns=name_columns)
    check_references(connection, request.kind, request.path.name, parsed.rows)
    sha256 = hashlib.sha256(data).hexdigest()
    content, found = prepare(connection, request, parsed, sha256)
    return store_draft(connection, request, content, found, sha256)


def store_draft(
    connection: Connection, request: ImportRequest, content: Content, found: Review, sha256: str
) -> str:
    """Keep a prepared content as a draft; return its id."""
    draft_id = secrets.token_hex(4)
    row = {
        "draft_id": draft_id,
        "owner": request.owner,
        "kind": request.kind,
        "file_name": request.path.name,
        "sha256": sha256,
        "created_at": now(),
        "created_by": request.by,
        "status": "draft",
        "version": 1,
        "summary": summary_of(content, found),
        "content": content.as_json(),
    }
    connection.execute(table_of("draft").insert(), [row])
    return draft_id


def summary_of(content: Content, found: Review) -> dict[str, int]:
    """Return the numbers that a list of drafts shows."""
    return {
        "rows": len(found.rows),
        "new": found.count("new"),
        "changed": found.count("changed"),
        "same": found.count("same"),
        "gone": len(content.gone),
        "questions": sum(bool(each.open) for each in content.questions),
    }


def get_draft(connection: Connection, draft_id: str, *, owner: str | None = None) -> Draft:
    """Return a draft with its content. Raises NotFound ("draft.not_found")."""
    selected = text(
        f"SELECT {_COLUMNS}, content FROM draft WHERE draft_id = :id"  # noqa: S608 -- fixed names
    ).columns(summary=JSON(), content=JSON())
    row = connection.execute(selected, {"id": draft_id}).mappings().first()
    if row is None or (owner is not None and row["owner"] != owner):
        raise NotFound(
            "draft.not_found",
            f"There is no draft {draft_id!r}. `ketnoi drafts` lists those that wait.",
            f"Không có bản nháp {draft_id!r}. `ketnoi drafts` liệt kê các bản đang chờ.",
        )
    return Draft(**{**row, "content": Content.from_json(row["content"])})


def list_drafts(
    connection: Connection, *, owner: str | None = None, status: str | None = "draft"
) -> list[Draft]:
    """Return drafts without their contents, oldest first; `status` None gives all."""
    where = (
        "(CAST(:owner AS VARCHAR) IS NULL OR owner = :owner) AND "
        "(CAST(:status AS VARCHAR) IS NULL OR status = :status)"
    )
    selected = text(
        f"SELECT {_COLUMNS} FROM draft WHERE {where} "  # noqa: S608 -- fixed names
        "ORDER BY created_at, draft_id"
    ).columns(summary=JSON())
    found = connection.execute(selected, {"owner": owner, "status": status})
    return [Draft(**row) for row in found.mappings()]


def answer(
    connection: Connection,
    draft_id: str,
    question: str,
    given: str,
    *,
    owner: str | None = None,
    version: int | None = None,
) -> Draft:
    """Answer a question ("3": all its rows; "3.2": the second of them) and return the draft.

    `given` is a candidate or its letter (a, b …), a value, "ok" (as read) or "none" (leave empty).
    Raises KetnoiError: "draft.question" for an unknown question, "draft.answer" for an answer that
    does not fit, "draft.closed", "draft.version".
    """
    draft, content = _opened(connection, draft_id, owner, version)
    asked, places = _asked(content, question)
    full = meant(asked, given)
    for place in places:
        answer_item(content, asked, content.items[place], full)
        asked.answers[str(place)] = full
    if asked.field in ("province", "location", "title"):
        identify(content, connection, [content.items[place] for place in places])
        content.gone = gone(content, connection, draft.sha256)
        number_questions(content)
    elif asked.field == "call_id":
        _check_ids(content, asked, full)
        content.gone = gone(content, connection, draft.sha256)
    return _rewrite(connection, draft, content)


def confirm(
    connection: Connection,
    draft_id: str,
    *,
    by: str = "",
    withdraw: bool = False,
    owner: str | None = None,
    version: int | None = None,
) -> Confirmed:
    """Take a draft over, open questions as read; with `withdraw`, close the calls that are gone.

    Raises DraftStale when someone else changed the rows it touches, "draft.closed" when it was
    confirmed or discarded, "draft.version" when it is not the version given.
    """
    wait_for_turn(connection)
    draft, content = _opened(connection, draft_id, owner, version)
    found = review(connection, content)
    stale = [
        " / ".join(each.key)
        for each in found.rows
        if each.status != "same"
        and content.base.get(" / ".join(each.key), "") != found.stored[" / ".join(each.key)]
    ]
    if stale:
        raise DraftStale(draft_id, stale)
    _close(connection, draft, "confirmed")
    origin = Origin(by, draft.file_name, draft.sha256, draft_id)
    return take_over(connection, content, found, origin, withdraw=withdraw)


def refresh(connection: Connection, draft_id: str, *, owner: str | None = None) -> Draft:
    """Compare a draft with the database anew, after DraftStale; return it as it is then."""
    draft, content = _opened(connection, draft_id, owner, None)
    content.gone = gone(content, connection, draft.sha256)
    content.base = review(connection, content).stored
    return _rewrite(connection, draft, content)


def discard(
    connection: Connection,
    draft_id: str,
    *,
    owner: str | None = None,
    version: int | None = None,
) -> None:
    """Give a draft up; it stays listed as discarded. Raises as `confirm` does."""
    draft, _ = _opened(connection, draft_id, owner, version)
    _close(connection, draft, "discarded")


def _opened(
    connection: Connection, draft_id: str, owner: str | None, version: int | None
) -> tuple[Draft, Content]:
    draft = get_draft(connection, draft_id, owner=owner)
    if draft.status != "draft" or draft.content is None:
        was, was_vi = {
            "confirmed": ("confirmed", "đã được xác nhận"),
            "discarded": ("discarded", "đã bị bỏ"),
        }[draft.status]
        raise KetnoiError(
            "draft.closed",
            f"The draft {draft_id} was {was} already. Import the file again to make a new one.",
            f"Bản nháp {draft_id} {was_vi}. Hãy nhập lại tệp để tạo bản nháp mới.",
        )
    if version is not None and version != draft.version:
        raise _changed(draft)
    return draft, draft.content


def _changed(draft: Draft) -> KetnoiError:
    return KetnoiError(
        "draft.version",
        f"Someone else has changed the draft {draft.draft_id} meanwhile. Look at it again.",
        f"Có người khác vừa sửa bản nháp {draft.draft_id}. Hãy xem lại bản nháp.",
    )


def _asked(content: Content, question: str) -> tuple[Question, list[int]]:
    number, _, part = question.strip().partition(".")
    found = next((each for each in content.questions if str(each.number) == number), None)
    places = found.items if found is not None else []
    if found is not None and part:
        wanted = int(part) if part.isascii() and part.isdigit() else 0
        places = places[wanted - 1 : wanted] if wanted else []
    if found is None or not places:
        count = len(content.questions)
        raise KetnoiError(
            "draft.question",
            f"There is no question {question!r}; the draft has {count}. "
            "Write a number such as 2, or 2.1 for the first of its rows.",
            f"Không có câu hỏi {question!r}; bản nháp có {count} câu. "
            "Hãy ghi số như 2, hoặc 2.1 cho dòng đầu của câu đó.",
        )
    return found, places


def _check_ids(content: Content, asked: Question, given: str) -> None:
    """Refuse an answer by which two rows would be one call."""
    ids = Counter(content.key(item) for item in content.kept)
    twice = next((" / ".join(key) for key, count in ids.items() if count > 1), "")
    if twice:
        raise KetnoiError(
            "draft.answer",
            f"Question {asked.number}: by {given!r} two rows would be the call {twice}. "
            "Answer for one of them, or correct the file.",
            f"Câu hỏi {asked.number}: với {given!r}, hai dòng sẽ cùng là dự án {twice}. "
            "Hãy trả lời cho một dòng, hoặc sửa tệp.",
        )


def _rewrite(connection: Connection, draft: Draft, content: Content) -> Draft:
    found = review(connection, content)
    for key, digest in found.stored.items():
        content.base.setdefault(key, digest)
    summary = summary_of(content, found)
    values = {"summary": summary, "content": content.as_json(), "version": draft.version + 1}
    _update(connection, draft, values)
    return replace(draft, version=draft.version + 1, summary=summary, content=content)


def _close(connection: Connection, draft: Draft, status: str) -> None:
    _update(connection, draft, {"status": status, "version": draft.version + 1})


def _update(connection: Connection, draft: Draft, values: Mapping[str, Any]) -> None:
    target = table_of("draft")
    done = connection.execute(
        target.update()
        .where(target.c.draft_id == draft.draft_id)
        .where(target.c.version == draft.version)
        .where(target.c.status == "draft")
        .values(**values)
    )
    if done.rowcount != 1:
        raise _changed(draft)
