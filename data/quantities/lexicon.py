"""Words around numbers, folded, in five languages: magnitudes, currencies, areas, hedges."""

from functools import cache

from data.quantities.types import Hedge

_MAGNITUDES = {
    1e1: "십 十",
    1e2: "백 百",
    1e3: "nghin ngan thousand k 천 千",
    1e4: "만 万 萬",
    1e5: "lakh lakhs lac",
    1e6: "trieu tr million millions mln mil mn mio m",
    1e7: "crore crores cr",
    1e8: "억 億 亿",
    1e9: "ty ti billion billions bln bn b",
    1e12: "trillion trillions trn tn 조 兆",
}
_CURRENCIES = {
    "VND": "vnd|dong viet nam|viet nam dong|dong|d|₫|동|베트남동|越南盾|ドン|베트남 동",
    "USD": "usd|us$|u$|$|us dollars|us dollar|dollars|dollar|do la my|do-la my|dola|do la|do-la"
    "|do my|do|my kim|달러|美元|美金|米ドル|ドル|미국달러|미화",
    "EUR": "eur|euros|euro|€|유로|欧元|歐元|ユーロ",
    "JPY": "jpy|yens|yen|¥|円|엔|日元|日圓",
    "KRW": "krw|won|₩|원|韩元|韓元|ウォン",
    "CNY": "cny|rmb|nhan dan te|yuan|元|人民币|人民幣|위안|人民元",
    "SGD": "sgd|s$|do la singapore|singapore dollars",
    "THB": "thb|baht|bat thai|bat",
    "INR": "inr|rs.|rs|₹|rupees|rupee",
    "GBP": "gbp|£|bang anh|pounds|pound",
    "TWD": "twd|nt$|ntd|dai te|新台币|新台幣",
    "HKD": "hkd|hk$|港元|港币|港幣",
    "AUD": "aud|a$|do la uc",
}
_AREAS = {
    "ha": "hectares|hectare|hecta|hec-ta|hec ta|ha|公顷|公頃|헥타르|ヘクタール",
    "m2": "m2|met vuong|sq m|sq.m|sqm|sq. m|square meters|square metres|m vuong|平方米|제곱미터"
    "|평방미터|平方メートル",
    "km2": "km2|sq km|sq.km|square kilometers|square kilometres|km vuong|平方公里|제곱킬로미터"
    "|平方キロメートル",
    "acre": "acres|acre",
}
_POWERS = {
    "W": "w",
    "kW": "kw",
    "MW": "mw|megawatts|megawatt|mwp|兆瓦|메가와트|メガワット",
    "GW": "gw|gwp",
}
_CAPACITIES = {
    "tonne": "tonnes|tonne|tons|ton|tan|톤|吨|トン",
    "m3": "m3|met khoi|cubic meters|cubic metres|立方米",
    "GWh": "gwh|ty kwh",
    "TEU": "teu|teus",
    "DWT": "dwt",
}
MEGAWATTS = {"W": 1e-6, "kW": 1e-3, "MW": 1.0, "GW": 1e3}
HECTARES = {"ha": 1.0, "m2": 1e-4, "km2": 100.0, "acre": 0.40468564224}

_HEDGES = {
    Hedge.OVER: "khong duoi|khong it hon|it nhat|toi thieu|tro len|hon|tren|tu|over|more than|"
    "above|not less than|at least|minimum|min|from|upwards|"
    ">=|>|≥|+|이상|초과|以上|超过|超過|超|至少",
    Hedge.UNDER: "khong qua|khong vuot qua|khong hon|toi da|duoi|under|below|less than|at most|"
    "no more than|not more than|up to|maximum|max|"
    "<=|<|≤|이하|미만|以下|未満|以内|不超过|不超過|최대",
    Hedge.ABOUT: "khoang|chung|xap xi|uoc tinh|uoc|du kien|tam tinh|about|approximately|approx.|"
    "approx|around|circa|ca.|estimated|est.|some|"
    "≈|~|약|대략|내외|約|约|大约|大約|左右|程度|前後",
    Hedge.NEAR: "gan|nearly|almost|close to|거의|ほぼ|近",
}
_RANGES = "-|~|den|toi|to|~|から|에서|至|到|and|va"
_IGNORED = (
    "tong muc dau tu|tong von dau tu|tong von|von dau tu|so von|von|muc dau tu|dau tu|tong so|tong|"
    "dien tich|quy mo|so bo|capital|investment|total|amount|of|in|worth|la|between|co the|gom|"
    "an area of|area|a|투자|규모|投资|投資|面积|面積|約定|cua|du an|project|:|=|*"
)
VIETNAMESE = frozenset(
    [
        "nghin",
        "ngan",
        "trieu",
        "tr",
        "ty",
        "ti",
        "dong",
        "d",
        "khoang",
        "hon",
        "tren",
        "duoi",
        "gan",
        "tu",
        "den",
        "chung",
        "xap",
        "xi",
        "hecta",
        "tong",
        "von",
        "uoc",
        "tinh",
        "du",
        "kien",
        "toi",
        "thieu",
        "da",
        "khong",
        "qua",
        "it",
        "nhat",
        "do",
        "la",
        "yen",
    ]
)
ENGLISH = frozenset(
    [
        "thousand",
        "million",
        "millions",
        "mln",
        "mn",
        "billion",
        "billions",
        "bn",
        "bln",
        "trillion",
        "about",
        "over",
        "under",
        "nearly",
        "around",
        "approximately",
        "from",
        "to",
        "up",
        "at",
        "least",
        "more",
        "less",
        "than",
        "almost",
        "m",
        "b",
    ]
)
_SIGNS = "- -- n/a na n.a. n.a nil none null undisclosed unknown tbd tba ... … ? x . _ /"
_PHRASES = (
    "undisclosed amount|not disclosed|chua xac dinh|chua ro|chua co|khong ro|khong co|"
    "dang cap nhat|theo de xuat cua nha dau tu|theo de xuat|nha dau tu de xuat|cho cap nhat|"
    "khong xac dinh|thoa thuan|미정|未定|협의|面议|未披露|非公開|to be determined|to be proposed"
)
NOTHING = frozenset(_SIGNS.split()) | frozenset(_PHRASES.split("|")) | {""}


def _spread(table: dict[str, str], kind: str) -> dict[str, tuple[str, object]]:
    return {word: (kind, key) for key, words in table.items() for word in words.split("|")}


@cache
def phrases() -> tuple[tuple[str, tuple[str, object]], ...]:
    """Return (folded phrase, (kind, value)), longest first, so that the first match is right."""
    found: dict[str, tuple[str, object]] = {}
    for word in _IGNORED.split("|"):
        found[word] = ("ignored", None)
    for hedge, words in _HEDGES.items():
        found.update(dict.fromkeys(words.split("|"), ("hedge", hedge)))
    for word in _RANGES.split("|"):
        found.setdefault(word, ("range", None))
    found["~"] = ("range", None)
    for kind, table in (("area", _AREAS), ("power", _POWERS)):
        found.update(_spread(table, kind))
    for kind, table in (("capacity", _CAPACITIES), ("currency", _CURRENCIES)):
        found.update(_spread(table, kind))
    for size, words in _MAGNITUDES.items():
        found.update(dict.fromkeys(words.split(), ("size", size)))
    return tuple(sorted(found.items(), key=lambda item: -len(item[0])))
