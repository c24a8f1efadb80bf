"""Languages of short texts: scripts, marks, word lists, mixed texts."""

import unicodedata

import pytest

from embeddings.language import detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("nhà đầu tư bệnh viện tư nhân", "vi"),
        ("Dự án LNG Nghi Sơn power plant", "vi"),
        ("nhà may dien gió", "vi"),
        ("nha dau tu benh vien tu nhan", "vi-toneless"),
        ("KCN VSIP o Nghe An", "vi-toneless"),
        ("THANH HOA", "vi-toneless"),
        ("resort 5 sao ven bien", "vi-toneless"),
        ("LNG power plant Nghi Son", "en"),
        ("wind farm in Binh Thuan", "en"),
        ("Investment in Thanh Hóa province", "en"),
        ("private hospital investor", "en"),
        ("민간 병원 투자, Thanh Hoa", "ko"),
        ("ベトナムで病院に投資したい", "ja"),
        ("寻找海上风电项目", "zh"),
        ("production d'électricité à la société générale", "other"),
        ("12.345 / 67 %", "other"),
        ("", "other"),
    ],
)
def test_language_of_short_text(text: str, language: str) -> None:
    assert detect_language(text).language == language


def test_language_is_the_same_for_decomposed_text() -> None:
    text = "nhà máy chế biến thủy sản"
    assert detect_language(unicodedata.normalize("NFD", text)) == detect_language(text)


def test_link_is_no_evidence_of_language() -> None:
    assert detect_language("https://example.vn/du-an-dau-tu").language == "other"


@pytest.mark.parametrize("text", ["nha may", "solar farm", "투자", "", "x"])
def test_confidence_lies_between_zero_and_one(text: str) -> None:
    assert 0.0 <= detect_language(text).confidence <= 1.0
