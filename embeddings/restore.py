"""Give Vietnamese written without tones its tones back, and leave every other text as it is.

"nha may dien gio o Thanh Hoa" becomes "nhà máy điện gió ở Thanh Hóa". How well, and how the model
is made: docs/restoring-tones.md.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from data.reference.spelling import nfc
from embeddings.language import LINK, LanguageDetector
from embeddings.restoration.decode import DecodeConfig, Decoder
from embeddings.restoration.keystrokes import TYPED, decode
from embeddings.restoration.model import ToneModel, load_model
from embeddings.restoration.slips import mend
from embeddings.restoration.syllables import (
    WORD,
    is_folded_syllable,
    is_plain,
    is_syllable,
    plain,
    with_case,
)

_TOKEN = re.compile(rf"{LINK.pattern}|\w*\d[\w.,]*|{WORD.pattern}", re.IGNORECASE)
_JOINS = re.compile(r"[\s\-–&+'’_]*")  # what may stand between two words of one run
_UNITS = frozenset({"ha"})  # after a number a unit, not a syllable in want of a tone
_LEAST_SLIP = 3  # letters of a word worth mending
_SHORT = 3  # words of a text in which one word of keystrokes is enough
_PLAIN_SHARE = 1.0  # impossible unmarked syllables per marked one from which all are doubted


@dataclass(frozen=True, slots=True)
class Restored:
    """A text with its tones, whether anything changed, and how well supported that is (0 to 1)."""

    text: str
    changed: bool
    confidence: float


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    text: str
    parts: tuple[str, ...]  # unmarked syllables to read; more than one when words were parted
    free: bool  # may be changed
    breaks: bool  # a new run begins here

    @property
    def key(self) -> str:
        return self.parts[0]


class ToneRestorer:
    """Restores tones; holds the model, is safe to share between threads.

    Args:
        model: the shipped one when None; loading takes about a tenth of a second.
        config: weights of the evidence.
    """

    def __init__(self, model: ToneModel | None = None, config: DecodeConfig | None = None) -> None:
        self._model = model or load_model()
        self._decoder = Decoder(self._model, config)
        self._detector = LanguageDetector(self._model)

    def __call__(self, text: str) -> str:
        """Return the text with tones restored; see :meth:`restore`."""
        return self.restore(text).text

    def restore(self, text: str) -> Restored:
        """Return the text with tones restored where it is Vietnamese without them.

        Toned Vietnamese, other languages, links, numbers, codes and abbreviations come back
        unchanged, character by character. In partly toned text only unmarked syllables that do
        not exist as written are changed, unless those outnumber the marked ones.
        """
        typed = self._typed(text)
        if typed is not None:
            again = self._restore(typed)
            return Restored(again.text, True, min(0.9, again.confidence))
        return self._restore(text)

    def _restore(self, text: str) -> Restored:
        language = self._detector.detect(text).language
        if language == "vi-toneless":
            tokens = self._tokens(text, strict=False)
        elif language == "vi":
            tokens = self._tokens(text, strict=not self._mostly_plain(text))
        else:
            return Restored(text, False, 1.0)
        if not any(token.free for token in tokens):
            return Restored(text, False, 1.0)
        return self._apply(text, tokens)

    def _mostly_plain(self, text: str) -> bool:
        words = [found.lower() for found in WORD.findall(nfc(text)) if not found.isupper()]
        impossible = sum(_impossible(word) for word in words)
        marked = sum(not is_plain(word) for word in words)
        return impossible >= _PLAIN_SHARE * marked

    def _tokens(self, text: str, *, strict: bool) -> list[_Token]:
        shouted = not any(sign.islower() for sign in text)
        tokens: list[_Token] = []
        last = 0
        for found in _TOKEN.finditer(text):
            word = found[0]
            free = self._is_free(word, strict=strict, shouted=shouted, first=not tokens)
            if word in _UNITS and tokens and tokens[-1].text[0].isdigit():
                free = False
            gap = _JOINS.fullmatch(text, last, found.start())
            key = plain(word).lower() if WORD.fullmatch(word) else ""
            breaks = gap is None
            tokens.append(_Token(found.start(), found.end(), word, (key,), free, breaks))
            last = found.end()
        return tokens if strict else self._mended(tokens)

    def _is_free(self, word: str, *, strict: bool, shouted: bool, first: bool) -> bool:
        if not is_plain(word) or (word.isupper() and not shouted and len(word) > 1):
            return False
        if any(sign.isupper() for sign in word[1:]) and not word.isupper():
            return False
        lowered = word.lower()
        if not strict:
            return lowered in self._model.readings
        capital = word[0].isupper() and not first
        return lowered in self._model.readings and _impossible(lowered) and not capital

    def _mended(self, tokens: list[_Token]) -> list[_Token]:
        keys = [token.key for token in tokens]
        mended = []
        for place, token in enumerate(tokens):
            options = None
            if self._may_be_slip(token):
                options = mend(self._model, keys, place)
            if options is None:
                mended.append(token)
            else:
                mended.append(
                    _Token(token.start, token.end, token.text, tuple(options), True, token.breaks)
                )
        return mended

    def _may_be_slip(self, token: _Token) -> bool:
        word = token.text
        return (
            is_plain(word)
            and word.islower()
            and len(word) >= _LEAST_SLIP
            and word not in self._model.readings
            and word not in self._model.english
        )

    def _apply(self, text: str, tokens: list[_Token]) -> Restored:
        pieces: list[str] = []
        support: list[float] = []
        last = 0
        for run in _runs(tokens):
            words, allowed = self._run_words(run)
            ids = self._decoder.read(words, allowed)
            at = 0
            for token in run:
                chosen = ids[at : at + len(token.parts)]
                if token.free:
                    pieces += [text[last : token.start], self._written(token, chosen)]
                    support += [self._support(ids, place) for place in range(at, at + len(chosen))]
                    last = token.end
                at += len(token.parts)
        restored = "".join([*pieces, text[last:]])
        confidence = sum(support) / len(support) if support else 1.0
        return Restored(restored, restored != text, confidence)

    def _run_words(self, run: Sequence[_Token]) -> tuple[list[str], list[Sequence[int] | None]]:
        words: list[str] = []
        allowed: list[Sequence[int] | None] = []
        for token in run:
            for part in token.parts:
                words.append(part)
                fixed = self._model.ids.get(nfc(token.text).lower(), 1)
                allowed.append(None if token.free else (fixed,))
        return words, allowed

    def _written(self, token: _Token, chosen: Sequence[int]) -> str:
        return " ".join(
            with_case(self._model.syllables[syllable], token.text) for syllable in chosen
        )

    def _support(self, ids: Sequence[int], place: int) -> float:
        """1 where a neighbour confirms the reading or there is no other, else its own share."""
        known = self._decoder.known
        if place and known(ids[place - 1], ids[place]):
            return 1.0
        if place + 1 < len(ids) and known(ids[place], ids[place + 1]):
            return 1.0
        chosen = ids[place]
        key = plain(self._model.syllables[chosen])
        whole = self._model.frequency.get(key, 0.0)
        return math.exp(float(self._model.unigram[chosen]) - whole)

    def _typed(self, text: str) -> str | None:
        """Return the text with raw Telex or VNI keystrokes turned into letters, if it is such."""
        found = list(TYPED.finditer(text))
        readings = [self._keystrokes(match[0]) for match in found]
        typed = sum(bool(reading) for reading in readings)
        if typed < 2 and not (typed == 1 and len(found) <= _SHORT):
            return None
        words = [match[0] for match in found]
        english = sum(word.lower() in self._model.english for word in words)
        marked = sum(
            not is_plain(word) and not reading and word.isalpha()
            for word, reading in zip(words, readings, strict=True)
        )
        fitting = sum(
            bool(reading) or self._is_vietnamese(word)
            for word, reading in zip(words, readings, strict=True)
        )
        if fitting < 0.7 * len(words) or marked >= typed or english > 0.25 * len(words):
            return None
        return self._replaced(text, found, self._likeliest(words, readings))

    def _keystrokes(self, word: str) -> list[str]:
        lowered = nfc(word).lower()
        if (word.isupper() and len(word) > 1) or lowered in self._model.english:
            return []
        if lowered in self._model.readings:
            return []
        return decode(word, self._model.ids)

    def _likeliest(self, words: Sequence[str], readings: Sequence[list[str]]) -> list[str | None]:
        """Choose among the readings of each typed word by its neighbours."""
        ids, other = self._model.ids, 1
        allowed = [
            [ids[reading] for reading in options] or [ids.get(nfc(word).lower(), other)]
            for word, options in zip(words, readings, strict=True)
        ]
        chosen = self._decoder.read([""] * len(words), allowed)
        return [
            with_case(self._model.syllables[syllable], _like(word)) if options else None
            for word, options, syllable in zip(words, readings, chosen, strict=True)
        ]

    def _is_vietnamese(self, word: str) -> bool:
        lowered = nfc(word).lower()
        return is_syllable(lowered) or lowered in self._model.readings or word.isupper()

    @staticmethod
    def _replaced(text: str, found: Sequence[re.Match[str]], readings: Sequence[str | None]) -> str:
        pieces, last = [], 0
        for match, reading in zip(found, readings, strict=True):
            if reading is not None:
                pieces += [text[last : match.start()], reading]
                last = match.end()
        return "".join([*pieces, text[last:]])


def _like(word: str) -> str:
    """The letter case that raw keystrokes ask for: all capitals, a capital first, or small."""
    letters = "".join(sign for sign in word if sign.isalpha())
    return letters if letters.isupper() or letters.islower() else letters.capitalize()


def _impossible(word: str) -> bool:
    """Tell whether an unmarked word is Vietnamese only with marks: "dien", "dat", not "may"."""
    return is_plain(word) and is_folded_syllable(word) and not is_syllable(word)


def _runs(tokens: Sequence[_Token]) -> list[list[_Token]]:
    runs: list[list[_Token]] = []
    for token in tokens:
        if token.breaks or not runs:
            runs.append([])
        runs[-1].append(token)
    return runs
