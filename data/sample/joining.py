"""Which stated interests are whose: names compared by their core, doubts settled by a table."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data.reference.spelling import fold
from data.sample.tables import Row, listed

_LEGAL = (
    "tap doan group corporation corp co ltd limited jsc ctcp cong ty cp tnhh mtv tong holdings "
    "holding company inc plc public vietnam viet nam the"
)
_LEGAL_WORDS = frozenset(_LEGAL.split())
_BRACKETS = re.compile(r"\([^)]*\)")
_WORDS = re.compile(r"[a-z0-9&]+")
_VENTURE = re.compile(r" / |^Liên (?:danh|doanh)\b")


class JoinError(ValueError):
    """A stated interest that the rules cannot give to one party; `joins.csv` must decide."""


@dataclass(frozen=True, slots=True)
class Corrections:
    """What the sources mix up, each pair with its reason in `corrections.csv`."""

    not_alias: frozenset[tuple[str, str]] = frozenset()
    not_deal: frozenset[tuple[str, str]] = frozenset()
    joint_name: frozenset[tuple[str, str]] = frozenset()


def corrections_of(rows: Sequence[Row]) -> Corrections:
    """Return the corrections as sets of (party id, value)."""
    kinds = {
        kind: frozenset((row["party_id"], row["value"]) for row in rows if row["kind"] == kind)
        for kind in ("not_alias", "not_deal", "joint_name")
    }
    return Corrections(**kinds)


def core_name(name: str) -> str:
    """Return the words that tell a company from others: folded, no brackets, no legal form."""
    words = _WORDS.findall(fold(_BRACKETS.sub(" ", name)).replace("co phan", ""))
    return " ".join(word for word in words if word not in _LEGAL_WORDS)


def split_aliases(
    parties: Sequence[Row], corrections: Corrections
) -> dict[str, tuple[list[str], list[str]]]:
    """Return for each party id its own aliases and the names of ventures it was seen in.

    A venture's name holds " / ", begins with "Liên danh", is an alias of two parties, or is
    listed as one in the corrections; searching for it must not find one partner alone.
    """
    owners: dict[str, set[str]] = {}
    for party in parties:
        for alias in listed(party["aliases"]):
            owners.setdefault(alias, set()).add(party["party_id"])
    found: dict[str, tuple[list[str], list[str]]] = {}
    for party in parties:
        party_id = party["party_id"]
        own, joint = found.setdefault(party_id, ([], []))
        for alias in listed(party["aliases"]):
            if (party_id, alias) in corrections.not_alias:
                continue
            venture = (party_id, alias) in corrections.joint_name or _VENTURE.search(alias)
            # Once a mixed-up alias is taken from one party, the other's is its own.
            sharers = {
                owner for owner in owners[alias] if (owner, alias) not in corrections.not_alias
            }
            (joint if venture or len(sharers) > 1 else own).append(alias)
    return found


def join_interests(
    interests: Sequence[Row],
    parties: Sequence[Row],
    aliases: Mapping[str, tuple[list[str], list[str]]],
    decided: Mapping[str, str],
) -> dict[str, list[str]]:
    """Return for each interest's id the ids of the parties or the interest that it belongs to.

    An empty list: it becomes an investor of its own. `decided` (interest id → ids separated by
    "|", or empty) goes before the rules. Raises JoinError when a name fits several parties.
    """
    known: dict[str, set[str]] = {}
    for party in parties:
        for name in (party["name"], *aliases[party["party_id"]][0]):
            known.setdefault(core_name(name), set()).add(party["party_id"])
    joins = {}
    for interest in interests:
        interest_id = interest["investor_id"]
        if interest_id in decided:
            joins[interest_id] = listed(decided[interest_id])
            continue
        fitting = sorted(known.get(core_name(interest["name"]), ()))
        if len(fitting) > 1:
            raise JoinError(
                f"{interest_id} {interest['name']!r} fits the parties {', '.join(fitting)}; "
                "decide in joins.csv which of them it is, or leave joined_to empty for none."
            )
        joins[interest_id] = fitting
    return joins
