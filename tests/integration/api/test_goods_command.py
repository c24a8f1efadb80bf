"""`ketnoi goods` on a small made-up home: the JSON's shape, the ledger, wrong calls."""

import json
from pathlib import Path

import pytest

from api.cli.main import main
from data.ledger import verify_ledger
from data.session import connect, read

OFFERS = """offer_id,product,product_en,seller,category,certificates,volume
o1,Xoài cát,mango,HTX Một,fruit,VietGAP,300 tấn/năm
o2,Gạo nếp,sticky rice,HTX Hai,rice,,
"""
REQUESTS = """request_id,product,product_en,buyer,category,requirements
r1,xoài,mango,Bên mua,fruit,"VietGAP; 20 tấn/tháng; HACCP"
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KETNOI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KETNOI_ENCODER", "hashing")
    for kind, text in (("offers", OFFERS), ("requests", REQUESTS)):
        file = tmp_path / f"{kind}.csv"
        file.write_text(text, encoding="utf-8")
        assert main(["import", kind, str(file)]) == 0
    return tmp_path / "home"


def test_offers_for_a_request_have_the_shape_of_a_shortlist(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["goods", "--request", "r1", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["request_id"] == "r1"
    first = document["items"][0]
    assert (first["rank"], first["offer_id"], first["seller"]) == (1, "o1", "HTX Một")
    checks = {one["rule"]: one["verdict"] for one in first["eligibility"]["checks"]}
    assert checks == {
        "requirement.vietgap": "eligible",
        "requirement.haccp": "needs check",
        "requirement.volume": "eligible",
    }
    assert {"code", "vi", "en", "contribution", "evidence"} == set(first["reasons"][0])
    database = connect(f"sqlite:///{home / 'ketnoi.sqlite'}")
    with read(database) as connection:
        check = verify_ledger(connection)
    assert (check.whole, check.slates) == (True, 1)
    database.dispose()


@pytest.mark.usefixtures("home")
def test_requests_for_an_offer_and_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["goods", "--offer", "o1"]) == 0
    assert "[r1]" in capsys.readouterr().out
    assert main(["goods", "--text", "mango", "--lang", "en"]) == 0
    told = capsys.readouterr().out
    assert "1. mango · HTX Một [o1]" in told


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], 2),
        (["--request", "r1", "--offer", "o1"], 2),
        (["--request", "r9"], 1),
        (["--text", " "], 1),
    ],
)
def test_wrong_calls_say_so(arguments: list[str], code: int) -> None:
    assert main(["goods", *arguments]) == code
