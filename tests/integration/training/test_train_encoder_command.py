"""`ketnoi train encoder`: what it refuses, what it writes, and that a loser leaves nothing."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from api.cli.main import app
from data.errors import KetnoiError
from embeddings.adapter import Adapter, write_adapter
from embeddings.encoder import load_encoder
from embeddings.manifest import verify
from embeddings.packaged import KIND
from embeddings.protocol import ACTIVITIES
from tests.support.tiny_encoder import DIM, tiny_encoder
from training.finetune import encoder as making
from training.finetune.encoder import METRICS
from training.finetune.measures import NEEDED, EncoderDuel, Measures

BASE = Measures(
    profiles={"choose": {"vi": 0.70, "en": 0.60}},
    overlap={"choose": {"vi": 1.0, "en": 0.5}},
    titles={"vi→en": 0.7, "en→vi": 0.8},
    passages={"vi→vi": 0.895, "en→vi": 0.744},
    goods={"choose": {"vi": 0.9, "en": 0.9}},
)
BETTER = replace(
    BASE, profiles={"choose": {"vi": 0.72, "en": 0.62}}, titles={"vi→en": 0.8, "en→vi": 0.8}
)


@pytest.mark.parametrize(
    ("tuned", "won"),
    [
        (BETTER, True),
        (BASE, False),
        (replace(BETTER, titles=BASE.titles), False),
        (replace(BETTER, profiles={"choose": {"vi": 0.71, "en": 0.61}}), False),
        (replace(BETTER, passages={"vi→vi": 0.889, "en→vi": 0.80}), False),
        (replace(BETTER, passages={"vi→vi": 0.891, "en→vi": 0.740}), True),
    ],
    ids=["better", "the same", "no titles", "too little", "forgot", "forgot hardly"],
)
def test_an_encoder_must_gain_in_the_field_and_forget_nothing(tuned: Measures, won: bool) -> None:
    assert EncoderDuel(tuned, BASE).won is won


def test_help_says_how_the_folder_is_used() -> None:
    result = CliRunner().invoke(app, ["train", "encoder", "--help"])
    assert result.exit_code == 0
    assert "KETNOI_ENCODER=DIR" in result.output
    assert "--force" in result.output


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--out", "there"],
        ["--out", "new", "--steps", "0"],
        ["--out", "new", "--shared", "nowhere"],
        ["--out", "new", "--adapter", "nowhere.safetensors"],
        ["--out", "new", "--seed", "x"],
    ],
    ids=["no folder", "exists", "no steps", "no facts", "no adapter", "seed"],
)
def test_wrong_call_is_refused_before_any_work(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").mkdir()
    (tmp_path.parent / "shared").mkdir(exist_ok=True)
    assert CliRunner().invoke(app, ["train", "encoder", *arguments]).exit_code == 2
    assert not (tmp_path / "new").exists()


def test_missing_table_is_named_with_the_remedy(tmp_path: Path) -> None:
    shared = tmp_path / "facts"
    shared.mkdir()
    result = CliRunner().invoke(
        app, ["train", "encoder", "--out", str(tmp_path / "new"), "--shared", str(shared)]
    )
    assert isinstance(result.exception, KetnoiError)
    assert "industry_codes" in str(result.exception)
    assert "--shared DIR" in str(result.exception)
    assert "--shared DIR" in (result.exception.message_vi or "")


@pytest.fixture
def arguments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A call that tunes a tiny encoder by a ready adapter; nothing is measured in earnest."""
    base = tiny_encoder(tmp_path / "base", words=["vi", "en", "query", "passage", ":"])
    shared = tmp_path / "facts"
    for path in NEEDED:
        (shared / path).mkdir(parents=True)
    name = "encoder.layer.1.output.dense.weight"
    rng = np.random.default_rng(1)
    down = rng.normal(size=(2, 2 * DIM)).astype(np.float32)
    up = rng.normal(size=(DIM, 2)).astype(np.float32)
    adapter = tmp_path / "adapter.safetensors"
    write_adapter(adapter, Adapter({name: down}, {name: up}))
    monkeypatch.setenv("KETNOI_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(making, "materialise", lambda _: base)
    monkeypatch.setattr(making, "NAME", f"{base}:torch")
    monkeypatch.setattr(making, "industry_titles", lambda _: [])
    monkeypatch.setattr(
        making, "write_model", lambda path, **_: path.write_bytes(b"as fitted to it")
    )
    out = tmp_path / "made" / "tuned"
    return [
        "train",
        "encoder",
        "--out",
        str(out),
        "--shared",
        str(shared),
        "--adapter",
        str(adapter),
    ]


def _measured(monkeypatch: pytest.MonkeyPatch, tuned: Measures) -> None:
    monkeypatch.setattr(
        making, "measure", lambda encoder, _: tuned if "tuned" in encoder.id else BASE
    )


@pytest.mark.slow
def test_winner_is_written_whole_with_its_activities_and_figures(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _measured(monkeypatch, BETTER)
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, (result.output, result.exception)
    folder = tmp_path / "made" / "tuned"
    assert f"KETNOI_ENCODER={folder}" in result.output
    assert set(verify(folder, kind=KIND, remedy="").files) >= {
        "adapter.safetensors",
        "model.safetensors",
        "model_int8.onnx",
        ACTIVITIES,
        METRICS,
    }
    encoder = load_encoder(str(folder), cache_dir=tmp_path)
    assert encoder.activity_file == folder / ACTIVITIES
    assert json.loads((folder / METRICS).read_text())["tuned"]["passages"]["vi→vi"] == 0.895
    assert [path.name for path in folder.parent.iterdir()] == ["tuned"]


@pytest.mark.slow
def test_loser_leaves_nothing_unless_it_is_forced(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _measured(monkeypatch, BASE)
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, (result.output, result.exception)
    assert "Nothing was written; --force" in result.output
    assert list((tmp_path / "made").iterdir()) == []
    forced = CliRunner().invoke(app, [*arguments, "--force"])
    assert forced.exit_code == 0, (forced.output, forced.exception)
    assert "does not earn its place" in forced.output
    assert (tmp_path / "made" / "tuned" / METRICS).is_file()
