"""Read investors that were merged as one: whose row is kept, and what the others add to it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, text

from data.identity import MERGED_IDS
from data.records import ActivityCorrection, Deal, Investor, Place


def kept_ids(connection: Connection) -> dict[str, str]:
    """Return for each id that is merged away now the id that stands for it, chains followed."""
    found = connection.execute(text("SELECT merged, kept FROM party_merge WHERE split_at IS NULL"))
    direct = {str(merged): str(kept) for merged, kept in found}
    return {merged: _end(direct, merged) for merged in direct}


def _end(direct: Mapping[str, str], party_id: str) -> str:
    seen = set()
    while party_id in direct and party_id not in seen:
        seen.add(party_id)
        party_id = direct[party_id]
    return party_id


def members(kept: Mapping[str, str], party_id: str) -> list[str]:
    """Return the id that stands for a party, then the ids merged into it in order."""
    root = kept.get(party_id, party_id)
    return [root, *sorted(merged for merged, end in kept.items() if end == root)]


def merge_investors(records: Sequence[Investor], kept: Mapping[str, str]) -> list[Investor]:
    """Return the records with merged ones joined into those that stand for them, order kept."""
    if not kept:
        return list(records)
    joining: dict[str, list[Investor]] = defaultdict(list)
    for record in records:
        if record.investor_id in kept:
            joining[kept[record.investor_id]].append(record)
    standing = (record for record in records if record.investor_id not in kept)
    return [combined(record, joining.get(record.investor_id, ())) for record in standing]


def merge_deals(records: Sequence[Deal], kept: Mapping[str, str]) -> list[Deal]:
    """Return the deals under the ids that stand; the same fact told twice counts once."""
    if not kept:
        return list(records)
    found: dict[tuple[str, str, str, str], Deal] = {}
    # Deals of the ids that stand come first: their sources and notes go before.
    for deal in sorted(records, key=lambda one: one.investor_id in kept):
        owner = kept.get(deal.investor_id, deal.investor_id)
        key = (owner, deal.call_id, deal.date.text, deal.stage)
        found.setdefault(key, replace(deal, investor_id=owner))
    return [found[key] for key in sorted(found)]


def merge_corrections(
    records: Sequence[ActivityCorrection], kept: Mapping[str, str]
) -> list[ActivityCorrection]:
    """Return the corrections under the ids that stand; what was said of those goes before."""
    if not kept:
        return list(records)
    found: dict[tuple[str, str, str], ActivityCorrection] = {}
    for one in sorted(records, key=lambda each: each.party_id in kept):
        party = kept.get(one.party_id, one.party_id) if one.kind == "investor" else one.party_id
        found.setdefault((one.kind, party, one.activity_id), replace(one, party_id=party))
    return [found[key] for key in sorted(found)]


def combined(standing: Investor, others: Sequence[Investor]) -> Investor:
    """Return the record that stands with what the merged ones add.

    Lists are united; a text or a sum that is empty takes the first of the others'. All names of
    the others become aliases.
    """
    if not others:
        return standing
    every = (standing, *others)
    names = (name for one in every for name in (one.name, *one.aliases))
    notes: dict[str, str] = {}
    for one in reversed(every):
        notes |= {name: value for name, value in one.notes.items() if value}
    notes[MERGED_IDS] = "|".join(one.investor_id for one in others)
    known = [one.capital for one in every if (one.capital.vnd.low, one.capital.vnd.high) != _NONE]
    return replace(
        standing,
        aliases=tuple(name for name in dict.fromkeys(names) if name != standing.name),
        country=_first(one.country for one in every),
        home_province=next((o.home_province for o in every if o.home_province.code), _NO_PLACE)
        if not standing.home_province.as_written
        else standing.home_province,
        description=_first(one.description for one in every),
        sectors=_united(one.sectors for one in every),
        sectors_as_written=_first(one.sectors_as_written for one in every),
        activities=_united(one.activities for one in every),
        provinces_wanted=tuple(
            {(p.code, p.old_name): p for o in reversed(every) for p in o.provinces_wanted}.values()
        ),
        capital=known[0] if known else standing.capital,
        languages=_united(one.languages for one in every),
        website=_first(one.website for one in every),
        source_url=_first(one.source_url for one in every),
        notes=notes,
    )


_NONE = (None, None)
_NO_PLACE = Place()


def _first(values: Iterable[str]) -> str:
    return next((value for value in values if value), "")


def _united(lists: Iterable[Sequence[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for values in lists for value in values))
