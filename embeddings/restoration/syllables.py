"""Vietnamese syllables: which letter strings are one, with and without marks, and letter case."""

import re
import unicodedata
from functools import lru_cache

from data.reference.spelling import fold, nfc

WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f])*")
_SPACES = re.compile(r"\s+")
_ONSETS = _SPACES.split(  # longest first
    "ngh nh ng gh gi kh ch ph qu th tr b c d đ g h k l m n p r s t v x"
)
_RHYMES = frozenset(
    _SPACES.split(
        """a ai ao au ay ac ach am an ang anh ap at ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
        e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu
        iêc iêm iên iêng iêp iêt iêu yêm yên yêng yêt yêu y ya o oa oac oach oai oam oan oang oanh
        oao oap oat oay oăc oăm oăn oăng oăt oe oen oeo oet oi om on ong ooc oong op ot oc
        ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân uâng uât uây uc uê uêch uênh ui um un
        ung up ut uy uya uych uyên uyêt uynh uyt uyu uơ uôc uôi uôm uôn uông uôt ư ưa ưc ưi ưng
        ưt ưu ưm ươc ươi ươm ươn ương ươp ươt ươu"""
    )
)
_FOLDED_RHYMES = frozenset(fold(rhyme) for rhyme in _RHYMES)
_FRONT = tuple("eêiy")
_TONES = re.compile(r"[\u0300\u0301\u0303\u0309\u0323]")
_STOPPED = ("p", "t", "c", "ch")
_SHARP = "\u0301\u0323"  # sắc and nặng, the only tones of a syllable ending in a stop


@lru_cache(maxsize=20_000)
def is_syllable(word: str) -> bool:
    """Tell whether a lower-case NFC word is a possible Vietnamese syllable exactly as written.

    Without marks, "may" is one, "dien" (only "iê" exists there) and "dat" (a stop needs a tone)
    are not.
    """
    parts = unicodedata.normalize("NFD", word)
    tones = _TONES.findall(parts)
    plain = nfc(_TONES.sub("", parts))
    if len(tones) > 1 or not _fits(plain, _RHYMES):
        return False
    return not plain.endswith(_STOPPED) or (bool(tones) and tones[0] in _SHARP)


@lru_cache(maxsize=20_000)
def is_folded_syllable(word: str) -> bool:
    """Tell whether a lower-case word without marks could be a syllable once marks are added."""
    return word.isascii() and _fits(word, _FOLDED_RHYMES)


def _fits(word: str, rhymes: frozenset[str]) -> bool:
    return any(
        rest in rhymes and _spelled(onset, rest) for onset, rest in _splits(word)
    ) or word in {"gi", "gin", "giêng", "gieng"}


def _splits(word: str) -> list[tuple[str, str]]:
    splits = [("", word)]
    splits += [(onset, word[len(onset) :]) for onset in _ONSETS if word.startswith(onset)]
    return splits


def _spelled(onset: str, rhyme: str) -> bool:
    """The spelling rules that tie an onset's letters to the vowel after it."""
    front = rhyme.startswith(_FRONT)
    if onset in {"k", "gh", "ngh"}:
        return front
    if onset in {"c", "g", "ng"}:
        return not front
    if onset == "qu":
        return not rhyme.startswith(("u", "o", "ư", "ô"))
    return True


def plain(text: str) -> str:
    """Return the text with Vietnamese and other Latin marks removed and case kept, đ as d."""
    bare = nfc(text).replace("đ", "d").replace("Đ", "D")
    return nfc(re.sub(r"[\u0300-\u036f]", "", unicodedata.normalize("NFD", bare)))


@lru_cache(maxsize=20_000)
def is_plain(word: str) -> bool:
    """Tell whether a word consists of unmarked Latin letters alone."""
    return word.isascii() and word.isalpha()


def with_case(syllable: str, like: str) -> str:
    """Return a lower-case syllable in the letter case of `like`."""
    if like.islower():
        return syllable
    if like.isupper() and len(like) > 1:
        return syllable.upper()
    if len(like) == len(syllable):
        return "".join(
            sign.upper() if model.isupper() else sign
            for sign, model in zip(syllable, like, strict=True)
        )
    return syllable.capitalize() if like[0].isupper() else syllable
