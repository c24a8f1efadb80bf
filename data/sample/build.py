"""Make the sample dataset from a folder of facts: `python -m data.sample.build FOLDER`.

The same facts give the same bytes. What the rules cannot decide stands in the tables `joins.csv`,
`sums.csv`, `repeats.csv` and `corrections.csv` beside this module, each row with its reason.
"""

import argparse
import json
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from data.sample.calls import CALL_COLUMNS, make_calls
from data.sample.goods import (
    LINK_COLUMNS,
    OFFER_COLUMNS,
    REQUEST_COLUMNS,
    make_links,
    make_offers,
    make_requests,
)
from data.sample.investors import INVESTOR_COLUMNS, Sources, make_investors
from data.sample.joining import Corrections, corrections_of, join_interests, split_aliases
from data.sample.tables import Row, listed, read_rows, write_rows

HERE = Path(__file__).parent
DEAL_COLUMNS = (
    "investor_id",
    "call_id",
    "date",
    "stage",
    "source_url",
    "origin",
    "deal_id",
    "investor_as_written",
    "cluster",
)


def make_deals(
    market: Sequence[Row], details: Sequence[Row], clusters: Sequence[Row], mended: Corrections
) -> list[Row]:
    """Return the dated deals, with the investor's name as written and the near-duplicate cluster.

    A call of the market is named after its deal: "c" and the deal's id.
    """
    written = {row["deal_id"]: row["investor"] for row in details}
    cluster_of = {row["deal_id"]: row["cluster"] for row in clusters}
    deals: list[Row] = []
    for row in market:
        deal_id = row["call_id"].removeprefix("c")
        if (row["investor_id"], deal_id) in mended.not_deal:
            continue
        extra = {
            "origin": "market/deals.csv",
            "deal_id": deal_id,
            "investor_as_written": written[deal_id],
            "cluster": cluster_of.get(deal_id, ""),
        }
        deals.append({**row, **extra})
    return deals


def first_urls(details: Sequence[Row], mended: Corrections) -> dict[str, str]:
    """Return each party's first deal's address, dated deals before undated ones."""
    urls: dict[str, str] = {}
    for row in sorted(details, key=lambda row: not row["year"]):
        for party in listed(row["party_ids"]):
            if (party, row["deal_id"]) not in mended.not_deal:
                urls.setdefault(party, row["source_url"])
    return urls


def build(facts: Path, tables: Path = HERE) -> dict[str, str]:
    """Return the text of each file of the sample by its name.

    `facts` is the folder of the Vietnamese facts, `tables` the one that holds the decisions.
    Raises FileNotFoundError when a file of facts is missing, ValueError when a table names an id
    that does not exist or a name fits several parties.
    """
    mended = corrections_of(read_rows(tables / "corrections.csv"))
    parties = read_rows(facts / "parties.csv")
    interests = read_rows(facts / "investors.csv")
    details = read_rows(facts / "deals.csv")
    sources = Sources(
        profiles={row["party_id"]: row for row in read_rows(facts / "profiles.csv")},
        deal_urls=first_urls(details, mended),
        aliases=split_aliases(parties, mended),
        sums={row["interest_id"]: row for row in read_rows(tables / "sums.csv")},
        kinds={row["investor_id"]: row["kind"] for row in read_rows(tables / "groups.csv")},
    )
    decided = {row["interest_id"]: row["joined_to"] for row in read_rows(tables / "joins.csv")}
    joins = join_interests(interests, parties, sources.aliases, decided)
    past = read_rows(facts / "market" / "calls.csv")
    clusters = read_rows(facts / "deals_near_dups.csv")
    deals = make_deals(read_rows(facts / "market" / "deals.csv"), details, clusters, mended)
    repeats = {row["call_id"]: row["same_as"] for row in read_rows(tables / "repeats.csv")}
    calls = make_calls(read_rows(facts / "project_calls.csv"), past, repeats)
    return {
        "investors.csv": write_rows(
            INVESTOR_COLUMNS, make_investors(parties, interests, joins, sources)
        ),
        "calls.csv": write_rows(CALL_COLUMNS, calls),
        "deals.csv": write_rows(DEAL_COLUMNS, deals),
        "programmes.json": tidy_json(facts / "programmes.json"),
        **build_goods(facts),
    }


def build_goods(facts: Path) -> dict[str, str]:
    """Return the text of each file on goods by its name."""
    offers = make_offers(read_rows(facts / "supply_offers.csv"))
    requests = make_requests(read_rows(facts / "demand_requests.csv"))
    links = make_links(read_rows(facts / "supply_links.csv"))
    return {
        "offers.csv": write_rows(OFFER_COLUMNS, offers),
        "requests.csv": write_rows(REQUEST_COLUMNS, requests),
        "links.csv": write_rows(LINK_COLUMNS, links),
    }


def tidy_json(path: Path) -> str:
    """Return the file's JSON indented, in NFC, with its keys in the order they stand."""
    value = json.loads(path.read_text(encoding="utf-8"))
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return unicodedata.normalize("NFC", text) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the files of the sample; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m data.sample.build", description=__doc__)
    parser.add_argument("facts", type=Path, help="folder of the Vietnamese facts")
    parser.add_argument("--out", type=Path, default=HERE, help="where the files go")
    chosen = parser.parse_args(arguments)
    try:
        files = build(chosen.facts)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    chosen.out.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (chosen.out / name).write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
