"""The low-rank adapter: what it changes, how it is kept, what it refuses."""

from pathlib import Path

import numpy as np
import pytest

from embeddings.adapter import Adapter, read_adapter, write_adapter
from embeddings.errors import EncoderError

NAME = "encoder.layer.0.output.dense.weight"


def adapter() -> Adapter:
    down = np.array([[1.0, 0.0, 2.0]], dtype=np.float32)
    up = np.array([[1.0], [-1.0]], dtype=np.float32)
    return Adapter({NAME: down}, {NAME: up})


def weights() -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
    return {NAME: np.ones((2, 3), np.float32), "other": np.ones(2, np.float32)}


def test_merging_adds_the_product_and_leaves_the_rest() -> None:
    before = weights()
    merged = adapter().merged(before)
    assert merged[NAME].tolist() == [[2.0, 1.0, 3.0], [0.0, 1.0, -1.0]]
    assert merged["other"] is before["other"]
    assert before[NAME].tolist() == [[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]


def test_half_the_strength_goes_half_as_far() -> None:
    merged = adapter().scaled(0.5).merged(weights())
    assert merged[NAME].tolist() == [[1.5, 1.0, 2.0], [0.5, 1.0, 0.0]]
    nothing = adapter().scaled(0.0).merged(weights())
    assert nothing[NAME].tolist() == weights()[NAME].tolist()


def test_file_keeps_it_to_the_last_bit(tmp_path: Path) -> None:
    path = tmp_path / "adapter.safetensors"
    write_adapter(path, adapter())
    read = read_adapter(path)
    assert read.digest() == adapter().digest()
    assert read.digest() != adapter().scaled(0.5).digest()
    assert read.merged(weights())[NAME].tolist() == adapter().merged(weights())[NAME].tolist()


@pytest.mark.parametrize("wrong", [{}, {NAME: np.ones((3, 2), np.float32)}], ids=["none", "shape"])
def test_another_encoder_is_refused(
    wrong: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float32]]],
) -> None:
    with pytest.raises(EncoderError) as caught:
        adapter().merged(wrong)
    assert caught.value.code == "adapter.shape"
    assert NAME in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"not an adapter"])
def test_damaged_file_names_itself_and_the_remedy(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "adapter.safetensors"
    path.write_bytes(content)
    with pytest.raises(EncoderError, match=r"adapter\.safetensors.*ketnoi train encoder") as caught:
        read_adapter(path)
    assert caught.value.code == "adapter.file"


def test_file_without_a_half_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "adapter.safetensors"
    write_adapter(path, Adapter(adapter().down, {}))
    with pytest.raises(EncoderError) as caught:
        read_adapter(path)
    assert caught.value.code == "adapter.file"
