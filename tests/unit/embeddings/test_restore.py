"""Tone restoration: what changes, what must not, letter case, slips and raw keystrokes."""

import unicodedata
from pathlib import Path

import numpy as np
import pytest

from embeddings.errors import ArtifactError
from embeddings.restoration.keystrokes import decode
from embeddings.restoration.model import load_model
from embeddings.restoration.syllables import is_folded_syllable, is_syllable, plain, with_case
from embeddings.restore import ToneRestorer


@pytest.fixture(scope="module")
def restorer() -> ToneRestorer:
    return ToneRestorer()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("nha dau tu benh vien tu nhan", "nhà đầu tư bệnh viện tư nhân"),
        ("chan nuoi bo sua", "chăn nuôi bò sữa"),
        ("nha may dien gio ngoai khoi", "nhà máy điện gió ngoài khơi"),
        ("ca phe hoa tan", "cà phê hòa tan"),
        ("KCN VSIP o Nghe An", "KCN VSIP ở Nghệ An"),
        ("THANH HOA", "THANH HÓA"),
        ("Thanh Hoa, Nghe An (Bac Trung Bo)", "Thanh Hóa, Nghệ An (Bắc Trung Bộ)"),
        ("VinFast xay nha may pin", "VinFast xây nhà máy pin"),
        ("Dak Lak", "Đắk Lắk"),
    ],
)
def test_toneless_vietnamese_gets_its_tones(
    restorer: ToneRestorer, written: str, meant: str
) -> None:
    assert restorer(written) == meant


@pytest.mark.parametrize(
    "text",
    [
        "private hospital investor",
        "LNG power plant Nghi Son",
        "민간 병원 투자",
        "病院への投資、Thanh Hoa 省",
        "私立医院投资",
        "nhà máy điện gió ngoài khơi ở Thanh Hoá",
        unicodedata.normalize("NFD", "nhà máy điện gió"),
        "https://thanhhoa.gov.vn/du-an-keu-goi",
        "KCN, FDI, 36.523,5 — A4",
        "Samsung VinFast",
        "société générale",
        "  \n\t",
        "",
    ],
)
def test_other_text_comes_back_untouched(restorer: ToneRestorer, text: str) -> None:
    restored = restorer.restore(text)
    assert restored.text == text
    assert not restored.changed


def test_link_number_and_spaces_inside_restored_text_stay(restorer: ToneRestorer) -> None:
    text = "nha  may 20-30 ha,\nxem https://a.vn/nha-may (KKT)"
    assert restorer(text) == "nhà  máy 20-30 ha,\nxem https://a.vn/nha-may (KKT)"


def test_partly_toned_text_changes_only_what_cannot_stand(restorer: ToneRestorer) -> None:
    assert restorer("nhà may dien gió") == "nhà may điện gió"


def test_text_with_few_tones_counts_as_toneless(restorer: ToneRestorer) -> None:
    assert restorer("nha may che bien thuy san ở Nghe An") == "nhà máy chế biến thủy sản ở Nghệ An"


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("benh vein tu nhan", "bệnh viện tư nhân"),
        ("nha may dien mat troii", "nhà máy điện mặt trời"),
        ("du an nhamay dien rac", "dự án nhà máy điện rác"),
    ],
)
def test_slip_is_mended_where_neighbours_know(
    restorer: ToneRestorer, slip: str, meant: str
) -> None:
    assert restorer(slip) == meant


def test_unknown_word_without_support_stays(restorer: ToneRestorer) -> None:
    assert "xyzzy" in restorer("nha may xyzzy o Nghe An")


@pytest.mark.parametrize(
    ("keys", "meant"),
    [
        ("dieenj gios", "điện gió"),
        ("nhaf maý", "nhà máy"),
        ("benh65 vien65", "bệnh viện"),
    ],
)
def test_raw_keystrokes_become_letters(restorer: ToneRestorer, keys: str, meant: str) -> None:
    assert restorer(keys) == meant


def test_english_that_looks_like_keystrokes_stays(restorer: ToneRestorer) -> None:
    text = "Who is the chair of the cars firms?"
    assert restorer(text) == text


@pytest.mark.parametrize(
    ("keys", "syllable"),
    [("duwowngf", "đường"), ("dduwowngf", "đường"), ("ddat61", None), ("quyee5t", None)],
)
def test_decode_knows_telex_only_in_full(keys: str, syllable: str | None) -> None:
    found = decode(keys, {"đường", "đất", "dường"})
    assert (syllable in found) if syllable else not found


def test_restoring_twice_changes_nothing_more(restorer: ToneRestorer) -> None:
    once = restorer("trung tam logistics va cang can o Ha Tinh")
    assert restorer(once) == once


def test_confidence_is_lower_for_unknown_pairs(restorer: ToneRestorer) -> None:
    known = restorer.restore("nha may dien mat troi").confidence
    odd = restorer.restore("troi may tinh hoa dau lan").confidence
    assert 0.0 <= odd < known <= 1.0


@pytest.mark.parametrize("word", ["may", "nha", "việt", "nghiêng", "quý", "giếng", "khuỷu", "gì"])
def test_syllable_that_can_stand(word: str) -> None:
    assert is_syllable(word)
    assert is_folded_syllable(plain(word))


@pytest.mark.parametrize("word", ["dien", "dat", "viet", "samsung", "cen", "ngi", "việ1", "bàt"])
def test_letters_that_are_no_syllable_as_written(word: str) -> None:
    assert not is_syllable(word)


@pytest.mark.parametrize(
    ("like", "cased"), [("HOA", "HÓA"), ("Hoa", "Hóa"), ("hoa", "hóa"), ("hOa", "hÓa")]
)
def test_case_follows_what_was_written(like: str, cased: str) -> None:
    assert with_case("hóa", like) == cased


def test_damaged_model_names_the_remedy(tmp_path: Path) -> None:
    path = tmp_path / "tones.npz"
    path.write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(ArtifactError, match=r"training\.restorer"):
        load_model(path)


def test_model_of_another_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tones.npz"
    np.savez_compressed(path, allow_pickle=False, format=np.array(99))
    with pytest.raises(ArtifactError, match="format"):
        load_model(path)
