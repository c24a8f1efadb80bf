"""Tuning a tiny encoder for two steps: the folder it gives, and that it gives it again."""

from pathlib import Path

import numpy as np
import pytest

from embeddings.adapter import Adapter, read_adapter
from embeddings.encoder import load_encoder
from embeddings.manifest import verify
from embeddings.packaged import KIND
from embeddings.tuned import ADAPTER, write_tuned
from tests.support.tiny_encoder import tiny_encoder
from training.finetune.loop import Look, LoopConfig, tune
from training.finetune.lowrank import TunableEncoder
from training.finetune.texts import Concepts

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("default::DeprecationWarning"),
    pytest.mark.filterwarnings("default::FutureWarning"),
]

WORDS = [f"{language}{n}" for language in ("vi", "en") for n in range(8)]
TEXTS = ["query: vi0 en1", "passage: en3 vi2 vi7", "query: vi5"]


def concepts() -> Concepts:
    names = tuple({"vi": (f"vi{n}",), "en": (f"en{n}",)} for n in range(8))
    none = np.zeros((8, 8), dtype=bool)
    return Concepts(tuple(str(n) for n in range(8)), names, np.eye(8, dtype=bool), none)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    words = [*WORDS, "query", "passage", ":"]
    return tiny_encoder(tmp_path_factory.mktemp("tiny") / "base", words=words)


def trained(base: Path, seed: int = 7) -> tuple[TunableEncoder, Adapter, list[Look]]:
    encoder = TunableEncoder(base, rank=2, layers=1, seed=seed)
    looked = iter(range(10))
    adapter, looks = tune(
        encoder,
        activities=concepts(),
        titles=concepts(),
        unrelated=["vi1 vi3 vi4", "en2 en6"],
        judge=lambda _: float(next(looked)),  # better at each look, so that the last is kept
        config=LoopConfig(steps=2, size=8, look=1, warm_up=1, learning_rate=1e-2, seed=seed),
    )
    return encoder, adapter, looks


def test_untrained_it_gives_the_vectors_of_its_folder(base: Path) -> None:
    tunable = TunableEncoder(base, rank=2, layers=2)
    encoder = load_encoder(f"{base}:torch", cache_dir=base.parent)
    plain = [text.removeprefix("query: ") for text in TEXTS if text.startswith("query")]
    ours = tunable.vectors([f"query: {text}" for text in plain])
    np.testing.assert_allclose(ours, encoder.encode_queries(plain), atol=1e-5)


def test_a_seed_gives_the_same_adapter_and_another_a_different_one(base: Path) -> None:
    _, first, looks = trained(base)
    _, again, _ = trained(base)
    _, other, _ = trained(base, seed=8)
    assert [look.step for look in looks] == [0, 1, 2]
    assert first.digest() == again.digest() != other.digest()
    assert any(np.abs(up).max() > 0 for up in first.up.values())
    assert {name.split(".")[2] for name in first.down} == {"1"}  # the upper layer alone


def test_an_adapter_that_gains_nothing_changes_nothing(base: Path) -> None:
    falling = [0.5, 0.4, 0.3]
    adapter, _ = tune(
        TunableEncoder(base, rank=2, layers=1),
        activities=concepts(),
        titles=concepts(),
        unrelated=[],
        judge=lambda _: falling.pop(0),
        config=LoopConfig(steps=2, size=8, look=1, warm_up=1),
    )
    assert all(not up.any() for up in adapter.up.values())


def test_folder_of_a_tuned_encoder_equals_the_trained_one(base: Path, tmp_path: Path) -> None:
    encoder, adapter, _ = trained(base)
    folder = tmp_path / "tuned"
    write_tuned(folder, base, adapter, info={"tuned": {"seed": 7}})
    manifest = verify(folder, kind=KIND, remedy="")
    assert manifest.info["base"] == "tiny-1"
    assert manifest.info["model"] == f"tiny-1-tuned-{adapter.digest()[:8]}"
    assert read_adapter(folder / ADAPTER).digest() == adapter.digest()
    merged = load_encoder(f"{folder}:torch", cache_dir=tmp_path)
    served = load_encoder(str(folder), cache_dir=tmp_path)
    plain = ["vi0 en1", "en3 vi2 vi7", "vi5"]
    wanted = encoder.vectors([f"query: {text}" for text in plain])
    np.testing.assert_allclose(merged.encode_queries(plain), wanted, atol=1e-5)
    untouched = load_encoder(f"{base}:torch", cache_dir=tmp_path).encode_queries(plain)
    assert np.abs(untouched - wanted).max() > 1e-3
    assert (served.encode_queries(plain) * wanted).sum(axis=1).min() > 0.99
    assert served.id.split("/")[0] == merged.id.split("/")[0] == manifest.info["model"]
