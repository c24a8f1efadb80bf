"""The second reading of the activity model: which class is a text's, by likelihood.

A projection and a direction for each class, fitted by softmax over cosines. Kindred classes share
part of the target, so that a sibling is less wrong than a stranger. Seeds are fixed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LikelihoodConfig:
    """``soft``: share of the target given to kindred classes; ``drop``: of the input left out;
    ``sharpness``: the temperature of the softmax; ``dim``: of the projection.
    """

    dim: int = 256
    epochs: int = 6
    batch: int = 512
    learning_rate: float = 2e-3
    soft: float = 0.25
    drop: float = 0.3
    temperature: float = 0.07
    seed: int = 7


def fit_likelihood(
    vectors: Matrix,
    owners: Sequence[int],
    *,
    share: NDArray[np.float64],
    kin: Matrix,
    config: LikelihoodConfig = LikelihoodConfig(),
) -> tuple[Matrix, Matrix]:
    """Fit the projection (dim, d) and the unit directions (n_classes, dim) of the classes.

    Args:
        vectors: (n, d) centred unit vectors of the examples.
        owners: class of each example.
        share: (n_classes,) weight of each class.
        kin: (n_classes, n_classes) how near classes are, 1 on the diagonal.
    """
    import torch  # noqa: PLC0415 -- slow import
    from torch.nn import functional  # noqa: PLC0415 -- slow import

    torch.manual_seed(config.seed)
    order = torch.Generator().manual_seed(config.seed)
    x = torch.tensor(vectors)
    wanted = torch.tensor(_targets(np.asarray(owners), kin, config.soft))
    weight = torch.tensor(_weights(np.asarray(owners), share))
    projection = torch.nn.Parameter(torch.empty(config.dim, vectors.shape[1]))
    torch.nn.init.kaiming_uniform_(projection, a=5**0.5)
    classes = torch.nn.Parameter(torch.randn(len(kin), config.dim) * 0.05)
    optimiser = torch.optim.AdamW([projection, classes], lr=config.learning_rate, weight_decay=1e-4)
    steps = config.epochs * max(1, len(x) // config.batch)
    schedule = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.0, total_iters=steps)
    for _ in range(config.epochs):
        shuffled = torch.randperm(len(x), generator=order)
        for step in range(max(1, len(x) // config.batch)):
            rows = shuffled[step * config.batch : (step + 1) * config.batch]
            part = functional.dropout(x[rows], config.drop)
            near = functional.normalize(part @ projection.T) @ functional.normalize(classes).T
            chance = torch.log_softmax(near / config.temperature, dim=1)
            loss = -((wanted[rows] * chance).sum(dim=1) * weight[rows]).mean()
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
    return projection.detach().numpy(), functional.normalize(classes).detach().numpy()


def _targets(owners: NDArray[np.int64], kin: Matrix, soft: float) -> Matrix:
    by_class = soft * kin / kin.sum(axis=1, keepdims=True)
    by_class += (1.0 - soft) * np.eye(len(kin), dtype=np.float32)
    return np.asarray(by_class[owners], dtype=np.float32)


def _weights(owners: NDArray[np.int64], share: NDArray[np.float64]) -> NDArray[np.float32]:
    """Large classes count less for each example, by the root of their size."""
    count = np.bincount(owners, minlength=len(share))
    weight = share[owners] / count[owners]
    return np.asarray(np.sqrt(weight / weight.mean()), dtype=np.float32)
