"""Which language a short text is in: by script first, then by Vietnamese marks and word lists.

Made for queries and profiles of 2 to 40 words, mixed ones among them: "KCN VSIP o Nghe An" is
Vietnamese without tones, "LNG power plant Nghi Son" is English.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from data.reference.spelling import nfc
from embeddings.restoration.model import ToneModel, load_model
from embeddings.restoration.syllables import WORD, is_plain, is_syllable

Language = Literal["vi", "vi-toneless", "en", "ko", "ja", "zh", "other"]

LINK = re.compile(
    r"(?:https?://|www\.)\S+|\S+@\S+\.\S+|\b[\w-]+\.(?:vn|com|net|org|gov)\b\S*", re.I
)
_HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]")
_KANA = re.compile(r"[\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_ABBREVIATIONS = frozenset(
    re.findall(
        r"\w+",
        "KCN KKT CCN KCX KDC KDT KDL UBND HTX TNHH BDS NOXH XKLD GPMB TP VLXD TTCN NLTT",
    )
)
_UNSEEN = -15.5  # log probability of a word that a list lacks
_STRANGE = -16.5  # … that could not even be a Vietnamese syllable
_LIMIT = 5.0  # one word decides no more than this
_ASIAN_WEIGHT = 3  # letters of Latin script that one Han, kana or Hangul sign outweighs


@dataclass(frozen=True, slots=True)
class Guess:
    """A text's language and how sure that is, 0 to 1."""

    language: Language
    confidence: float


@dataclass(frozen=True, slots=True)
class _Tally:
    marked: int = 0  # words with Vietnamese marks that are possible syllables
    small_marked: int = 0  # … in lower case
    foreign_marked: int = 0  # words with marks that are no Vietnamese syllable
    english: int = 0  # words of the English list that are no Vietnamese syllable
    fitting: int = 0  # unmarked words that could be Vietnamese
    listed: int = 0  # unmarked words of the English list
    words: int = 0
    balance: float = 0.0  # log odds of Vietnamese against English over the unmarked words


class LanguageDetector:
    """Tells the language of short texts; safe to share between threads."""

    def __init__(self, model: ToneModel | None = None) -> None:
        self._model = model or load_model()

    def detect(self, text: str) -> Guess:
        """Return the language of a text of any Unicode form; a text without letters is "other"."""
        bare = LINK.sub(" ", nfc(text))
        asian = _by_script(bare)
        return asian or self._latin(bare)

    def _latin(self, text: str) -> Guess:
        tally = self._count(text)
        if not tally.words:
            return Guess("other", 1.0 if not WORD.search(text) else 0.5)
        if tally.marked and (guess := _with_marks(tally)):
            return guess
        if tally.foreign_marked * 4 > tally.words:
            return Guess("other", 0.7)
        sure = 1.0 - 0.5 / (1.0 + abs(tally.balance))
        plain_words = max(1, tally.words - tally.foreign_marked)
        if tally.balance > 0 and tally.fitting >= 0.6 * plain_words:
            return Guess("vi-toneless", sure)
        if tally.listed >= 0.15 * plain_words or tally.words < 4:
            return Guess("en", sure if tally.balance < 0 else 0.5)
        return Guess("other", 0.6)

    def _count(self, text: str) -> _Tally:
        words = list(WORD.finditer(text))
        shouted = not any(sign.islower() for sign in text)
        mixed = any(found[0].islower() for found in words[1:])
        counts = dict.fromkeys(_Tally.__slots__, 0)
        balance = 0.0
        for place, found in enumerate(words):
            word, lowered = found[0], found[0].lower()
            if not is_plain(word):
                kind = "marked" if is_syllable(lowered) else "foreign_marked"
                counts[kind] += 1
                counts["words"] += 1
                counts["small_marked"] += kind == "marked" and word.islower()
            elif self._is_code(word, shouted=shouted):
                balance += 3.0 if word in _ABBREVIATIONS else 0.0
                counts["words"] += word in _ABBREVIATIONS
                counts["fitting"] += word in _ABBREVIATIONS
            elif len(word) > 1 or lowered in {"o", "y", "a", "i"}:
                name = mixed and place > 0 and word[0].isupper()
                balance += self._odds(lowered) * (0.2 if name else 1.0)
                fits, listed = lowered in self._model.readings, lowered in self._model.english
                counts["words"] += 1
                counts["fitting"] += fits
                counts["listed"] += listed
                counts["english"] += listed and not fits
        counts.pop("balance")
        return _Tally(**counts, balance=balance)

    def _is_code(self, word: str, *, shouted: bool) -> bool:
        if any(sign.isupper() for sign in word[1:]) and not word.isupper():
            return True  # VinFast
        if not word.isupper() or len(word) < 2:
            return False
        return not shouted or word in _ABBREVIATIONS

    def _odds(self, word: str) -> float:
        vietnamese = self._model.frequency.get(word, _STRANGE)
        english = self._model.english.get(word, _UNSEEN)
        return max(-_LIMIT, min(_LIMIT, vietnamese - english))


def _by_script(text: str) -> Guess | None:
    hangul, kana, han = (len(kind.findall(text)) for kind in (_HANGUL, _KANA, _HAN))
    asian = hangul + kana + han
    latin = sum(len(found[0]) for found in WORD.finditer(text)) - asian
    if not asian or asian * _ASIAN_WEIGHT < latin:
        return None
    sure = asian * _ASIAN_WEIGHT / (asian * _ASIAN_WEIGHT + latin)
    if hangul >= kana and hangul * 4 >= asian:
        return Guess("ko", sure)
    if kana * 12 >= asian:
        return Guess("ja", sure)
    return Guess("zh", sure)


def _with_marks(tally: _Tally) -> Guess | None:
    """Vietnamese if marked syllables outweigh English words; names alone do not make it so."""
    vietnamese = tally.marked * 1.5 + (tally.fitting - 0.5 * tally.listed) * 0.5
    if tally.foreign_marked > tally.marked:
        return None
    if tally.small_marked == 0 and tally.english + 0.5 * tally.listed > tally.marked:
        return None
    if vietnamese <= tally.english + tally.foreign_marked:
        return None
    return Guess("vi", vietnamese / (vietnamese + tally.english + tally.foreign_marked))


@cache
def _shared_detector() -> LanguageDetector:
    return LanguageDetector()


def detect_language(text: str) -> Guess:
    """Return the language of a text with the shipped model; see :class:`LanguageDetector`."""
    return _shared_detector().detect(text)
