"""Province names inside free text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.reference.province_mentions import find_provinces


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("Nhà máy tại Thanh Hóa và Nghệ An", ["Thanh Hóa", "Nghệ An"]),
        ("nha dau tu o thanh hoa", ["thanh hoa"]),
        ("nghi duong o da nang", ["da nang"]),
        ("tỉnh Hòa Bình", ["Hòa Bình"]),
        ("THANH HOÁ – NGHỆ AN", ["THANH HOÁ", "NGHỆ AN"]),
        ("resort in Hue, near Da Nang", ["Hue", "Da Nang"]),
        ("Bà Rịa – Vũng Tàu, TP.HCM", ["Bà Rịa – Vũng Tàu", "TP.HCM"]),
        ("베트남 하노이와 호치민시에 투자", ["하노이", "호치민"]),
        ("ハノイとホーチミン市で", ["ハノイ", "ホーチミン"]),
        ("100公顷以上，在清化省", ["清化"]),
        ("quang tri", ["quang tri"]),
        ("sản xuất ở Đăk Lăk, Đắc Nông", ["Đăk Lăk", "Đắc Nông"]),
    ],
)
def test_find_provinces_takes_names(text: str, spans: list[str]) -> None:
    assert [text[m.start : m.end] for m in find_provinces(text)] == spans


@pytest.mark.parametrize(
    "text",
    [
        "nha may da nang",
        "khu vực Thái Bình Dương",
        "vì hòa bình thế giới",
        "đường Điện Biên Phủ",
        "dien bien thi truong",
        "hai phong ngu",
        "cao bằng nhau",
        "a nice hue of color",
        "Hạ Nam",
        "和平发展",
        "점심 후에 만나요",
        "河南省经济",
        "hop tac lam dong",
        "",
    ],
)
def test_find_provinces_leaves_plain_words(text: str) -> None:
    assert find_provinces(text) == []


def test_find_provinces_spans_fit_decomposed_text() -> None:
    text = unicodedata.normalize("NFD", "ở Thanh Hoá và 하노이")
    spans = [unicodedata.normalize("NFC", text[m.start : m.end]) for m in find_provinces(text)]
    assert spans == ["Thanh Hoá", "하노이"]


@given(st.text(max_size=60))
def test_find_provinces_never_overlaps(text: str) -> None:
    at = 0
    for mention in find_provinces(text):
        assert at <= mention.start < mention.end <= len(text)
        at = mention.end
