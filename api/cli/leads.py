"""`ketnoi leads`: the pipeline at a glance. `ketnoi contacts`: a person's data, out or erased."""

import json
import sys
from dataclasses import asdict
from typing import Annotated, Any

import typer

from api.cli.accounts import database, say

_Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
_Email = Annotated[str, typer.Option(help="The person's e-mail address.")]
_Phone = Annotated[str, typer.Option(help="The person's telephone number.")]
leads_group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
contacts_group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(leads_group, name="leads", help="The pipeline of leads.")
    app.add_typer(contacts_group, name="contacts", help="Personal data: export, erase, expire.")


@leads_group.command("list")
def list_leads(
    stage: Annotated[str | None, typer.Option(help="Only those at this stage.")] = None,
    call: Annotated[str | None, typer.Option(help="Only those of this call.")] = None,
    as_json: _Json = False,
) -> None:
    """List leads, oldest first."""
    from data import leads  # noqa: PLC0415 -- slow import

    wanted = leads.LeadFilter(stage=stage, call_id=call)  # type: ignore[arg-type]
    with database(writing=False) as connection:
        found = leads.leads(connection, wanted=wanted)
    if as_json:
        _json([asdict(each) for each in found])
        return
    for each in found:
        due = f"  → {each.next_action} {each.next_action_on or ''}" if each.next_action else ""
        typer.echo(f"{each.lead_id}  {each.stage:12} {each.call_id} · {each.investor_id}{due}")


@leads_group.command("show")
def show_lead(
    lead_id: Annotated[str, typer.Argument(help="The lead's id.")], as_json: _Json = False
) -> None:
    """Show a lead with its whole history."""
    from data import leads  # noqa: PLC0415 -- slow import

    with database(writing=False) as connection:
        found = leads.lead(connection, lead_id)
        events = leads.history(connection, lead_id)
    if as_json:
        _json(asdict(found) | {"history": [asdict(event) for event in events]})
        return
    typer.echo(f"{found.call_id} · {found.investor_id}: {found.stage} {found.reason}".rstrip())
    for event in events:
        changed = "; ".join(
            f"{name}: {was!r} → {now!r}" for name, (was, now) in event.changes.items()
        )
        typer.echo(f"  {event.at[:16]}  {event.stage:12} {changed}")


@leads_group.command("stages")
def show_stages(as_json: _Json = False) -> None:
    """Tell how many leads stand at each stage."""
    from data import leads  # noqa: PLC0415 -- slow import

    with database(writing=False) as connection:
        counts = leads.stage_counts(connection)
    if as_json:
        _json(counts)
        return
    for stage, count in counts.items():
        typer.echo(f"{stage:12} {count}")


@contacts_group.command("export")
def export_person(email: _Email = "", phone: _Phone = "") -> None:
    """Print everything kept of a person as JSON; the export is noted in the access log."""
    from data import contacts  # noqa: PLC0415 -- slow import
    from data.store import MACHINE  # noqa: PLC0415 -- slow import

    with database() as connection:
        _json(contacts.export_person(connection, by=MACHINE, email=email, phone=phone))


@contacts_group.command("erase")
def erase_person(
    email: _Email = "",
    phone: _Phone = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase everything kept of a person; only that it was done stays, in the access log."""
    from data import contacts  # noqa: PLC0415 -- slow import
    from data.store import MACHINE  # noqa: PLC0415 -- slow import

    if not yes:
        question = say("Xóa mọi dữ liệu của người này?", "Erase everything kept of this person?")
        typer.confirm(question, abort=True)
    with database() as connection:
        count = contacts.erase_person(connection, by=MACHINE, email=email, phone=phone)
    typer.echo(say(f"Đã xóa {count} liên hệ.", f"{count} contacts erased."))


@contacts_group.command("expire")
def expire() -> None:
    """Erase the contacts whose last day has passed, as the worker does every hour."""
    from data import contacts  # noqa: PLC0415 -- slow import

    with database() as connection:
        count = contacts.expire_contacts(connection)
    typer.echo(say(f"Đã xóa {count} liên hệ quá hạn.", f"{count} contacts erased."))


def _json(document: Any) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
