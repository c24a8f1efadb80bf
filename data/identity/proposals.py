"""Propose which parties are one, which are relatives, each with reasons and a probability."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations, product

from data.identity.compare import Evidence, Relation, compare_names
from data.identity.names import PartyName, parse_name
from data.identity.rates import probability
from data.identity.sounds import skeleton
from data.records import Investor
from data.reference.spelling import compact, fold

AUTOMATIC = frozenset({"tax_code", "name", "script", "known_name", "stated_acronym"})
"""Rules that merge by themselves where nothing speaks against it."""

_TAX_NAMES = frozenset(
    compact(name)
    for name in ("tax_code", "tax id", "mst", "mã số thuế", "mã số doanh nghiệp", "msdn",
                 "business code", "enterprise code", "registration number", "mã số dn")
)  # fmt: skip
_TAX = re.compile(r"(\d{10})(?:\s*-?\s*(\d{3}))?\b")
_COMMONEST = 60  # parties that may share a key before it tells nothing
_ORDER = {Relation.SAME: 2, Relation.RELATED: 1, Relation.VENTURE: 0}


@dataclass(frozen=True)
class Party:
    """What is compared of an investor."""

    party_id: str
    names: tuple[str, ...]
    countries: frozenset[str] = frozenset()
    home: str = ""
    tax_codes: frozenset[str] = frozenset()  # 10 digits, or 10-3 for a branch

    @cached_property
    def parsed(self) -> tuple[PartyName, ...]:
        return tuple(dict.fromkeys(parse_name(name) for name in self.names if name.strip()))


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two parties that may belong together. ``automatic``: a rule may merge them by itself."""

    first: str
    second: str
    relation: Relation
    probability: float
    automatic: bool
    evidence: Evidence
    names: tuple[str, str]


def party_of(investor: Investor) -> Party:
    """Return what is compared of an investor's record; tax codes come from its notes."""
    parts = re.split(r"[/;|]", investor.country)
    return Party(
        investor.investor_id,
        (investor.name, *investor.aliases),
        frozenset(fold(part) for part in parts if part.strip()),
        investor.home_province.code,
        frozenset(_tax_codes(investor.notes)),
    )


def propose(parties: Sequence[Party], *, apart: Iterable[tuple[str, str]] = ()) -> list[Proposal]:
    """Return all proposals, surest first. Pairs in ``apart`` were told apart by a person."""
    told_apart = {frozenset(pair) for pair in apart}
    by_id = {party.party_id: party for party in parties}
    found = []
    for one, two in sorted(_candidates(parties)):
        if frozenset((one, two)) not in told_apart:
            proposal = compare_parties(by_id[one], by_id[two])
            if proposal is not None:
                found.append(proposal)
    settled = _unambiguous(found)
    return sorted(settled, key=lambda p: (-p.automatic, -p.probability, p.first, p.second))


def compare_parties(first: Party, second: Party) -> Proposal | None:
    """Compare two parties by all their names and codes; None when nothing joins them."""
    best: tuple[tuple[float, ...], Evidence, tuple[str, str]] | None = None
    common = first.tax_codes & second.tax_codes
    if common:
        evidence = Evidence("tax_code", Relation.SAME, min(common))
        best = ((9.0,), evidence, (first.names[0], second.names[0]))
    for one, two in product(first.parsed, second.parsed):
        evidence_or_none = None if common else compare_names(one, two)
        if evidence_or_none is None:
            continue
        evidence = _with_doubts(evidence_or_none, (first, second), (one, two))
        sure = float(evidence.code in AUTOMATIC and not evidence.doubts)
        rank = (sure, float(_ORDER[evidence.relation]), probability(evidence))
        if best is None or rank > best[0]:
            best = (rank, evidence, (one.text, two.text))
    if best is None:
        return None
    _, evidence, names = best
    return Proposal(
        first.party_id,
        second.party_id,
        evidence.relation,
        probability(evidence),
        evidence.code in AUTOMATIC and not evidence.doubts,
        evidence,
        names,
    )


def _with_doubts(
    evidence: Evidence, parties: tuple[Party, Party], names: tuple[PartyName, PartyName]
) -> Evidence:
    """Add what the parties' other facts say against the evidence of their names."""
    first, second = parties
    doubts = list(evidence.doubts)
    if first.tax_codes and second.tax_codes:
        same_firm = {code[:10] for code in first.tax_codes} & {c[:10] for c in second.tax_codes}
        doubts.append("branch" if same_firm else "tax_codes_differ")
    if first.countries and second.countries and not first.countries & second.countries:
        doubts.append("countries_differ")
    if any(name.weak for name in names) and first.home and second.home:
        doubts += ["homes_differ"] if first.home != second.home else []
    if all(name.text not in (first.names[0], second.names[0]) for name in names):
        doubts.append("aliases_only")
    relation = evidence.relation
    if relation is Relation.RELATED and min(names, key=lambda name: len(name.core)).weak:
        doubts.append("common_name")
    if relation is Relation.SAME and "tax_codes_differ" in doubts:
        relation = Relation.RELATED
    return replace(evidence, relation=relation, doubts=tuple(doubts))


def _unambiguous(found: Sequence[Proposal]) -> list[Proposal]:
    """Take the automatic mark from merges that would pull unlike parties together.

    "Hung Thinh" may be "Hưng Thịnh" or "Hùng Thịnh": with both about, a person must say.
    """
    same = {frozenset((p.first, p.second)) for p in found if p.relation is Relation.SAME}
    group: dict[str, str] = {}

    def root(party: str) -> str:
        while group.get(party, party) != party:
            party = group[party]
        return party

    for proposal in found:
        if proposal.automatic:
            group[root(proposal.first)] = root(proposal.second)
    members: dict[str, set[str]] = defaultdict(set)
    for proposal in found:
        if proposal.automatic:
            members[root(proposal.first)] |= {proposal.first, proposal.second}
    torn = {
        name
        for name, ids in members.items()
        if any(frozenset(pair) not in same for pair in combinations(sorted(ids), 2))
    }
    return [
        _doubted(p) if p.automatic and p.evidence.code != "tax_code" and root(p.first) in torn
        else p
        for p in found
    ]  # fmt: skip


def _doubted(proposal: Proposal) -> Proposal:
    evidence = replace(proposal.evidence, doubts=(*proposal.evidence.doubts, "ambiguous"))
    return replace(proposal, automatic=False, evidence=evidence, probability=probability(evidence))


def _candidates(parties: Sequence[Party]) -> set[tuple[str, str]]:
    """Return the pairs worth comparing: those that share a key which not too many have."""
    owners: dict[str, set[str]] = defaultdict(set)
    for party in parties:
        for code in party.tax_codes:
            owners[f"tax {code[:10]}"].add(party.party_id)
        for name in party.parsed:
            for key in _keys(name):
                owners[key].add(party.party_id)
    pairs: set[tuple[str, str]] = set()
    for key, ids in owners.items():
        if len(ids) <= _COMMONEST or key.startswith(("core ", "tax ")):
            pairs.update(combinations(sorted(ids)[: 8 * _COMMONEST], 2))
    return pairs


def _keys(name: PartyName) -> Iterator[str]:
    for each in (*name.partners, *name.inside, *name.joined):
        yield from _keys(each)
    if name.partners or not name.core:
        return
    word = name.compact
    yield f"core {word}"
    yield f"core {name.whole}"
    yield from (f"first {name.core[0]}", f"two {''.join(name.core[:2])}")
    yield from (f"first {part}" for part in name.core[1:] if len(part) > 3)
    if name.plain:
        yield from (f"plain {one} {two}" for one, two in combinations(sorted(name.core)[:5], 2))
    if len(word) > 7:
        yield from (f"begin {word[:5]}", f"end {word[-5:]}")
    if len(name.core) == 1 and 2 < len(word) < 6:
        yield f"letters {word}"
    initials = {"".join(part[0] for part in name.core), name.initials, name.letters}
    yield from (f"letters {letters}" for letters in initials if len(letters) > 2)
    sound = skeleton(word)
    if len(sound) > 2:
        yield f"sound {sound}"


def _tax_codes(notes: Mapping[str, str]) -> Iterator[str]:
    for name, value in notes.items():
        if compact(name) in _TAX_NAMES:
            for digits, branch in _TAX.findall(str(value).replace(" ", "").replace(".", "")):
                yield f"{digits}-{branch}" if branch else digits
