"""`ketnoi programmes`: what cooperation programmes agreed, what is done, what came of it."""

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from data.records import Programme

_LABELS = {
    "period": ("thời gian", "period"),
    "kind": ("loại", "kind"),
    "planned": ("kế hoạch", "planned"),
    "done": ("đã thực hiện", "done"),
    "carried_over": ("chuyển tiếp", "carried over"),
    "remaining": ("còn lại", "remaining"),
    "as_of": ("tính đến", "as of"),
    "province": ("tỉnh", "province"),
    "what": ("nội dung", "what"),
    "count": ("số lượng", "count"),
    "capital": ("vốn", "capital"),
    "priority_sectors": ("lĩnh vực ưu tiên", "priority sectors"),
    "name_vi": ("tên", "name"),
    "text_vi": ("nội dung", "text"),
    "year": ("năm", "year"),
    "note": ("ghi chú", "note"),
    "signed_at": ("nơi ký", "signed at"),
    "field_groups": ("số nhóm lĩnh vực", "groups of fields"),
    "activities": ("Hoạt động", "Activities"),
    "events": ("Sự kiện", "Events"),
    "results": ("Kết quả", "Results"),
    "priorities": ("Ưu tiên", "Priorities"),
    "weaknesses": ("Hạn chế", "Weaknesses"),
}
"""Names of a programme's facts, in Vietnamese and English; others are shown as they are."""

_KINDS = {
    "bilateral": ("song phương", "bilateral"),
    "regional event": ("sự kiện vùng", "regional event"),
    "supply-demand": ("kết nối cung – cầu", "supply–demand"),
    "tourism": ("du lịch", "tourism"),
}
_FIRST = ("activities", "events", "results", "priorities", "weaknesses")


def register(app: typer.Typer) -> None:
    app.command("programmes")(programmes)


def programmes(
    programme_id: Annotated[str, typer.Argument(help="One programme's id; all without.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Show the cooperation programmes: partners, fields, planned and done, results."""
    from api.settings import load_settings  # noqa: PLC0415 -- with the database
    from data import queries  # noqa: PLC0415 -- slow import
    from data.session import open_engine, read  # noqa: PLC0415 -- slow import

    with read(open_engine(load_settings().database_url)) as connection:
        if programme_id:
            shown = [queries.programme(connection, programme_id)]
        else:
            shown = queries.programmes(connection)
    documents = [programme_document(one) for one in shown]
    if as_json:
        found: Any = documents[0] if programme_id else {"programmes": documents}
        sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
        return
    for document in documents:
        typer.echo("\n".join(_whole(document) if programme_id else _brief(document)))
    if not documents:
        typer.echo("Chưa có chương trình nào: ketnoi import programmes FILE / no programme yet.")


def programme_document(one: "Programme") -> dict[str, Any]:
    """Return a programme as JSON: places with their codes, totals of activities, all facts."""
    return {
        "programme_id": one.programme_id,
        "name_vi": one.name_vi,
        "period": one.period,
        "signed_on": one.signed_on.text if one.signed_on else None,
        "partners": [_place(place) for place in one.partners],
        "counterparts": [_place(place) for place in one.counterparts],
        "fields": list(one.fields),
        "sectors": list(one.sectors),
        "totals": _totals(one.facts.get("activities")),
        "source": one.source,
        **{name: one.facts.get(name, []) for name in ("activities", "results")},
        "facts": {k: v for k, v in one.facts.items() if k not in ("activities", "results")},
    }


def _place(place: Any) -> dict[str, str]:
    return {
        "code": place.code,
        "name": place.name,
        "old_name": place.old_name,
        "as_written": place.as_written,
    }


def _totals(rows: object) -> dict[str, int | None]:
    """Planned and done over the activities that state both; None where none does.

    Others cannot be set against each other: what is not told is not zero.
    """
    listed = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    both = [
        (row["planned"], row["done"])
        for row in listed
        if isinstance(row.get("planned"), int) and isinstance(row.get("done"), int)
    ]
    return {
        "planned": sum(planned for planned, _ in both) if both else None,
        "done": sum(done for _, done in both) if both else None,
    }


def _brief(document: dict[str, Any]) -> list[str]:
    totals = document["totals"]
    others = _names(document["counterparts"])
    planned, done = (_number(totals[name]) for name in ("planned", "done"))
    return [
        f"{document['programme_id']}  {document['name_vi']}",
        f"    {_names(document['partners'])}{f' ↔ {others}' if others else ''}; "
        f"{document['period'] or '–'}",
        f"    đã thực hiện {done} trên {planned} hoạt động có cả hai số / "
        f"{done} done of {planned} planned, where both are told",
    ]


def _whole(document: dict[str, Any]) -> list[str]:
    out = [f"{document['programme_id']}  {document['name_vi']}"]
    out.append(f"Các bên / partners: {_names(document['partners'])}")
    if document["counterparts"]:
        out.append(f"Với / with: {_names(document['counterparts'])}")
    out.append(f"Ký / signed: {document['signed_on'] or '–'}; thời gian / period: "
               f"{document['period'] or '–'}")  # fmt: skip
    out.append("Lĩnh vực / fields: " + "; ".join(document["fields"]))
    facts = {**document["facts"], **{k: document[k] for k in ("activities", "results")}}
    for name in (*_FIRST, *(key for key in facts if key not in _FIRST)):
        out += _fact(name, facts.get(name))
    out.append(f"Nguồn / source: {document['source'] or '–'}")
    return out


def _fact(name: str, value: object) -> list[str]:
    if value in (None, [], "", {}):
        return []
    label = " / ".join(_LABELS.get(name, (name,)))
    if not isinstance(value, list):
        return [f"{label}: {_said(value)}"]
    return [f"{label}:", *(f"  - {_said(row)}" for row in value)]


def _said(value: object) -> str:
    """One fact in a line; numbers that were not published stay open as "?"."""
    if isinstance(value, dict):
        parts = (f"{' / '.join(_LABELS.get(k, (k,)))}: {_said(v)}" for k, v in value.items())
        return "; ".join(parts)
    if isinstance(value, list):
        return ", ".join(_said(part) for part in value)
    if isinstance(value, str) and value in _KINDS:
        return " / ".join(_KINDS[value])
    return "?" if value is None else str(value)


def _number(value: int | None) -> str:
    return "?" if value is None else str(value)


def _names(places: list[dict[str, str]]) -> str:
    return ", ".join(
        f"{one['old_name']} (nay {one['name']})"
        if one["old_name"] and one["old_name"] != one["name"]
        else one["name"] or one["as_written"]
        for one in places
    )
