"""The packed file's reader, on a tiny file written here."""

import struct
from pathlib import Path

import numpy as np
import pytest

from embeddings.errors import EncoderError
from embeddings.q4 import read_packed


def _packed() -> bytes:
    pieces = [b"<s>", b"<pad>", b"</s>", b"<unk>", "▁đ".encode()]
    offsets = np.cumsum([0, *map(len, pieces)]).astype("<u4").tobytes()
    scores = np.array([0, 0, 0, 0, -1.5], "<f4").tobytes()
    head = b"E5S1" + struct.pack("<8Ifi", 1, 32, 1, 4, 64, 5, 8, 2, 1e-12, 32)
    words = struct.pack("<5iQ", 5, 0, 2, 1, 3, sum(map(len, pieces))) + offsets + scores
    mapping = struct.pack("<IBI", 0xA0, 1, 0x20) + struct.pack("<IB", 0x7F, 0)
    middle = b"".join(pieces) + struct.pack("<iI", 2, len(mapping)) + mapping
    directory = struct.pack("<i", 2)
    start = len(head + words + middle) + 4 + 2 * (2 + 1 + 21)
    block = np.float16(0.5).tobytes() + bytes([0x80 + 0x9] + [0x88] * 15)
    directory += struct.pack("<H", 1) + b"w" + struct.pack("<BIQQ", 1, 32, start, 18)
    directory += struct.pack("<H", 1) + b"b" + struct.pack("<BIQQ", 0, 2, start + 18, 8)
    return head + words + middle + directory + block + np.array([1, -2], "<f4").tobytes()


def test_packed_file_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "m.bin"
    path.write_bytes(_packed())
    model = read_packed(path)
    assert model.shape.hidden == 32
    assert model.vocabulary.pieces[4] == ("▁đ", -1.5)
    assert model.normalisation == {"\xa0": " ", "\x7f": ""}
    expected = np.zeros(32, np.float32)
    expected[0] = (9 - 8) * 0.5  # low nibble of the first byte; its high nibble is weight 16
    np.testing.assert_array_equal(model.tensors["w"], expected)
    np.testing.assert_array_equal(model.tensors["b"], [1.0, -2.0])


@pytest.mark.parametrize("length", [0, 3, 30, 120, 190])
def test_cut_file_is_refused(tmp_path: Path, length: int) -> None:
    path = tmp_path / "m.bin"
    path.write_bytes(_packed()[:length])
    with pytest.raises(EncoderError, match="Reinstall") as caught:
        read_packed(path)
    assert caught.value.code == "encoder.packed"
