"""Read Hangul and kana aloud in Latin letters, and reduce names to what survives transliteration.

Hangul by the Revised Romanization of single syllables, kana by Hepburn; Han characters have no
reading without a dictionary and are left to the table of brands.
"""

import re
import unicodedata

_SPELT = (
    "g kk n d tt r m b pp s ss - j jj ch k t p h",
    "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i",
    "- k k k n n n t l l l l l l l l m p p t t ng t t k t p t",
)
_LEADS, _VOWELS, _TAILS = (part.split() for part in _SPELT)
_HANGUL = 0xAC00
_LETTER_NAMES = (
    ("더블유", "w"), ("에이치", "h"), ("에이", "a"), ("에프", "f"), ("에스", "s"), ("에이", "a"),
    ("엘", "l"), ("엠", "m"), ("엔", "n"), ("제이", "j"), ("케이", "k"), ("지", "g"), ("씨", "c"),
    ("디", "d"), ("비", "b"), ("피", "p"), ("티", "t"), ("이", "e"), ("오", "o"), ("유", "u"),
)  # fmt: skip
_KANA = {
    "ア": "a", "イ": "i", "ウ": "u", "エ": "e", "オ": "o", "カ": "ka", "キ": "ki", "ク": "ku",
    "ケ": "ke", "コ": "ko", "サ": "sa", "シ": "shi", "ス": "su", "セ": "se", "ソ": "so", "タ": "ta",
    "チ": "chi", "ツ": "tsu", "テ": "te", "ト": "to", "ナ": "na", "ニ": "ni", "ヌ": "nu",
    "ネ": "ne", "ノ": "no", "ハ": "ha", "ヒ": "hi", "フ": "fu", "ヘ": "he", "ホ": "ho", "マ": "ma",
    "ミ": "mi", "ム": "mu", "メ": "me", "モ": "mo", "ヤ": "ya", "ユ": "yu", "ヨ": "yo", "ラ": "ra",
    "リ": "ri", "ル": "ru", "レ": "re", "ロ": "ro", "ワ": "wa", "ヲ": "o", "ン": "n", "ガ": "ga",
    "ギ": "gi", "グ": "gu", "ゲ": "ge", "ゴ": "go", "ザ": "za", "ジ": "ji", "ズ": "zu", "ゼ": "ze",
    "ゾ": "zo", "ダ": "da", "ヂ": "ji", "ヅ": "zu", "デ": "de", "ド": "do", "バ": "ba", "ビ": "bi",
    "ブ": "bu", "ベ": "be", "ボ": "bo", "パ": "pa", "ピ": "pi", "プ": "pu", "ペ": "pe", "ポ": "po",
    "ヴ": "v",
}  # fmt: skip
_SMALL = {"ャ": "ya", "ュ": "yu", "ョ": "yo", "ァ": "a", "ィ": "i", "ゥ": "u", "ェ": "e", "ォ": "o"}
_FOREIGN = re.compile(r"[\u1100-\u11ff\uac00-\ud7a3\u3040-\u30ff\u3400-\u9fff]")


def is_foreign_script(text: str) -> bool:
    """Tell whether the text holds Hangul, kana or Han characters."""
    return _FOREIGN.search(text) is not None


def romanise(text: str) -> str:
    """Return the text with Hangul and kana in Latin letters; other signs stay as they are."""
    out: list[str] = []
    for sign in unicodedata.normalize("NFC", text):
        code = ord(sign) - _HANGUL
        kana = chr(ord(sign) + 0x60) if "ぁ" <= sign <= "ゖ" else sign
        if 0 <= code < 11172:
            lead, rest = divmod(code, 588)
            vowel, tail = divmod(rest, 28)
            out.append((_LEADS[lead] + _VOWELS[vowel] + _TAILS[tail]).replace("-", ""))
        elif kana in _SMALL:
            _join_small(out, _SMALL[kana])
        elif kana in "ッー・":
            continue
        else:
            out.append(_KANA.get(kana, sign))
    return "".join(out)


def spelt_letters(text: str) -> str:
    """Return Latin letters for a Hangul word that spells them, "엘지" → "lg"; else ""."""
    out, rest = "", text
    while rest:
        found = next((pair for pair in _LETTER_NAMES if rest.startswith(pair[0])), None)
        if found is None:
            return ""
        out, rest = out + found[1], rest[len(found[0]) :]
    return out if len(out) > 1 else ""


def skeleton(text: str) -> str:
    """Return the consonants of a folded Latin name, sounds that scripts confuse made one.

    "samsung" and "samseong" give the same; short results say little: ask for three signs or more.
    """
    word = re.sub(r"[^a-z0-9]", "", text)
    for old, new in _ALIKE:
        word = word.replace(old, new)
    bare = word[:1].translate(_NO_VOWEL) + re.sub(r"[aeiouyw]", "", word[1:])
    return re.sub(r"(.)\1+", r"\1", bare)


def _join_small(out: list[str], small: str) -> None:
    """A small kana changes the vowel of the one before: "キャ" is kya, "ファ" fa."""
    if not out:
        out.append(small)
    elif small.startswith("y") and out[-1].endswith("i"):
        stem = out[-1][:-1]
        out[-1] = stem + (small[1:] if stem in ("sh", "ch", "j") else small)
    else:
        out[-1] = out[-1][:-1] + small


_ALIKE = (
    ("ph", "p"), ("f", "p"), ("v", "b"), ("th", "t"), ("ch", "j"), ("sh", "s"), ("ts", "t"),
    ("ck", "k"), ("c", "k"), ("q", "k"), ("x", "ks"), ("z", "j"), ("g", "k"), ("d", "t"),
    ("b", "p"), ("r", "l"), ("nk", "n"), ("h", ""),
)  # fmt: skip
_NO_VOWEL = str.maketrans("eiouwy", "aaaaaa")
