"""The investors of the sample: parties with their profiles and what they said they want."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from data.reference.provinces import resolve_province
from data.sample.joining import core_name
from data.sample.tables import Row, joined, listed

INVESTOR_COLUMNS = (
    "investor_id",
    "name",
    "aliases",
    "country",
    "home_province",
    "description",
    "sectors",
    "activities",
    "provinces_wanted",
    "capital_min",
    "capital_max",
    "capital_unit",
    "languages",
    "website",
    "source_url",
    "origin",
    "knowledge",
    "kind",
    "country_as_written",
    "headquarters",
    "founded",
    "parent_group",
    "joint_names",
    "looking_for",
    "areas_wanted",
    "size_as_written",
    "interest_ids",
    "interest_names",
    "interest_description",
    "interest_source_url",
)
GENERAL_KNOWLEDGE = "general knowledge"
SOURCED = "sourced"
_GK = "gk"  # how profiles.csv marks general knowledge in place of an address
_COUNTRIES = {
    "Republic of Korea": "South Korea",
    "Hàn Quốc": "South Korea",
    "Việt Nam": "Vietnam",
    "Nhật Bản": "Japan",
    "Đức": "Germany",
    "Trung Quốc": "China",
    "Thái Lan": "Thailand",
    "Hà Lan": "Netherlands",
    "Hồng Công": "Hong Kong",
    "Hong Kong (Trung Quốc)": "Hong Kong",
    "UK": "United Kingdom",
    "USA": "United States",
    "UAE": "United Arab Emirates",
}


@dataclass(frozen=True, slots=True)
class Sources:
    """What an investor's row is made of, by id."""

    profiles: Mapping[str, Row] = field(default_factory=dict)
    deal_urls: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, tuple[list[str], list[str]]] = field(default_factory=dict)
    sums: Mapping[str, Row] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)


def country_name(written: str) -> str:
    """Return the English short names, several joined by "/"; names not in the table stay."""
    parts = [part.strip() for part in written.replace(";", "/").split("/") if part.strip()]
    return "/".join(dict.fromkeys(_COUNTRIES.get(part, part) for part in parts))


def home_province(headquarters: str) -> str:
    """Return the Vietnamese province that a seat such as "Vinh, Nghe An" names, else nothing."""
    place = resolve_province(headquarters.split(",")[-1]) if headquarters else None
    return (place.old_name or place.name) if place else ""


def split_places(interests: Sequence[Row]) -> tuple[list[str], list[str]]:
    """Return provinces and wider areas ("nationwide", "Mekong Delta") wanted, as written, once."""
    provinces: dict[str, str] = {}
    areas: list[str] = []
    for interest in interests:
        for name in listed(interest["provinces_of_interest"], ";"):
            place = resolve_province(name)
            if place is None:
                areas.append(name)
            else:
                provinces.setdefault(place.old_name or place.name, name)
    return list(provinces.values()), areas


def stated(interests: Sequence[Row], sums: Mapping[str, Row]) -> dict[str, str]:
    """Return the columns that come from stated interests, several interests in one row.

    A sum stated for a group of partners together is no partner's own and stays a note.
    """
    if not interests:
        return {}
    provinces, areas = split_places(interests)
    money = [sums[row["investor_id"]] for row in interests if row["investor_id"] in sums]
    if len(money) > 1:
        ids = ", ".join(row["interest_id"] for row in money)
        raise ValueError(f"sums.csv states sums of one investor twice: {ids}; keep one of them.")
    capital = {
        column: row[column]
        for row in money
        for column in ("capital_min", "capital_max", "capital_unit")
    }
    return capital | {
        "provinces_wanted": joined(provinces),
        "areas_wanted": joined(areas),
        "looking_for": joined(row["looking_for"] for row in interests),
        "size_as_written": joined(row["capital_or_size"] for row in interests),
        "interest_ids": joined(row["investor_id"] for row in interests),
        "interest_names": joined(row["name"] for row in interests),
        "interest_source_url": joined(row["source_url"] for row in interests),
    }


def party_row(party: Row, interests: Sequence[Row], sources: Sources) -> dict[str, str]:
    """Return the row of a party: its profile, its aliases, its interests when it stated any."""
    party_id = party["party_id"]
    profile = sources.profiles.get(party_id, {})
    own, joint = sources.aliases[party_id]
    country = profile.get("country") or party["country"] or _first(interests, "country")
    written = joined((party["country"], *(row["country"] for row in interests)))
    known_by = profile.get("source_url", "")
    fields = [part for row in interests for part in listed(row["sectors"], ";")]
    names = {core_name(name) for name in (party["name"], *own)}
    # Names under which an interest was stated find the party, those of ventures do not.
    more = [row["name"] for row in interests if "/" not in row["name"] and " - " not in row["name"]]
    return stated(interests, sources.sums) | {
        "investor_id": party_id,
        "name": party["name"],
        "aliases": joined((*own, *(name for name in more if core_name(name) not in names))),
        "country": country_name(country),
        "home_province": home_province(profile.get("headquarters", "")),
        "description": " ".join(
            filter(None, (profile.get("description_vi"), profile.get("description_en")))
        ),
        "sectors": joined((*listed(profile.get("sectors", "")), *fields)),
        "activities": profile.get("activities", ""),
        "source_url": known_by if known_by not in ("", _GK) else sources.deal_urls[party_id],
        "origin": joined(("parties.csv", *(("profiles.csv",) if profile else ())))
        + ("|investors.csv" if interests else ""),
        "knowledge": GENERAL_KNOWLEDGE if known_by == _GK else SOURCED,
        "country_as_written": written if written != country_name(country) else "",
        "headquarters": profile.get("headquarters", ""),
        "founded": profile.get("founded", ""),
        "parent_group": profile.get("parent_group", ""),
        "joint_names": joined(joint),
        "interest_description": joined(row["description"] for row in interests),
    }


def interest_row(interests: Sequence[Row], sources: Sources) -> dict[str, str]:
    """Return the row of an investor known from stated interests alone, the first one's id kept."""
    main = interests[0]
    country = country_name(main["country"])
    return stated(interests, sources.sums) | {
        "investor_id": main["investor_id"],
        "name": main["name"],
        "aliases": joined(row["name"] for row in interests[1:]),
        "country": country,
        "description": joined(row["description"] for row in interests).replace("|", " "),
        "sectors": joined(part for row in interests for part in listed(row["sectors"], ";")),
        "source_url": main["source_url"],
        "origin": "investors.csv",
        "knowledge": SOURCED,
        "kind": sources.kinds.get(main["investor_id"], ""),
        "country_as_written": main["country"] if main["country"] != country else "",
    }


def _first(rows: Sequence[Row], column: str) -> str:
    return next((row[column] for row in rows if row[column]), "")


def make_investors(
    parties: Sequence[Row],
    interests: Sequence[Row],
    joins: Mapping[str, Sequence[str]],
    sources: Sources,
) -> list[Row]:
    """Return the parties with what joins them, then the investors known from interests alone."""
    by_owner: dict[str, list[Row]] = {}
    for interest in interests:
        for owner in joins[interest["investor_id"]] or [interest["investor_id"]]:
            by_owner.setdefault(owner, []).append(interest)
    party_ids = {party["party_id"] for party in parties}
    unknown = set(by_owner) - party_ids - {interest["investor_id"] for interest in interests}
    if unknown:
        raise ValueError(f"joins.csv names ids that do not exist: {', '.join(sorted(unknown))}.")
    shared = {interest_id for interest_id, owners in joins.items() if len(owners) > 1}
    if shared & set(sources.sums):
        raise ValueError(f"sums.csv states sums of several partners: {sorted(shared)}; drop them.")
    rows = [party_row(party, by_owner.get(party["party_id"], ()), sources) for party in parties]
    alone = [owner for owner in by_owner if owner not in party_ids]
    return [*rows, *(interest_row(by_owner[owner], sources) for owner in alone)]
