"""How an investment is to be made: form (PPP, BOT, joint venture, wholly owned) and ready sites."""

import re
from functools import cache

from data.reference.spelling import fold, nfc

# each form and how five languages write it; folded, so tone marks and capitals do not matter
_FORMS = {
    "ppp": r"ppp|doi tac cong tu|hop tac cong tu|cong tu|public[- ]private|민관\s?협력|민관\s?합작"
    r"|官民連携|公私合营|公私合作|政府和社会资本",
    "bot": r"bot|xay dung[ -]+kinh doanh[ -]+chuyen giao|build[- ]operate[- ]transfer",
    "bt": r"bt|xay dung[ -]+chuyen giao|build[- ]transfer",
    "boo": r"boo|build[- ]own[- ]operate",
    "wholly-owned": r"100\s?%\s?(?:von|fdi|foreign|capital|외자|외국|外資|外资)"
    r"|wholly[- ](?:foreign[- ])?owned|von dau tu nuoc ngoai 100|단독\s?투자|독자\s?투자|独資"
    r"|単独出資|独资|全资",
    "joint-venture": r"lien doanh|joint[- ]venture|jv|합작|조인트\s?벤처|合弁"
    r"|ジョイントベンチャー|合资|合資",
    "oda": r"oda",
}
_PUBLIC = frozenset({"ppp", "bot", "bt", "boo"})
_READY = re.compile(
    r"mat bang sach|dat sach|da giai phong mat bang|san mat bang|site clear(?:ed|ance completed)"
    r"|(?:cleared|clean|ready) (?:land|site)s?|부지\s?(?:정리|조성)\s?(?:완료|된|가)|조성된 부지"
    r"|造成済み|更地|净地|熟地|土地平整|已平整"
)
_WORD = r"(?<![a-z0-9])(?:{})(?![a-z0-9])"
_KIN = 0.7  # of one public-private form for another


def forms_named(text: str) -> frozenset[str]:
    """The forms of investment a text names: "ppp", "bot", "joint-venture" …"""
    folded = fold(nfc(text))
    return frozenset(form for form, pattern in _patterns().items() if pattern.search(folded))


def wants_ready_land(text: str) -> bool:
    """Whether a text speaks of land that is cleared already."""
    return bool(_READY.search(fold(nfc(text))))


def form_fit(asked: frozenset[str], offered: frozenset[str]) -> float:
    """1 where a form asked for is offered, 0.7 for a kin of it, 0 else or where none is stated."""
    if asked & offered:
        return 1.0
    return _KIN if asked & _PUBLIC and offered & _PUBLIC else 0.0


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {form: re.compile(_WORD.format(words)) for form, words in _FORMS.items()}
