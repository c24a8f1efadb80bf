"""Write and read which investors are one party: proposals, merges, splits, pairs told apart.

A merge is a row and nothing else: both investors stay as imported, reads show them as one, and a
split makes everything as it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, text

from data import queries
from data.commands import advance_version
from data.errors import KetnoiError
from data.identity.merged import kept_ids, members
from data.identity.proposals import Proposal, party_of, propose
from data.identity.wording import reason

PERSON = "person"
"""The rule of a merge that a person decided."""


@dataclass(frozen=True, slots=True)
class Merge:
    """One merge as the database keeps it. ``split_at`` is empty while it stands."""

    merge_id: int
    kept: str
    merged: str
    rule: str
    reason: str
    merged_by: str
    merged_at: str
    split_by: str = ""
    split_at: str = ""


def proposals(connection: Connection) -> list[Proposal]:
    """Return which of the investors may be one or relatives, surest first.

    What is merged already is compared as one; pairs that a person told apart are left out.
    """
    parties = [party_of(investor) for investor in queries.investors(connection)]
    return propose(parties, apart=told_apart(connection))


def merge(
    connection: Connection, kept: str, merged: str, *, by: str, rule: str = PERSON, why: str = ""
) -> Merge:
    """Merge two investors: the first stands for both from now on.

    Ids that are merged away already mean the investors that stand for them. Raises NotFound, or
    KetnoiError ("party.same") when they are one already.
    """
    standing = kept_ids(connection)
    for party_id in (kept, merged):
        queries.investor(connection, party_id)
    first, second = standing.get(kept, kept), standing.get(merged, merged)
    if first == second:
        raise KetnoiError(
            "party.same",
            f"{kept!r} and {merged!r} are one party already. "
            f"See it with: ketnoi parties show {first}",
            f"{kept!r} và {merged!r} đã là một bên. Xem bằng: ketnoi parties show {first}",
        )
    row = {
        "kept": first,
        "merged": second,
        "rule": rule,
        "reason": why,
        "merged_by": by,
        "merged_at": _now(),
    }
    columns, values = ", ".join(row), ", ".join(f":{name}" for name in row)
    connection.execute(
        text(f"INSERT INTO party_merge ({columns}) VALUES ({values})"),  # noqa: S608 -- fixed names
        row,
    )
    low, high = sorted((kept, merged))
    connection.execute(
        text("DELETE FROM party_apart WHERE first = :low AND second = :high"),
        {"low": low, "high": high},
    )
    advance_version(connection, "party_merge", [["merge", first, second]])
    return next(one for one in _standing(connection) if one.merged == second)


def merge_automatic(connection: Connection) -> list[Merge]:
    """Merge what a rule of high precision finds to be one; return the merges made.

    The investor with more deals is kept, then the one with a description, then the first id.
    """
    done: list[Merge] = []
    weight = _weights(connection)
    for proposal in proposals(connection):
        if not proposal.automatic:
            continue
        standing = kept_ids(connection)
        pair = {standing.get(one, one) for one in (proposal.first, proposal.second)}
        if len(pair) < 2:
            continue  # an earlier merge has joined them already
        best, other = sorted(pair, key=lambda one: (weight.get(one, (0, 0)), one))
        why = reason(proposal, "en")
        done.append(merge(connection, best, other, by="rule", rule=proposal.evidence.code, why=why))
    return done


def split(connection: Connection, first: str, second: str, *, by: str) -> Merge:
    """Undo the merge that joined two investors; nothing is lost, later merges stay.

    Of several merges between them the latest is undone. They are told apart from then on. Raises
    NotFound, or KetnoiError ("party.apart") when they are not one.
    """
    for party_id in (first, second):
        queries.investor(connection, party_id)
    path = _path(_standing(connection), first, second)
    if not path:
        raise KetnoiError(
            "party.apart",
            f"{first!r} and {second!r} are not merged: there is nothing to split. "
            f"See what is merged with: ketnoi parties show {first}",
            f"{first!r} và {second!r} không được gộp nên không có gì để tách. "
            f"Xem bằng: ketnoi parties show {first}",
        )
    undone = max(path, key=lambda one: one.merge_id)
    connection.execute(
        text("UPDATE party_merge SET split_at = :at, split_by = :by WHERE merge_id = :id"),
        {"at": _now(), "by": by, "id": undone.merge_id},
    )
    advance_version(connection, "party_merge", [["split", undone.kept, undone.merged]])
    keep_apart(connection, first, second, by=by, why=f"split of merge {undone.merge_id}")
    return undone


def keep_apart(connection: Connection, first: str, second: str, *, by: str, why: str = "") -> None:
    """Remember that two investors are not one: they are not proposed again.

    Raises NotFound, or KetnoiError ("party.merged") while they are merged.
    """
    for party_id in (first, second):
        queries.investor(connection, party_id)
    standing = kept_ids(connection)
    if standing.get(first, first) == standing.get(second, second):
        raise KetnoiError(
            "party.merged",
            f"{first!r} and {second!r} are merged. Split them: "
            f"ketnoi parties split {first} {second}",
            f"{first!r} và {second!r} đang được gộp. Hãy tách: "
            f"ketnoi parties split {first} {second}",
        )
    low, high = sorted((first, second))
    row = {"first": low, "second": high, "reason": why, "said_by": by, "said_at": _now()}
    connection.execute(
        text("DELETE FROM party_apart WHERE first = :first AND second = :second"), row
    )
    connection.execute(
        text(
            "INSERT INTO party_apart (first, second, reason, said_by, said_at) "
            "VALUES (:first, :second, :reason, :said_by, :said_at)"
        ),
        row,
    )


def told_apart(connection: Connection) -> list[tuple[str, str]]:
    """Return the pairs that a person told apart, as the ids that stand for them now."""
    standing = kept_ids(connection)
    found = connection.execute(text("SELECT first, second FROM party_apart ORDER BY first, second"))
    pairs = ((standing.get(one, one), standing.get(two, two)) for one, two in found)
    return [(one, two) for one, two in pairs if one != two]


def history(connection: Connection, party_id: str) -> list[Merge]:
    """Return all merges, standing and split, that touch a party or what is merged with it."""
    ids = set(members(kept_ids(connection), party_id)) | {party_id}
    return [one for one in _merges(connection) if {one.kept, one.merged} & ids]


def _standing(connection: Connection) -> list[Merge]:
    return [one for one in _merges(connection) if not one.split_at]


def _merges(connection: Connection) -> list[Merge]:
    found = connection.execute(
        text(
            "SELECT merge_id, kept, merged, rule, reason, merged_by, merged_at, "
            "COALESCE(split_by, ''), COALESCE(split_at, '') FROM party_merge ORDER BY merge_id"
        )
    )
    return [Merge(*row) for row in found]


def _path(merges: Sequence[Merge], first: str, second: str) -> list[Merge]:
    """Return the merges that lie between two parties in the forest of merges, [] if none do."""
    above = {one.merged: one for one in merges}

    def up(party_id: str) -> list[Merge]:
        steps = []
        while party_id in above:
            steps.append(above[party_id])
            party_id = steps[-1].kept
        return steps

    one, two = up(first), up(second)
    ends = [steps[-1].kept if steps else party for steps, party in ((one, first), (two, second))]
    if ends[0] != ends[1]:
        return []
    return [step for step in (*one, *two) if (step in one) != (step in two)]


def _weights(connection: Connection) -> dict[str, tuple[int, int]]:
    """Return for each investor what decides who is kept, best lowest."""
    found = connection.execute(
        text(
            "SELECT i.investor_id, COUNT(d.call_id), MAX(LENGTH(i.description)) FROM investor i "
            "LEFT JOIN deal d ON d.investor_id = i.investor_id GROUP BY i.investor_id"
        )
    )
    return {str(one): (-int(deals), -int(bool(length))) for one, deals, length in found}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
