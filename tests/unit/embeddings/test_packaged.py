"""When the packaged encoder is made, kept and made again (the making itself is integration)."""

from pathlib import Path

import pytest

from embeddings import packaged
from embeddings.errors import EncoderError
from embeddings.manifest import MANIFEST, write_folder_atomically
from embeddings.onnx_export import ONNX_FILE, RECIPE


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Replace the making by an instant one that remembers its calls."""
    made: list[Path] = []

    def build(target: Path, source: Path) -> None:
        made.append(source)

        def fill(folder: Path) -> None:
            for name in (ONNX_FILE, "tokenizer.json", "model.safetensors"):
                (folder / name).write_text(name)

        write_folder_atomically(target, fill, kind="encoder", info={"recipe": RECIPE})

    monkeypatch.setattr(packaged, "_build", build)
    return made


def test_folder_is_made_once(tmp_path: Path, builds: list[Path]) -> None:
    source = tmp_path / "packed.bin"
    assert not packaged.is_materialised(tmp_path / "models")
    first = packaged.materialise(tmp_path / "models", source=source)
    assert packaged.materialise(tmp_path / "models", source=source) == first
    assert builds == [source]
    assert packaged.is_materialised(tmp_path / "models")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (ONNX_FILE, "MODEL_INT8.ONNX"),
        ("model.safetensors", "short"),
        (MANIFEST, "{}"),
        (MANIFEST, "{"),
    ],
    ids=["served file changed", "weights cut", "empty manifest", "manifest cut"],
)
def test_damaged_folder_is_made_again(
    tmp_path: Path, builds: list[Path], name: str, content: str
) -> None:
    source = tmp_path / "packed.bin"
    folder = packaged.materialise(tmp_path, source=source)
    (folder / name).write_text(content)
    packaged.materialise(tmp_path, source=source)
    assert len(builds) == 2
    assert (folder / ONNX_FILE).read_text() == ONNX_FILE


def test_other_recipe_is_made_again(
    tmp_path: Path, builds: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    packaged.materialise(tmp_path, source=tmp_path)
    monkeypatch.setattr(packaged, "RECIPE", "int8-next")
    packaged.materialise(tmp_path, source=tmp_path)
    assert len(builds) == 2


def test_leftovers_of_a_killed_build_are_removed(tmp_path: Path, builds: list[Path]) -> None:
    (tmp_path / ".tmp-e5-small-x").mkdir()
    packaged.materialise(tmp_path, source=tmp_path)
    assert [path.name for path in tmp_path.glob(".tmp-*")] == []
    assert len(builds) == 1


def test_absent_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaged, "_PACKAGE", "no_such_package_here")
    with pytest.raises(EncoderError, match="make setup") as caught:
        packaged.packaged_file()
    assert caught.value.code == "encoder.package"
