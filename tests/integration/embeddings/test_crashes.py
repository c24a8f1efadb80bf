"""Killed and concurrent processes: what was good stays good, nothing is half there."""

import subprocess
import sys
from pathlib import Path

import pytest

from embeddings import manifest
from embeddings.cache import VectorCache


@pytest.mark.parametrize("step", ["fill", "rename", "pointer"])
def test_killed_build_leaves_the_last_good_one(tmp_path: Path, step: str) -> None:
    manifest.write_folder_atomically(
        tmp_path / "v1", lambda folder: (folder / "b.txt").touch(), kind="index"
    )
    manifest.publish(tmp_path, "v1")
    code = f"""
import os, signal, pathlib
from embeddings import manifest
def die(*a, **k): os.kill(os.getpid(), signal.SIGKILL)
def fill(folder):
    (folder / "b.txt").write_text("hai")
    if "{step}" == "fill": die()
if "{step}" == "rename": pathlib.Path.rename = die
if "{step}" == "pointer": pathlib.Path.replace = die
root = pathlib.Path({str(tmp_path)!r})
manifest.write_folder_atomically(root / "v2", fill, kind="index")
manifest.publish(root, "v2")
"""
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == -9
    found = manifest.current(tmp_path)
    assert found == tmp_path / "v1"
    manifest.verify(found, kind="index", remedy="")
    manifest.remove_leftovers(tmp_path)
    assert not list(tmp_path.glob(".tmp-*"))


def test_killed_writer_loses_only_its_last_part(tmp_path: Path) -> None:
    code = f"""
import os, signal, pathlib
from embeddings.cache import CachedEncoder, VectorCache
from embeddings.encoder import HashingEncoder
def step(done, total):
    if done >= 6: os.kill(os.getpid(), signal.SIGKILL)
cache = VectorCache(pathlib.Path({str(tmp_path / "c.db")!r}))
CachedEncoder(HashingEncoder(), cache, progress=step, part=2).encode_queries(list("abcdefghij"))
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -9
    assert len(VectorCache(tmp_path / "c.db")) == 6


def test_two_writers_at_once_keep_everything(tmp_path: Path) -> None:
    code = f"""
import sys, pathlib
from embeddings.cache import CachedEncoder, VectorCache
from embeddings.encoder import HashingEncoder
cache = VectorCache(pathlib.Path({str(tmp_path / "c.db")!r}))
texts = [sys.argv[1] + str(n) for n in range(60)]
CachedEncoder(HashingEncoder(16), cache, part=3).encode_queries(texts)
"""
    writers = [subprocess.Popen([sys.executable, "-c", code, name]) for name in "xyz"]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    assert len(VectorCache(tmp_path / "c.db")) == 180


def test_two_builders_at_once_build_once(tmp_path: Path) -> None:
    code = f"""
import pathlib, time
from embeddings import manifest, packaged
def build(target, source):
    with (target.parent / "builds").open("a") as log: log.write("x")
    time.sleep(0.3)
    manifest.write_folder_atomically(
        target, lambda f: (f / "a").touch(), kind="encoder", info={{"recipe": packaged.RECIPE}})
packaged._build = build
packaged.materialise(pathlib.Path({str(tmp_path)!r}), source=pathlib.Path("unused"))
"""
    builders = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(3)]
    assert [builder.wait(60) for builder in builders] == [0, 0, 0]
    assert (tmp_path / "builds").read_text() == "x"
