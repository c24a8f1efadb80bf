"""An encoder in torch whose upper layers may be moved by low-rank matrices, all else frozen."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from embeddings.adapter import Adapter

if TYPE_CHECKING:
    import torch

_PARTS = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)


class TunableEncoder:
    """Texts to unit vectors, differentiable in the low-rank matrices alone.

    Without steps taken it gives the folder's own vectors. No dropout: a seed fixes everything.

    Args:
        folder: a sentence-transformers folder of a BERT model with mean pooling.
        rank: of the change of each matrix.
        layers: how many of the upper layers may move.
        max_tokens: longer texts are cut.
        seed: of the first values.
    """

    def __init__(
        self, folder: Path, *, rank: int, layers: int, max_tokens: int = 96, seed: int = 7
    ) -> None:
        import torch  # noqa: PLC0415 -- slow import
        from tokenizers import Tokenizer  # noqa: PLC0415 -- slow import
        from transformers import AutoModel  # noqa: PLC0415 -- slow import
        from transformers.utils import logging as bars  # noqa: PLC0415 -- slow import

        bars.disable_progress_bar()  # type: ignore[no-untyped-call]  # it draws into pipes as well
        torch.manual_seed(seed)
        self._tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(max_tokens)
        self._model: Any = AutoModel.from_pretrained(folder, local_files_only=True).eval()
        self._model.requires_grad_(False)
        pad = int(self._model.config.pad_token_id or 0)
        self._tokenizer.enable_padding(pad_id=pad)
        self._moved: dict[str, Any] = {}
        depth = int(self._model.config.num_hidden_layers)
        for layer in range(max(0, depth - layers), depth):
            for part in _PARTS:
                name = f"encoder.layer.{layer}.{part}"
                self._moved[name] = _moved(self._model, name, rank)

    def parameters(self) -> "list[torch.nn.Parameter]":
        """What is learnt."""
        return [each for moved in self._moved.values() for each in (moved.down, moved.up)]

    def __call__(self, texts: Sequence[str]) -> "torch.Tensor":
        """Unit vectors (n, dim) of texts that carry their prefix already."""
        import torch  # noqa: PLC0415 -- slow import

        encoded = self._tokenizer.encode_batch(list(texts))
        ids = torch.tensor([one.ids for one in encoded])
        mask = torch.tensor([one.attention_mask for one in encoded])
        hidden = self._model(input_ids=ids, attention_mask=mask).last_hidden_state
        summed = (hidden * mask.unsqueeze(-1)).sum(dim=1)
        return torch.nn.functional.normalize(summed, dim=1)

    def vectors(self, texts: Sequence[str], *, batch: int = 64) -> np.ndarray[Any, Any]:
        """The same as an array, without gradients; in batches of texts of like length."""
        import torch  # noqa: PLC0415 -- slow import

        order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
        out = np.empty((len(texts), int(self._model.config.hidden_size)), dtype=np.float32)
        with torch.no_grad():
            for start in range(0, len(order), batch):
                rows = order[start : start + batch]
                out[rows] = self([texts[row] for row in rows]).numpy()
        return out

    def adapter(self) -> Adapter:
        """What has been learnt up to now."""
        copies = {
            f"{name}.weight": (moved.down.detach().numpy().copy(), moved.up.detach().numpy().copy())
            for name, moved in self._moved.items()
        }
        return Adapter(
            {name: down for name, (down, _) in copies.items()},
            {name: up for name, (_, up) in copies.items()},
        )


def _moved(model: Any, name: str, rank: int) -> Any:
    """Put a matrix that can be moved in the place of the linear layer of this name."""
    import torch  # noqa: PLC0415 -- slow import

    class Moved(torch.nn.Module):
        def __init__(self, base: torch.nn.Linear) -> None:
            super().__init__()
            self.base = base
            self.down = torch.nn.Parameter(torch.randn(rank, base.in_features) * 0.02)
            self.up = torch.nn.Parameter(torch.zeros(base.out_features, rank))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            out: torch.Tensor = self.base(x) + (x @ self.down.T) @ self.up.T
            return out

    parent, _, last = name.rpartition(".")
    owner = model.get_submodule(parent)
    moved = Moved(getattr(owner, last))
    setattr(owner, last, moved)
    return moved
