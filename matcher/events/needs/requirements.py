"""What a buyer asks of goods, read from its words, and whether an offer says it has it.

Certificates, stars of the programme "One commune, one product" (OCOP), quantity and season. What an
offer does not say is unknown and never blocks: it is asked for.
"""

import re
from dataclasses import dataclass
from typing import Literal

from data.records import Offer, PurchaseRequest
from data.reference.spelling import fold
from matcher.events.needs.quantity import Quantity, quantities
from matcher.events.needs.season import months_of, months_text
from matcher.types import Check, Verdict

Answer = Literal["met", "unmet", "unknown"]


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate or condition: its name in both languages, its folded words, and what it
    includes: whoever has the stricter one has this one too."""

    code: str
    vi: str
    en: str
    pattern: re.Pattern[str]
    included_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing asked for. ``least`` is the number of stars; 0 where any will do."""

    code: str
    least: int = 0


def _certificate(
    code: str, names: tuple[str, str], pattern: str, included_in: tuple[str, ...] = ()
) -> Certificate:
    return Certificate(code, *names, re.compile(pattern), included_in)


CERTIFICATES: tuple[Certificate, ...] = (
    _certificate("vietgap", ("VietGAP", "VietGAP"), r"\bviet ?gap\b"),
    _certificate("globalgap", ("GlobalG.A.P.", "GlobalG.A.P."), r"\bglobal ?g\.?a\.?p\b"),
    _certificate(
        "gap",
        ("thực hành nông nghiệp tốt (GAP)", "good agricultural practice (GAP)"),
        r"(?<!viet )(?<!global )\bgap\b|thuc hanh nong nghiep tot|good agricultural practice",
        ("vietgap", "globalgap"),
    ),
    _certificate("haccp", ("HACCP", "HACCP"), r"\bhaccp\b", ("iso22000", "fssc22000", "brc")),
    _certificate("iso22000", ("ISO 22000", "ISO 22000"), r"\biso ?:?-?22000", ("fssc22000",)),
    _certificate("fssc22000", ("FSSC 22000", "FSSC 22000"), r"\bfssc"),
    _certificate("brc", ("BRC", "BRC"), r"\bbrc(?:gs)?\b"),
    _certificate("organic", ("hữu cơ", "organic"), r"\bhuu co\b|\borganic\b|\busda organic\b"),
    _certificate("halal", ("Halal", "Halal"), r"\bhalal\b"),
    _certificate("kosher", ("Kosher", "Kosher"), r"\bkosher\b"),
    _certificate("fda", ("FDA (Hoa Kỳ)", "FDA (United States)"), r"\bfda\b"),
    _certificate("fairtrade", ("Fairtrade", "Fairtrade"), r"\bfair ?trade\b"),
    _certificate(
        "rainforest", ("Rainforest Alliance", "Rainforest Alliance"), r"\brainforest\b|\butz\b"
    ),
    _certificate("4c", ("4C", "4C"), r"\b4c\b"),
    _certificate("asc", ("ASC", "ASC"), r"\basc\b"),
    _certificate("msc", ("MSC", "MSC"), r"\bmsc\b"),
    _certificate("fsc", ("FSC", "FSC"), r"\bfsc\b"),
    _certificate(
        "indication",
        ("chỉ dẫn địa lý", "geographical indication"),
        r"\bchi dan dia ly\b|\bgeographical indication\b|\bgi\b",
    ),
    _certificate(
        "growing_area",
        ("mã số vùng trồng", "growing area code"),
        r"\bma (?:so )?vung trong\b|\b(?:growing|planting|production) (?:area|unit) code",
    ),
    _certificate(
        "packing_house",
        ("mã cơ sở đóng gói", "packing house code"),
        r"\b(?:ma )?co so dong goi\b|\bma (?:so )?dong goi\b|\bpacking (?:house|facility)",
    ),
    _certificate(
        "traceability",
        ("truy xuất nguồn gốc", "traceability"),
        r"\btruy xuat\b|\btraceab|\bqr\b",
    ),
    _certificate("irradiation", ("chiếu xạ", "irradiation"), r"\bchieu xa\b|\birradiat"),
    _certificate("ispm15", ("ISPM 15", "ISPM 15"), r"\bispm ?15\b"),
    _certificate(
        "safe_food",
        ("an toàn thực phẩm", "food safety"),
        r"\ban toan thuc pham\b|\bve sinh an toan\b|\battp\b|\bfood safety\b|\brau an toan\b",
        ("haccp", "iso22000", "fssc22000", "brc", "vietgap", "globalgap"),
    ),
    _certificate("ocop", ("OCOP", "OCOP"), r"\bocop\b|\bone commune,? one product\b"),
)
_BY_CODE = {one.code: one for one in CERTIFICATES}
_STARS = re.compile(r"(?:tu |at least |>= ?)?\b([1-5])(?: ?(?:-|den|to) ?[1-5])? ?(?:sao|stars?)\b")
_HOPED = re.compile(r"\b(?:de nghi|tiem nang|cho|dang|du kien|pending|potential|applied)\b")
_NOT = re.compile(
    r"\b(?:khong (?:can|yeu cau|bat buoc)|not (?:required|needed)|no need (?:for|of))\b[^;.,]*"
)
_LAW = "Yêu cầu của bên mua"


def requirements_of(text: str) -> tuple[Requirement, ...]:
    """The certificates and stars that a text asks for, in the order of the table.

    What is said not to be needed is left out.
    """
    folded = _NOT.sub(" ", fold(text))
    stars = _STARS.search(folded)
    least = int(stars[1]) if stars else 0
    found = [one.code for one in CERTIFICATES if one.pattern.search(folded)]
    if least and "ocop" not in found:
        least = 0  # stars of hotels
    return tuple(Requirement(code, least if code == "ocop" else 0) for code in found)


def check_offer(request: PurchaseRequest, offer: Offer) -> tuple[Check, ...]:
    """A check for each thing the request asks for: eligible when met, else needs check."""
    asked = f"{request.requirements}; {request.product}; {request.product_en}"
    checks = [_certificate_check(one, offer) for one in requirements_of(asked)]
    volume, season = _volume_check(request, offer), _season_check(request, offer)
    return (*checks, *(one for one in (volume, season) if one is not None))


def _certificate_check(asked: Requirement, offer: Offer) -> Check:
    one = _BY_CODE[asked.code]
    vi, en = one.vi, one.en
    if asked.least:
        vi, en = f"{vi} từ {asked.least} sao", f"{en} with {asked.least} stars or more"
    answer, said = _has(asked, one, offer)
    rule = f"requirement.{asked.code}"
    if answer == "met":
        return Check(
            rule, Verdict.ELIGIBLE, _LAW, f"Đạt yêu cầu {vi}: {said}.", f"Meets {en}: {said}."
        )
    if answer == "unmet":
        return Check(
            rule,
            Verdict.NEEDS_CHECK,
            _LAW,
            f"Bên mua yêu cầu {vi}; chào hàng ghi: {said}.",
            f"The buyer asks for {en}; the offer says: {said}.",
            f"Bổ sung {vi} hoặc thỏa thuận lại với bên mua.",
            f"Obtain {en}, or agree otherwise with the buyer.",
        )
    return Check(
        rule,
        Verdict.NEEDS_CHECK,
        _LAW,
        f"Bên mua yêu cầu {vi}; chào hàng chưa nói rõ.",
        f"The buyer asks for {en}; the offer does not say.",
        f"Hỏi bên bán về {vi}.",
        f"Ask the seller about {en}.",
    )


def _has(asked: Requirement, one: Certificate, offer: Offer) -> tuple[Answer, str]:
    if asked.code == "ocop":
        return _stars_answer(asked.least, offer)
    held = [*offer.certificates, offer.description, offer.product]
    for text in held:
        folded = fold(text)
        codes = (one.code, *one.included_in)
        hit = next((_BY_CODE[c] for c in codes if _BY_CODE[c].pattern.search(folded)), None)
        if hit is not None and not _HOPED.search(folded):
            return "met", text if text in offer.certificates else hit.vi
    return "unknown", ""


def _stars_answer(least: int, offer: Offer) -> tuple[Answer, str]:
    if offer.ocop_stars is not None:
        said = f"OCOP {offer.ocop_stars} sao"
        return ("met" if offer.ocop_stars >= least else "unmet"), said
    for text in offer.certificates:
        folded = fold(text)
        if _BY_CODE["ocop"].pattern.search(folded) and not _HOPED.search(folded):
            return ("unknown" if least else "met"), text
    return "unknown", ""


def _volume_check(request: PurchaseRequest, offer: Offer) -> Check | None:
    wanted = _first(quantities(f"{request.volume}; {request.requirements}"))
    if wanted is None:
        return None
    rule = "requirement.volume"
    given = _first(quantities(offer.volume))
    if given is None or not given.comparable(wanted):
        return Check(
            rule,
            Verdict.NEEDS_CHECK,
            _LAW,
            f"Bên mua cần {wanted.text}; sản lượng của bên bán chưa rõ để so sánh.",
            f"The buyer wants {wanted.text}; what the seller can deliver is not known in "
            "comparable terms.",
            "Hỏi bên bán về sản lượng.",
            "Ask the seller how much it can deliver.",
        )
    if given.enough_for(wanted):
        return Check(
            rule,
            Verdict.ELIGIBLE,
            _LAW,
            f"Đủ sản lượng: cần {wanted.text}, có {given.text}.",
            f"Enough volume: {wanted.text} wanted, {given.text} offered.",
        )
    return Check(
        rule,
        Verdict.NEEDS_CHECK,
        _LAW,
        f"Bên mua cần {wanted.text}; bên bán có {given.text}.",
        f"The buyer wants {wanted.text}; the seller has {given.text}.",
        "Ghép nhiều bên bán hoặc thỏa thuận giao từng phần.",
        "Join several sellers, or agree on partial deliveries.",
    )


def _first(found: tuple[Quantity, ...]) -> Quantity | None:
    return found[0] if found else None


def _season_check(request: PurchaseRequest, offer: Offer) -> Check | None:
    wanted = months_of(f"{request.season}; {request.requirements}")
    if not wanted:
        return None
    rule = "requirement.season"
    vi, en = months_text(wanted, "vi"), months_text(wanted, "en")
    given = months_of(f"{offer.season}; {offer.description}")
    if not given:
        return Check(
            rule,
            Verdict.NEEDS_CHECK,
            _LAW,
            f"Bên mua cần hàng {vi}; mùa vụ của bên bán chưa rõ.",
            f"The buyer wants the goods in {en}; the seller's season is not known.",
            "Hỏi bên bán về mùa vụ.",
            "Ask the seller about its season.",
        )
    if wanted <= given:
        return Check(
            rule,
            Verdict.ELIGIBLE,
            _LAW,
            f"Đúng mùa vụ: {vi}.",
            f"In season: {en}.",
        )
    return Check(
        rule,
        Verdict.NEEDS_CHECK,
        _LAW,
        f"Bên mua cần hàng {vi}; bên bán có hàng {months_text(given, 'vi')}.",
        f"The buyer wants the goods in {en}; the seller has them in {months_text(given, 'en')}.",
        "Thỏa thuận thời gian giao hoặc ghép thêm bên bán trái vụ.",
        "Agree on delivery times, or add a seller with another season.",
    )
