"""What people decided and what came of it, as dated signals that training may learn from.

Made from the ledger's decisions, which come from the pipeline of leads: clicks and views are not
recorded. Organisations' decisions are used, persons are not (`docs/privacy.md`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from data.identity.merged import kept_ids
from data.ledger import all_decisions, shown_pairs

VALUES: Mapping[str, float] = {
    "shortlisted": 0.3,
    "contacted": 0.3,
    "interested": 0.5,
    "met": 0.6,
    "site_visit": 0.7,
    "mou": 0.9,
    "certificate": 1.0,
    "operating": 1.0,
    "dismissed": -0.6,
}
"""How much a stage says for (or against) a pair. Set by judgement: a signed paper says more than a
talk, and to dismiss a pair often has reasons that lie outside of it."""
Pair = tuple[str, str]  # call id, investor id


@dataclass(frozen=True, slots=True)
class Signal:
    """One organisation's word on one pair as it last stood, and since when.

    `value` lies in -1…1; `beside` are the pairs that the same list put forward and on which nothing
    was decided.
    """

    call_id: str
    investor_id: str
    day: date
    value: float
    stage: str
    beside: tuple[Pair, ...] = ()


def signals(connection: Connection) -> list[Signal]:
    """Return a signal for each pair that an organisation decided on, by date, call and investor.

    The last word counts: a pair dismissed after a meeting is dismissed; one that was taken back to
    the long list says nothing.
    """
    kept = kept_ids(connection)  # of investors that were merged since
    shown: dict[str, tuple[Pair, ...]] = {}
    last: dict[tuple[str, str, str], Mapping[str, object]] = {}
    decided: dict[str, set[Pair]] = defaultdict(set)
    for row in all_decisions(connection):
        call_id, asked = str(row["call_id"]), str(row["investor_id"])
        investor_id = kept.get(asked, asked)
        organisation = str(row["organisation_id"] or "")
        last[organisation, call_id, investor_id] = row
        decided[organisation].add((call_id, investor_id))
        slate_id = str(row["slate_id"] or "")
        if slate_id and slate_id not in shown:
            shown[slate_id] = tuple(
                (call, kept.get(investor, investor))
                for call, investor in shown_pairs(connection, slate_id, asked)
            )
    found = [
        _signal(row, key[2], _undecided(shown.get(str(row["slate_id"] or ""), ()), decided[key[0]]))
        for key, row in last.items()
        if row["stage"] in VALUES
    ]
    return sorted(found, key=lambda each: (each.day, each.call_id, each.investor_id))


def _undecided(shown: Iterable[Pair], decided: set[Pair]) -> tuple[Pair, ...]:
    return tuple(pair for pair in shown if pair not in decided)


def _signal(row: Mapping[str, object], investor_id: str, beside: Sequence[Pair]) -> Signal:
    stage = str(row["stage"])
    return Signal(
        call_id=str(row["call_id"]),
        investor_id=investor_id,
        day=datetime.fromisoformat(str(row["at"])).date(),
        value=VALUES[stage],
        stage=stage,
        beside=tuple(beside),
    )
