"""The training itself: like to like across languages, and what is unrelated left where it was."""

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embeddings.adapter import Adapter
from embeddings.packaged import PROMPTS
from training.finetune.batches import Batch, batches
from training.finetune.lowrank import TunableEncoder
from training.finetune.texts import Concepts

if TYPE_CHECKING:
    import torch

Progress = Callable[[int, int], None]
Judge = Callable[[TunableEncoder], float]


@dataclass(frozen=True, slots=True)
class LoopConfig:
    """``size``: concepts a step; ``temperature``: of the softmax over cosines; ``keep``: weight of
    what unrelated texts may not move (1 − cosine to the base), ``kept``: such texts a step;
    ``warm_up``: steps until the full ``learning_rate``, which then falls to zero; ``look``: steps
    between two looks at the choosing set, ``patience``: looks without gain before it ends.
    """

    steps: int = 80
    size: int = 32
    learning_rate: float = 5e-4
    temperature: float = 0.03
    keep: float = 30.0
    kept: int = 10
    titles: float = 0.25  # share of steps on official titles
    warm_up: int = 16
    look: int = 40
    patience: int = 3
    seed: int = 7


@dataclass(frozen=True)
class Look:
    """What the choosing set said after so many steps; the mean loss since the look before, and how
    far unrelated texts have moved (1 − cosine)."""

    step: int
    measure: float
    loss: float
    moved: float


def tune(
    encoder: TunableEncoder,
    *,
    activities: Concepts,
    titles: Concepts,
    unrelated: Sequence[str],
    judge: Judge,
    config: LoopConfig,
    progress: Progress | None = None,
) -> tuple[Adapter, list[Look]]:
    """Train, look at the choosing set now and then, and return the best adapter seen.

    The untouched encoder is the first look: an adapter that gains nothing changes nothing.
    """
    best, looks = encoder.adapter(), [Look(0, judge(encoder), math.nan, 0.0)]
    seen: list[tuple[float, float]] = []
    steps = _steps(encoder, (activities, titles), unrelated, config)
    for step, found in enumerate(steps, start=1):
        seen.append(found)
        if progress is not None:
            progress(step, config.steps)
        if step % config.look and step != config.steps:
            continue
        loss, moved = np.mean(seen, axis=0)
        looks.append(Look(step, judge(encoder), float(loss), float(moved)))
        seen = []
        highest = max(one.measure for one in looks)
        if looks[-1].measure == highest:
            best = encoder.adapter()
        if all(one.measure < highest for one in looks[-config.patience :]):
            break
    return best, looks


def _steps(
    encoder: TunableEncoder,
    concepts: tuple[Concepts, Concepts],
    unrelated: Sequence[str],
    config: LoopConfig,
) -> Iterator[tuple[float, float]]:
    """Take the steps; yields the loss of each and how far unrelated texts have moved."""
    import torch  # noqa: PLC0415 -- slow import

    rng = random.Random(config.seed)  # noqa: S311 -- examples, not secrets
    streams = [batches(one, size=config.size, seed=config.seed) for one in concepts]
    texts = _prefixed(unrelated, config, rng)
    before = torch.tensor(encoder.vectors(texts)) if texts else torch.empty(0)
    optimiser = torch.optim.AdamW(encoder.parameters(), lr=config.learning_rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, config))
    for _ in range(config.steps):
        loss = contrast(encoder, next(streams[rng.random() < config.titles]), config.temperature)
        moved = torch.zeros(())
        rows = rng.sample(range(len(texts)), min(config.kept, len(texts)))
        if rows:
            now = encoder([texts[row] for row in rows])
            moved = (1.0 - (now * before[rows]).sum(dim=1)).mean()
        loss = loss + config.keep * moved
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        yield float(loss.detach()), float(moved.detach())


def contrast(encoder: TunableEncoder, batch: Batch, temperature: float) -> "torch.Tensor":
    """Softmax over cosines both ways: each left text against all right ones, and back."""
    import torch  # noqa: PLC0415 -- slow import

    n = len(batch.left)
    both = encoder([*batch.left, *batch.right])
    near = both[:n] @ both[n:].T / temperature
    near = near.masked_fill(torch.tensor(batch.hidden), float("-inf"))
    right = torch.arange(n)
    entropy = torch.nn.functional.cross_entropy
    return (entropy(near, right) + entropy(near.T, right)) / 2


def _prefixed(texts: Sequence[str], config: LoopConfig, rng: random.Random) -> list[str]:
    """As many as are used twice in all, so that few are encoded in vain."""
    drawn = rng.sample(list(texts), min(len(texts), config.steps * config.kept // 2))
    return [PROMPTS[rng.choice(("query", "passage"))] + text for text in drawn]


def _rate(step: int, config: LoopConfig) -> float:
    if step < config.warm_up:
        return (step + 1) / config.warm_up
    return max(0.02, (config.steps - step) / max(1, config.steps - config.warm_up))
