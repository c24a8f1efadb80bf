"""A low-rank adapter: the small difference between an encoder's weights and those of a tuned one.

A file of a few MB in place of a model: for each tuned matrix W of shape (out, in) two thin ones,
``up`` (out, r) and ``down`` (r, in); the tuned matrix is W + up · down.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import EncoderError

Matrix = NDArray[np.float32]
_DOWN, _UP = ".down", ".up"


@dataclass(frozen=True)
class Adapter:
    """``down`` (r, in) and ``up`` (out, r) by the name of the weight that they change."""

    down: Mapping[str, Matrix]
    up: Mapping[str, Matrix]

    def scaled(self, strength: float) -> "Adapter":
        """The same direction, ``strength`` times as far; 0 changes nothing."""
        up = {name: np.asarray(matrix * strength, np.float32) for name, matrix in self.up.items()}
        return Adapter(self.down, up)

    def digest(self) -> str:
        """Hex sha256 of names and numbers: equal adapters have equal ones."""
        found = sha256()
        for name in sorted(self.down):
            found.update(name.encode())
            found.update(np.ascontiguousarray(self.down[name]).tobytes())
            found.update(np.ascontiguousarray(self.up[name]).tobytes())
        return found.hexdigest()

    def merged(self, weights: Mapping[str, Matrix]) -> dict[str, Matrix]:
        """All weights, those of the adapter changed.

        Raises:
            EncoderError: a weight is absent or of another shape (``adapter.shape``).
        """
        out = dict(weights)
        for name, down in self.down.items():
            up = self.up[name]
            if name not in out or out[name].shape != (len(up), down.shape[1]):
                raise EncoderError(
                    code="adapter.shape",
                    message=f"The adapter changes {name!r} ({len(up)}, {down.shape[1]}), which the "
                    "encoder lacks or holds in another shape. Use the encoder it was made for.",
                )
            out[name] = np.asarray(out[name] + up @ down, dtype=np.float32)
        return out


def write_adapter(path: Path, adapter: Adapter) -> None:
    """Write the matrices as safetensors, float32."""
    from safetensors.numpy import save_file  # noqa: PLC0415 -- slow import

    tensors = {name + _DOWN: np.ascontiguousarray(part) for name, part in adapter.down.items()}
    tensors |= {name + _UP: np.ascontiguousarray(part) for name, part in adapter.up.items()}
    save_file(tensors, path)


def read_adapter(path: Path) -> Adapter:
    """Read what :func:`write_adapter` wrote.

    Raises:
        EncoderError: absent, unreadable or incomplete (``adapter.file``).
    """
    from safetensors.numpy import load_file  # noqa: PLC0415 -- slow import

    try:
        tensors = load_file(path)
        names = [name.removesuffix(_DOWN) for name in tensors if name.endswith(_DOWN)]
        return Adapter(
            {name: tensors[name + _DOWN] for name in names},
            {name: tensors[name + _UP] for name in names},
        )
    except Exception as error:  # the library's errors share no base but Exception
        raise EncoderError(
            code="adapter.file",
            message=f"The adapter {path} cannot be read ({error}). Make it again: "
            "ketnoi train encoder.",
        ) from error
