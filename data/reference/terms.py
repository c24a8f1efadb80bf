"""Terms of many owners, found in texts of five languages as they are written.

Longest first: whole words in Vietnamese and English; in Korean, Japanese and Chinese, which are
written without reliable spaces, by their signs, traditional Chinese as simplified.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from data.reference.spelling import fold, has_marks, nfc, tone_placement

LANGUAGES = ("vi", "en", "ko", "ja", "zh")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_SIGN = re.compile(
    r"[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]"
)
_JOINS = re.compile(r"[,/·・、]| (?:and|with|và|kết hợp|kèm|및) |[가-힣]와 |(?<!普)及|与|與")
_PARTS = re.compile(r"[,;|]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_SHORT_HANGUL = 3  # syllables; a longer Korean term is taken inside a word too
_TRADITIONAL = (
    "倉儲產業園區醫療養護學校農業漁業礦業電廠氣燃發光風車輛製藥紡織紙飲酒館飯觀遊樂場運輸鐵橋樑樓廣貿易賣關務稅險銀"
    "資訊軟體網絡據雲庫處環廢棄淨給灣島濱橡膠塑顏陶鋼鋁銅鈦稀鹽糧穀雞豬魚蝦飼種類蠶絲綠無機線纜儀錶導晶圓裝測試設計"
    "碼頭貨櫃陸乾際邊經濟創獨墾樹葉薑麥蘋葡萄鮮凍屠殺檳飛維修檢驗證劇戲影視書報歷遺藝術體馬賽兒幼職訓練護復健診"
)
_SIMPLIFIED = (
    "仓储产业园区医疗养护学校农业渔业矿业电厂气燃发光风车辆制药纺织纸饮酒馆饭观游乐场运输铁桥梁楼广贸易卖关务税险银"
    "资讯软体网络据云库处环废弃净给湾岛滨橡胶塑颜陶钢铝铜钛稀盐粮谷鸡猪鱼虾饲种类蚕丝绿无机线缆仪表导晶圆装测试设计"
    "码头货柜陆干际边经济创独垦树叶姜麦苹葡萄鲜冻屠杀槟飞维修检验证剧戏影视书报历遗艺术体马赛儿幼职训练护复健诊"
)
_TO_SIMPLIFIED = str.maketrans(_TRADITIONAL, _SIMPLIFIED)


@dataclass(frozen=True, slots=True)
class TermHit:
    """A term found: whose it is, and where it stands in the text."""

    owner: str
    start: int
    end: int
    term: str
    language: str


class TermFinder:
    """Finds terms of many owners in a text: the longest at each place, none inside another
    nor overlapping a longer one; none goes on over a comma that it does not have itself.

    A term that joins two ("điện gió và điện mặt trời", "hotel and restaurant") hides neither.

    A toned Vietnamese text must carry the term's own tones ("cơ khí" is not in "có khí hậu"); a
    text without tones is compared without, unless it is known to be in another language ("Dong
    Thap Muoi" has no salt in it). Short capitals such as "AI" must be capitals.
    """

    def __init__(self) -> None:
        # first word → terms by their words; a term may belong to several owners
        self._words: dict[str, dict[tuple[str, ...], list[_Term]]] = defaultdict(dict)
        self._signs: dict[str, dict[str, list[_Term]]] = defaultdict(dict)

    def add(self, owner: str, language: str, terms: Sequence[str]) -> None:
        """Register an owner's terms in a language."""
        for written in terms:
            term = _Term(owner, language, nfc(written))
            if not _has_signs(written):
                words = tuple(stem(w) for w in fold_words(written))
                if words:
                    self._words[words[0]].setdefault(words, []).append(term)
            else:
                key = _signs(written)
                if key:
                    self._signs[key[0]].setdefault(key, []).append(term)

    def __call__(self, text: str, *, toneless: bool = True) -> list[TermHit]:
        """Return the hits in order of their place; equal spans once per owner.

        Args:
            toneless: whether unmarked words may be Vietnamese ones written without their tones.
        """
        text = nfc(text)
        found = [*self._find_words(text, toneless=toneless), *self._find_signs(text)]
        found.sort(key=lambda hit: (hit.start - hit.end, hit.start))
        taken: list[tuple[int, int]] = []
        kept: dict[tuple[str, int, int], TermHit] = {}
        for hit in found:
            span = (hit.start, hit.end)
            if span in taken or all(end <= hit.start or hit.end <= start for start, end in taken):
                kept.setdefault((hit.owner, *span), hit)
                if span not in taken and not _JOINS.search(hit.term):
                    taken.append(span)
        return sorted(kept.values(), key=lambda hit: (hit.start, hit.owner))

    def _find_words(self, text: str, *, toneless: bool) -> Iterator[TermHit]:
        spans = [(m.start(), m.end()) for m in _WORD.finditer(text)]
        words = [_folded(text[start:end]) for start, end in spans]
        stems = [stem(word) for word in words]
        toned = has_marks(text)
        for place, first in enumerate(stems):
            for key, terms in self._words.get(first, {}).items():
                last = place + len(key)
                if tuple(stems[place:last]) != key:
                    continue
                start, end = spans[place][0], spans[last - 1][1]
                parted = _PARTS.search(text, start, end) is not None
                for term in terms:
                    if parted and not _PARTS.search(term.written):
                        continue
                    if term.fits(text[start:end], toned=toned, toneless=toneless):
                        yield TermHit(term.owner, start, end, term.written, term.language)

    def _find_signs(self, text: str) -> Iterator[TermHit]:
        if not _has_signs(text):
            return
        squeezed, places = _squeeze(text)
        for at, sign in enumerate(squeezed):
            for key, terms in self._signs.get(sign, {}).items():
                if squeezed.startswith(key, at):
                    start, end = places[at], places[at + len(key) - 1] + 1
                    if _inside_word(text, start, end, key):
                        continue
                    for term in terms:
                        yield TermHit(term.owner, start, end, term.written, term.language)


@dataclass(frozen=True, slots=True)
class _Term:
    owner: str
    language: str
    written: str

    def fits(self, span: str, *, toned: bool, toneless: bool) -> bool:
        """Whether the span is written as the term needs, beyond the folded letters."""
        if self.written.isupper() and len(self.written) <= 4 and not span.isupper():
            return False
        if not has_marks(span):
            # in a toned text an unmarked name ("cầu Ben Thuy") is no slip of the tones
            named = toned and not span.islower()
            return not has_marks(self.written) or (toneless and not named)
        if not toned:
            return True
        return _toned(span) == _toned(self.written)


def fold_words(text: str) -> list[str]:
    """Words of a text, tone-folded, in order."""
    return [_folded(match.group()) for match in _WORD.finditer(nfc(text))]


@lru_cache(maxsize=50_000)
def _folded(word: str) -> str:
    return fold(word)


@lru_cache(maxsize=20_000)
def _toned(text: str) -> str:
    return " ".join(match.group() for match in _WORD.finditer(tone_placement(text).lower()))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """English plurals without their ending; Vietnamese syllables never end so."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ses", "xes", "zes", "ches", "shes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _has_signs(text: str) -> bool:
    return _SIGN.search(text) is not None


def _inside_word(text: str, start: int, end: int, key: str) -> bool:
    """Whether a short Korean term begins within a word ("기차" in "전기차" is no train), or begins
    with one word and ends within the next ("안정기" in "안정 기반" is no ballast).
    """
    if len(key) > _SHORT_HANGUL or not _HANGUL.match(text[start]):
        return False
    within = start > 0 and _HANGUL.match(text[start - 1]) is not None
    over = " " in text[start:end] and _HANGUL.match(text, end) is not None
    return within or over


def _signs(text: str) -> str:
    return _squeeze(text)[0]


def _squeeze(text: str) -> tuple[str, list[int]]:
    """The text in one width and case without spaces, and where each of its signs stands."""
    out: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        for part in unicodedata.normalize("NFKC", sign).lower().translate(_TO_SIMPLIFIED):
            if not part.isspace() and part != "・":
                out.append(part)
                places.append(place)
    return "".join(out), places
