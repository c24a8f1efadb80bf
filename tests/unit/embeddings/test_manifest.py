"""Folders are whole or absent, damage is seen, the pointer moves in one step."""

from pathlib import Path

import pytest

from embeddings import manifest
from embeddings.errors import ArtifactError

REMEDY = "Run `ketnoi index`."


def _fill(folder: Path) -> None:
    (folder / "part").mkdir()
    (folder / "part" / "a.txt").write_text("một", encoding="utf-8")
    (folder / "b.txt").write_text("hai", encoding="utf-8")


def test_folder_written_verifies(tmp_path: Path) -> None:
    written = manifest.write_folder_atomically(
        tmp_path / "v1", _fill, kind="index", info={"rows": 3}
    )
    read = manifest.verify(tmp_path / "v1", kind="index", remedy=REMEDY)
    assert read == written
    assert sorted(read.files) == ["b.txt", "part/a.txt"]
    assert read.info == {"rows": 3}


def test_failed_fill_leaves_nothing(tmp_path: Path) -> None:
    def broken(folder: Path) -> None:
        _fill(folder)
        raise RuntimeError("disk full")

    with pytest.raises(RuntimeError):
        manifest.write_folder_atomically(tmp_path / "v1", broken, kind="index")
    assert list(tmp_path.iterdir()) == []


def test_existing_folder_is_never_overwritten(tmp_path: Path) -> None:
    manifest.write_folder_atomically(tmp_path / "v1", _fill, kind="index")
    with pytest.raises(ArtifactError) as caught:
        manifest.write_folder_atomically(tmp_path / "v1", _fill, kind="index")
    assert caught.value.code == "artifact.exists"


def test_folder_of_a_faster_builder_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "v1"

    def slow(folder: Path) -> None:
        manifest.write_folder_atomically(target, _fill, kind="index", info={"by": "fast"})
        (folder / "late.txt").write_text("x")

    with pytest.raises(ArtifactError):
        manifest.write_folder_atomically(target, slow, kind="index")
    assert manifest.verify(target, kind="index", remedy=REMEDY).info == {"by": "fast"}
    assert [path.name for path in tmp_path.iterdir()] == ["v1"]


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda f: (f / "b.txt").write_text("hay"), "artifact.damaged"),
        (lambda f: (f / "b.txt").write_text("longer"), "artifact.damaged"),
        (lambda f: (f / "b.txt").unlink(), "artifact.damaged"),
        (lambda f: (f / "manifest.json").write_text("{"), "artifact.manifest"),
        (lambda f: (f / "manifest.json").write_text("[]"), "artifact.manifest"),
        (lambda f: (f / "manifest.json").unlink(), "artifact.missing"),
    ],
    ids=["changed", "longer", "removed", "cut manifest", "list manifest", "no manifest"],
)
def test_damage_is_found_with_remedy(tmp_path: Path, damage: object, code: str) -> None:
    folder = tmp_path / "v1"
    manifest.write_folder_atomically(folder, _fill, kind="index")
    assert callable(damage)
    damage(folder)
    with pytest.raises(ArtifactError, match="ketnoi index") as caught:
        manifest.verify(folder, kind="index", remedy=REMEDY)
    assert caught.value.code == code


def test_another_kind_is_refused(tmp_path: Path) -> None:
    manifest.write_folder_atomically(tmp_path / "v1", _fill, kind="release")
    with pytest.raises(ArtifactError) as caught:
        manifest.verify(tmp_path / "v1", kind="index", remedy=REMEDY)
    assert caught.value.code == "artifact.kind"


def test_publish_moves_the_pointer(tmp_path: Path) -> None:
    assert manifest.current(tmp_path) is None
    for name in ("v1", "v2"):
        manifest.write_folder_atomically(tmp_path / name, _fill, kind="index")
        manifest.publish(tmp_path, name)
        assert manifest.current(tmp_path) == tmp_path / name
    assert sorted(path.name for path in tmp_path.iterdir()) == ["current", "v1", "v2"]


@pytest.mark.parametrize("name", ["", "absent", "../v1", "v1/part"])
def test_publish_of_what_is_not_there_keeps_the_pointer(tmp_path: Path, name: str) -> None:
    manifest.write_folder_atomically(tmp_path / "v1", _fill, kind="index")
    manifest.publish(tmp_path, "v1")
    with pytest.raises(ArtifactError):
        manifest.publish(tmp_path, name)
    assert manifest.current(tmp_path) == tmp_path / "v1"
