"""Measure the proposals on known aliases, held out by party: `make eval-identity`."""

import argparse
import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from data.identity.proposals import Party, Proposal, propose
from data.identity.rates import probability
from data.reference.csvtable import read_table

FOLDS = 5
_SEPARATOR = "#"


@dataclass(frozen=True)
class Known:
    """Names as parties of their own, and which of them belong together.

    ``group`` tells the group of a name's id, ``main`` the ids that a recall is asked for: pairs
    of a party's own name and one of its aliases.
    """

    parties: tuple[Party, ...]
    group: dict[str, str]
    main: tuple[tuple[str, str], ...]
    relatives: frozenset[str] = frozenset()  # ids of subsidiaries: never the same party

    def together(self, proposal: Proposal) -> bool:
        return self.group[proposal.first] == self.group[proposal.second]

    def one(self, proposal: Proposal) -> bool:
        """Whether a merge would be right."""
        kin = (proposal.first in self.relatives) != (proposal.second in self.relatives)
        return self.together(proposal) and not kin


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of one measurement."""

    automatic: int
    automatic_right: int
    asked: int
    proposed: int
    proposals: int
    proposals_right: int
    brier: float

    def lines(self) -> Iterable[str]:
        yield f"automatic merges: {self.automatic_right} of {self.automatic} right"
        yield f"known aliases proposed: {self.proposed} of {self.asked}"
        yield f"proposals that belong together: {self.proposals_right} of {self.proposals}"
        yield f"Brier score of the probability: {self.brier:.3f}"


def known_aliases(folder: Path, *, corrected: bool, corrections: Path | None = None) -> Known:
    """Return parties.csv with every name a party of its own.

    Aliases that several parties share are ventures' and left out. ``corrected`` joins the rows
    that `label_corrections.csv` names as one party, and drops mixed-up aliases.
    """
    rows = _rows(folder / "parties.csv")
    joins = read_table(__file__, "label_corrections.csv") if corrected else ()
    same = {row["second"]: row["first"] for row in joins}
    wrong = (
        {(row["party_id"], row["value"]) for row in _rows(corrections)} if corrections else set()
    )
    named = {row["party_id"]: _names(row) for row in rows}
    shared = Counter(name for names in named.values() for name in set(names))
    parties, group, main = [], {}, []
    for party_id, names in named.items():
        first = ""
        for number, name in enumerate(names):
            if (party_id, name) in wrong or (number and shared[name] > 1):
                continue
            one = f"{party_id}{_SEPARATOR}{number:02}"
            parties.append(Party(one, (name,)))
            group[one] = same.get(party_id, party_id)
            main += [(first, one)] if first else []
            first = first or one
    return Known(tuple(parties), group, tuple(main))


def other_parties() -> Known:
    """Return the parties of `other_parties.csv`, none of which is in parties.csv."""
    parties, group, main, relatives = [], {}, [], set()
    for row in read_table(__file__, "other_parties.csv"):
        own = [name for name in row["names"].split("|") if name]
        kin = [name for name in row["relatives"].split("|") if name]
        for number, name in enumerate((*own, *kin)):
            one = f"{row['party']}{_SEPARATOR}{number:02}"
            parties.append(Party(one, (name,)))
            group[one] = row["party"]
            if number:
                main.append((f"{row['party']}{_SEPARATOR}00", one))
            if number >= len(own):
                relatives.add(one)
    return Known(tuple(parties), group, tuple(main), frozenset(relatives))


def held_out(known: Known) -> Figures:
    """Measure each fold's parties with the probabilities counted on the others'."""
    parts = [_measure(known, *_fold(known, number)) for number in range(FOLDS)]
    total = sum(part.proposals for part in parts)
    return Figures(
        automatic=sum(part.automatic for part in parts),
        automatic_right=sum(part.automatic_right for part in parts),
        asked=sum(part.asked for part in parts),
        proposed=sum(part.proposed for part in parts),
        proposals=total,
        proposals_right=sum(part.proposals_right for part in parts),
        brier=sum(part.brier * part.proposals for part in parts) / max(total, 1),
    )


def counts(known: Known, parties: Sequence[Party]) -> dict[str, tuple[int, int]]:
    """Count for each rule how many of its proposals among the parties belong together."""
    right: dict[str, int] = defaultdict(int)
    total: dict[str, int] = defaultdict(int)
    for proposal in propose(parties):
        if not proposal.evidence.doubts:
            total[proposal.evidence.code] += 1
            right[proposal.evidence.code] += known.together(proposal)
    return {code: (right[code], total[code]) for code in sorted(total)}


def whole(known: Known) -> Figures:
    """Measure all parties at once, with the probabilities that ship."""
    return _measure(known, known.parties, None)


def _measure(
    known: Known, parties: Sequence[Party], counted: dict[str, tuple[int, int]] | None
) -> Figures:
    found = propose(parties)
    pairs = {frozenset((p.first, p.second)) for p in found}
    ids = {party.party_id for party in parties}
    asked = [pair for pair in known.main if pair[0] in ids]
    automatic = [p for p in found if p.automatic]
    gaps = [(probability(p.evidence, counted) - known.together(p)) ** 2 for p in found]
    return Figures(
        automatic=len(automatic),
        automatic_right=sum(known.one(p) for p in automatic),
        asked=len(asked),
        proposed=sum(frozenset(pair) in pairs for pair in asked),
        proposals=len(found),
        proposals_right=sum(known.together(p) for p in found),
        brier=sum(gaps) / max(len(gaps), 1),
    )


def _fold(known: Known, number: int) -> tuple[list[Party], dict[str, tuple[int, int]]]:
    here = [p for p in known.parties if _fold_of(known.group[p.party_id]) == number]
    there = [p for p in known.parties if _fold_of(known.group[p.party_id]) != number]
    return here, counts(known, there)


def _fold_of(group: str) -> int:
    return int(sha256(group.encode()).hexdigest(), 16) % FOLDS


def _names(row: dict[str, str]) -> list[str]:
    return list(dict.fromkeys(part for part in (row["name"], *row["aliases"].split("|")) if part))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures of docs/parties.md; with --write, count the rules' rates anew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="folder of parties.csv")
    parser.add_argument("--write", action="store_true", help="write rates.csv")
    chosen = parser.parse_args(arguments)
    mixed_up = Path(__file__).parents[1] / "sample" / "corrections.csv"
    corrected = known_aliases(chosen.folder, corrected=True, corrections=mixed_up)
    for title, figures in (
        ("parties.csv, held out by party, as labelled",
         held_out(known_aliases(chosen.folder, corrected=False))),
        ("the same, labels corrected by reading", held_out(corrected)),
        ("all of parties.csv at once, corrected", whole(corrected)),
        ("other parties, in other scripts too, with relatives", whole(other_parties())),
    ):  # fmt: skip
        sys.stdout.write(f"{title}\n" + "".join(f"  {line}\n" for line in figures.lines()))
    if chosen.write:
        found = counts(corrected, corrected.parties)
        lines = [f"{code},{right},{total}\n" for code, (right, total) in found.items()]
        target = Path(__file__).with_name("rates.csv")
        target.write_text("code,same,total\n" + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
