"""`ketnoi drafts` and `ketnoi history`: imports that wait, and what calls said before."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.language import language
from api.cli.person import person
from api.cli.review import Words
from api.settings import load_settings

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from data.drafts import Draft

_Id = Annotated[str, typer.Argument(help="The draft's id.")]
_Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
group = typer.Typer(invoke_without_command=True, rich_markup_mode=None)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(group, name="drafts", help="Imports that wait for a person's word.")
    app.command("history")(history_command)


@group.callback()
def list_command(
    context: typer.Context,
    every: Annotated[
        bool, typer.Option("--all", help="Also those confirmed or discarded.")
    ] = False,
    as_json: _Json = False,
) -> None:
    """List the drafts that wait, or go on with one of them."""
    if context.invoked_subcommand is not None:
        return
    from data import drafts  # noqa: PLC0415 -- slow import

    with _database(writing=False) as connection:
        found = drafts.list_drafts(connection, status=None if every else "draft")
    if as_json:
        _print_json([each.as_json() for each in found])
        return
    words = Words(language())
    for each in found:
        _line(_summary(each, words))
    if not found:
        _line(words.say("Không có bản nháp nào đang chờ.", "No draft is waiting."))


@group.command("show")
def show_command(draft_id: _Id, as_json: _Json = False) -> None:
    """Show a draft: what it would change, its questions, what is gone."""
    from data import drafts  # noqa: PLC0415 -- slow import
    from data.importers.review.diff import review  # noqa: PLC0415 -- slow import

    with _database(writing=False) as connection:
        draft = drafts.get_draft(connection, draft_id)
        found = review(connection, draft.content) if draft.content else None
    document = draft.as_json(found)
    if as_json:
        _print_json(document)
        return
    words = Words(language())
    _line(_summary(draft, words))
    for line in _parts(document, words):
        _line(line)
    if draft.status == "draft":
        for line in words.next_steps(draft_id):
            _line(line)


@group.command("answer")
def answer_command(
    draft_id: _Id,
    question: Annotated[str, typer.Argument(help="Its number; 3.2 for the second row of 3.")],
    answer: Annotated[
        str,
        typer.Argument(
            help="A candidate or its letter, a value, ok (as read), none (leave empty)."
        ),
    ],
) -> None:
    """Answer one of a draft's questions."""
    from data import drafts  # noqa: PLC0415 -- slow import

    with _database(writing=True) as connection:
        draft = drafts.answer(connection, draft_id, question, answer)
    words = Words(language())
    left = draft.summary["questions"]
    noun = "question is" if left == 1 else "questions are"
    _line(
        words.say(
            f"Đã ghi. Còn {left} câu hỏi. Xác nhận: ketnoi drafts confirm {draft_id}",
            f"Noted. {left} {noun} left. To take it over: ketnoi drafts confirm {draft_id}",
        )
    )


@group.command("confirm")
def confirm_command(
    draft_id: _Id,
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="Close the calls that the list has no more.")
    ] = False,
    as_json: _Json = False,
) -> None:
    """Take a draft over; questions still open are taken as read."""
    from data import drafts  # noqa: PLC0415 -- slow import

    words = Words(language())
    try:
        with _database(writing=True) as connection:
            draft = drafts.get_draft(connection, draft_id)
            done = drafts.confirm(connection, draft_id, by=person(), withdraw=withdraw)
    except drafts.DraftStale:
        _show_new_differences(draft_id, words)
        raise
    changes = done.changes
    counts = {"new": changes.new, "changed": changes.changed, "same": changes.same}
    if as_json:
        _print_json({"draft_id": draft_id, "counts": counts, "withdrawn": list(done.withdrawn)})
        return
    _line(words.counts(draft.file_name, draft.kind, len(changes.statuses), counts))
    if done.withdrawn:
        number = len(done.withdrawn)
        _line(
            words.say(
                f"Đã đóng {number} dự án.",
                f"{number} {'call was' if number == 1 else 'calls were'} closed.",
            )
        )
    left = draft.summary["questions"]
    if left:
        noun = "question" if left == 1 else "questions"
        _line(words.say(f"{left} câu hỏi nhận như đã đọc.", f"{left} {noun} taken as read."))


@group.command("discard")
def discard_command(draft_id: _Id) -> None:
    """Give a draft up."""
    from data import drafts  # noqa: PLC0415 -- slow import

    with _database(writing=True) as connection:
        drafts.discard(connection, draft_id)
    words = Words(language())
    _line(words.say(f"Đã bỏ bản nháp {draft_id}.", f"Draft {draft_id} was discarded."))


def history_command(
    call_id: Annotated[str, typer.Argument(help="The call's id.")], as_json: _Json = False
) -> None:
    """Show what a call said before: when, by whom, from which file, old and new values."""
    from dataclasses import asdict  # noqa: PLC0415 -- here alone

    from data.history import call_history  # noqa: PLC0415 -- slow import

    with _database(writing=False) as connection:
        found = call_history(connection, call_id)
    if as_json:
        _print_json([asdict(each) for each in found])
        return
    from data.importers.review.fields import shown  # noqa: PLC0415 -- slow import

    words = Words(language())
    actions = {"new": "mới", "changed": "thay đổi", "withdrawn": "rút lại"}
    for each in found:
        action = words.say(actions[each.action], each.action)
        who = f", {each.changed_by}" if each.changed_by else ""
        _line(f"{each.changed_at}{who}, {each.file_name}: {action}")
        for name, (old, new) in each.changes.items():
            _line(f"  {words.field(name)}: {shown(old)} → {shown(new)}")
    if not found:
        _line(words.say("Chưa có thay đổi nào được ghi.", "No change was noted yet."))


def _show_new_differences(draft_id: str, words: Words) -> None:
    from data import drafts  # noqa: PLC0415 -- slow import
    from data.importers.review.diff import review  # noqa: PLC0415 -- slow import

    with _database(writing=True) as connection:
        draft = drafts.refresh(connection, draft_id)
        found = review(connection, draft.content) if draft.content else None
    for line in words.differences(draft.as_json(found)["rows"]):
        sys.stderr.write(f"{line}\n")


def _parts(document: dict[str, Any], words: Words) -> Iterator[str]:
    yield from words.remarks(document["remarks"])
    yield from words.new_rows(document["rows"])
    yield from words.differences(document["rows"])
    yield from words.gone(document["gone"], withdrawn=False)
    yield from words.skipped(document["skipped"])
    yield from words.totals(document["totals"])
    yield from words.emptied(document["emptied"])
    yield from words.questions(document["questions"])


def _summary(draft: "Draft", words: Words) -> str:
    counts = words.counts(draft.file_name, draft.kind, draft.summary["rows"], draft.summary)
    asked = draft.summary["questions"]
    status = {"draft": "đang chờ", "confirmed": "đã nhập", "discarded": "đã bỏ"}[draft.status]
    state = words.say(status, {"draft": "waiting"}.get(draft.status, draft.status))
    noun = "question" if asked == 1 else "questions"
    open_ = words.say(f"{asked} câu hỏi", f"{asked} {noun}") if asked else ""
    return " ".join(
        part
        for part in (draft.draft_id, draft.created_at[:16], f"({state})", counts, open_)
        if part
    )


@contextmanager
def _database(*, writing: bool) -> Iterator["Connection"]:
    from data.session import open_engine, read, write  # noqa: PLC0415 -- slow import

    engine = open_engine(load_settings().database_url)
    try:
        with (write if writing else read)(engine) as connection:
            yield connection
    finally:
        engine.dispose()


def _print_json(document: object) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")


def _line(text: str) -> None:
    sys.stdout.write(f"{text}\n")
