"""Slates as JSON documents: the shapes of `--json` and of the web service."""

import json
from collections.abc import Mapping
from typing import Any

from data.records import Interval, Investor, ProjectCall
from matcher.market import Market
from matcher.types import Caution, Eligibility, Item, Reason, Slate

Json = dict[str, Any]


def slate_document(slate: Slate, market: Market, *, slate_id: str) -> Json:
    """The document of `ketnoi shortlist --json` or `ketnoi opportunities --json`."""
    return {
        slate.asked: slate.subject,
        "slate_id": slate_id,
        "release": slate.release,
        "abstained": slate.abstained,
        "bands": [
            {"band": band.name, "from": band.least, "right": band.precision} for band in slate.bands
        ],
        "cautions": [caution_json(caution) for caution in slate.cautions],
        "items": [_item(item, slate, market) for item in slate.items],
    }


def json_bytes(document: Mapping[str, Any]) -> bytes:
    """A document as UTF-8 JSON."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _item(item: Item, slate: Slate, market: Market) -> Json:
    if slate.kind == "shortlist":
        party = _investor(market.investors[market.investor_row[item.party_id]])
    else:
        party = _call(market.calls[market.call_row[item.party_id]])
    return item_json(item, party)


def item_json(item: Item, party: Json) -> Json:
    """One row of any list: its place, whom it names, what speaks for and against."""
    return {
        "rank": item.rank,
        **party,
        "score": item.score,
        "probability": item.probability,
        "band": item.band,
        "eligibility": eligibility_json(item.eligibility),
        "reasons": [reason_json(reason) for reason in item.reasons],
        "cautions": [caution_json(caution) for caution in item.cautions],
    }


def _investor(investor: Investor) -> Json:
    return {"investor_id": investor.investor_id, "name": investor.name}


def _call(call: ProjectCall) -> Json:
    return {
        "call_id": call.call_id,
        "title": call.title,
        "title_en": call.title_en,
        "province": {
            "code": call.place.code,
            "name": call.place.name,
            "as_written": call.place.as_written,
        },
        "sector": list(call.sectors) or call.sector_as_written,
        "capital": _interval(call.capital.vnd),
        "land_ha": _interval(call.land.ha),
    }


def _interval(interval: Interval) -> Json:
    return {"min": interval.low, "max": interval.high}


def eligibility_json(eligibility: Eligibility) -> Json:
    return {
        "verdict": eligibility.verdict.value,
        "checks": [
            {
                "rule": check.rule,
                "verdict": check.verdict.value,
                "citation": check.citation,
                "vi": check.vi,
                "en": check.en,
                "remedy": {"vi": check.remedy_vi, "en": check.remedy_en},
            }
            for check in eligibility.checks
        ],
    }


def reason_json(reason: Reason) -> Json:
    return {
        "code": reason.code,
        "vi": reason.vi,
        "en": reason.en,
        "contribution": reason.contribution,
        "evidence": [
            {
                "vi": fact.vi,
                "en": fact.en,
                "source_url": fact.source_url,
                "call_id": fact.call_id or None,
            }
            for fact in reason.evidence
        ],
    }


def caution_json(caution: Caution) -> Json:
    return {"code": caution.code, "vi": caution.vi, "en": caution.en}
