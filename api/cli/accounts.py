"""`ketnoi accounts`: organisations, people and API keys, to begin with and to put things right."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.language import language
from api.settings import load_settings

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

_Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
_Organisation = Annotated[str, typer.Argument(help="The organisation's id or name.")]
group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(group, name="accounts", help="Organisations, people and API keys.")


@group.command("organisations")
def list_organisations(as_json: _Json = False) -> None:
    """List the organisations."""
    from data import accounts  # noqa: PLC0415 -- slow import

    with database(writing=False) as connection:
        found = accounts.organisations(connection)
    _print(
        [_plain(each) for each in found],
        as_json,
        lambda each: (
            f"{each['organisation_id']}  {each['kind']:10} {each['name']}"
            + (say("  (tạm khóa)", "  (disabled)") if each["disabled_at"] else "")
        ),
    )


@group.command("add-organisation")
def add_organisation(
    kind: Annotated[str, typer.Argument(help="platform, centre, business or organiser.")],
    name: Annotated[str, typer.Argument(help="The organisation's name.")],
    province: Annotated[
        list[str] | None, typer.Option(help="A province of a centre, by any spelling; repeatable.")
    ] = None,
    investor: Annotated[str | None, typer.Option(help="Investor id of a business.")] = None,
    as_json: _Json = False,
) -> None:
    """Add an organisation and print its id."""
    from data import accounts  # noqa: PLC0415 -- slow import

    codes = [_province(text) for text in province or []]
    new = accounts.NewOrganisation(kind, name, codes, investor)  # type: ignore[arg-type]
    with database() as connection:
        made = accounts.create_organisation(connection, new)
    _print([_plain(made)], as_json, lambda each: str(each["organisation_id"]), single=True)


@group.command("users")
def list_users(organisation: _Organisation, as_json: _Json = False) -> None:
    """List the people of an organisation."""
    from data import accounts  # noqa: PLC0415 -- slow import

    with database(writing=False) as connection:
        tenant = _find(connection, organisation)
        found = accounts.users(connection, organisation_id=tenant)
    _print(
        [_plain(each) for each in found],
        as_json,
        lambda each: (
            f"{each['user_id']}  {each['role']:13} {each['email']}  {each['name']}"
            + (say("  (tạm khóa)", "  (disabled)") if each["disabled_at"] else "")
        ),
    )


@group.command("add-user")
def add_user(
    organisation: _Organisation,
    email: Annotated[str, typer.Argument(help="Address to sign in with.")],
    name: Annotated[str, typer.Option(help="The person's name.")],
    role: Annotated[
        str, typer.Option(help="administrator, staff, organiser, business or reader.")
    ] = "staff",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
    as_json: _Json = False,
) -> None:
    """Add a person; the password is asked for, or read from standard input."""
    from data import accounts, keys  # noqa: PLC0415 -- slow import

    hashed = keys.hash_password(_password(password_stdin))
    with database() as connection:
        tenant = _find(connection, organisation)
        new = accounts.NewUser(tenant, email, name, role, password_hash=hashed)  # type: ignore[arg-type]
        made = accounts.create_user(connection, new)
    _print([_plain(made)], as_json, lambda each: str(each["user_id"]), single=True)


@group.command("set-password")
def set_password(
    email: Annotated[str, typer.Argument(help="The person's address.")],
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
) -> None:
    """Give a person a new password; all that was signed in ends, a lock too."""
    from data import keys  # noqa: PLC0415 -- slow import

    hashed = keys.hash_password(_password(password_stdin))
    with database() as connection:
        keys.set_password(connection, _user(connection, email), hashed)
    typer.echo(say(f"{email}: đã đổi mật khẩu.", f"{email}: the password is changed."))


@group.command("stop-codes")
def stop_codes(email: Annotated[str, typer.Argument(help="The person's address.")]) -> None:
    """Let a person who lost their authenticator sign in without a code."""
    from data import signing_in  # noqa: PLC0415 -- slow import

    with database() as connection:
        signing_in.stop_totp(connection, _user(connection, email))
    typer.echo(say(f"{email}: không còn hỏi mã.", f"{email}: no code is asked for any more."))


@group.command("disable-user")
def disable_user(email: Annotated[str, typer.Argument(help="The person's address.")]) -> None:
    """Let a person no longer sign in."""
    from data import accounts  # noqa: PLC0415 -- slow import

    with database() as connection:
        accounts.disable_user(connection, _user(connection, email))
    typer.echo(say(f"{email}: đã khóa.", f"{email}: disabled."))


@group.command("erase-user")
def erase_user(
    email: Annotated[str, typer.Argument(help="The person's address.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase name, address and password of a person; only an id stays, in histories."""
    from data import accounts  # noqa: PLC0415 -- slow import

    if not yes:
        typer.confirm(say(f"Xóa tài khoản {email}?", f"Erase the account {email}?"), abort=True)
    with database() as connection:
        accounts.erase_user(connection, _user(connection, email))
    typer.echo(say("Đã xóa.", "Erased."))


@group.command("keys")
def list_keys(organisation: _Organisation, as_json: _Json = False) -> None:
    """List an organisation's API keys, without their secrets."""
    from data import keys  # noqa: PLC0415 -- slow import

    with database(writing=False) as connection:
        found = keys.keys(connection, organisation_id=_find(connection, organisation))
    _print(
        [_plain(each) for each in found],
        as_json,
        lambda each: (
            f"{each['key_id']}  ktn_{each['prefix']}_…  {each['role']:13} "
            f"{each['expires_at'][:10]}  {each['name']}"
            + (say("  (đã thu hồi)", "  (revoked)") if each["revoked_at"] else "")
        ),
    )


@group.command("add-key")
def add_key(
    organisation: _Organisation,
    name: Annotated[str, typer.Argument(help="What the key is for.")],
    role: Annotated[str, typer.Option(help="As for people.")] = "reader",
    scope: Annotated[
        list[str] | None, typer.Option(help="Such as calls:read; repeatable. Default: all.")
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="Days until it runs out.")] = 90,
    as_json: _Json = False,
) -> None:
    """Make an API key and print it: this is the only time it is shown."""
    from data import keys  # noqa: PLC0415 -- slow import

    with database() as connection:
        tenant = _find(connection, organisation)
        new = keys.NewKey(tenant, name, role, scope or ["*"], timedelta(days=days))  # type: ignore[arg-type]
        made, whole = keys.create_key(connection, new)
    _print([_plain(made) | {"key": whole}], as_json, lambda each: str(each["key"]), single=True)


@group.command("revoke-key")
def revoke_key(key_id: Annotated[str, typer.Argument(help="The key's id.")]) -> None:
    """End an API key at once."""
    from data import keys  # noqa: PLC0415 -- slow import

    with database() as connection:
        made = keys.revoke_key(connection, key_id)
    typer.echo(say(f"Đã thu hồi khóa {made.name}.", f"The key {made.name} is revoked."))


@contextmanager
def database(*, writing: bool = True) -> "Iterator[Connection]":
    """Give a connection to the database of the settings."""
    from data.session import open_engine, read, write  # noqa: PLC0415 -- slow import

    engine: Engine = open_engine(load_settings().database_url)
    with (write if writing else read)(engine) as connection:
        yield connection
    engine.dispose()


def _find(connection: "Connection", wanted: str) -> str:
    """The id of the organisation with that id, or the only one with that name."""
    from data import accounts  # noqa: PLC0415 -- slow import
    from data.reference.spelling import fold  # noqa: PLC0415 -- slow import
    from data.store import not_found  # noqa: PLC0415 -- slow import

    found = accounts.organisations(connection)
    named = [each.organisation_id for each in found if each.organisation_id == wanted] or [
        each.organisation_id for each in found if fold(each.name) == fold(wanted)
    ]
    if len(named) != 1:
        raise not_found("organisation", "organisation (or no single one)", "tổ chức", wanted)
    return named[0]


def _user(connection: "Connection", email: str) -> str:
    from data import store  # noqa: PLC0415 -- slow import

    found = store.rows(connection, "user_account", {"email": email.strip().lower()})
    if not found:
        raise store.not_found("user", "user", "người dùng", email)
    return str(found[0]["user_id"])


def _province(text: str) -> str:
    from data.errors import KetnoiError  # noqa: PLC0415 -- slow import
    from data.reference.provinces import (  # noqa: PLC0415 -- slow import
        nearest,
        provinces,
        resolve_province,
    )

    if text in provinces():
        return text
    found = resolve_province(text)
    if found is None:
        near = ", ".join(nearest(text))
        raise KetnoiError(
            "organisation.province",
            f"{text!r} is no province. Did you mean {near}?",
            f"{text!r} không phải tỉnh, thành phố. Có phải là {near}?",
        )
    return found.code


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt(say("Mật khẩu", "Password"), hide_input=True, confirmation_prompt=True))


def _plain(record: Any) -> dict[str, Any]:
    from dataclasses import asdict  # noqa: PLC0415 -- only here

    return asdict(record)


def _print(found: list[dict[str, Any]], as_json: bool, line: Any, *, single: bool = False) -> None:
    if as_json:
        document: Any = found[0] if single else found
        sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
        return
    for each in found:
        typer.echo(line(each))


def say(vi: str, en: str) -> str:
    """Return the text in the language of the commands."""
    return vi if language() == "vi" else en
