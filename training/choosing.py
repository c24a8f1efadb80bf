"""Choose the ranker of a market by its own past: fit on earlier blocks, judge on later ones.

Several ways to rank are fitted on the blocks before each judged block; then a blend is put
together greedily, with repetition, of those that help most (Caruana et al. 2004). Simple rules
take part, so that a market with few deals falls back on them.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from matcher.market import FloatArray
from matcher.ranker import LinearRanker
from training.fit import LogitConfig, TreesConfig, fit_boosted, fit_head, fit_logit
from training.metrics import ndcg_of_groups
from training.samples import Groups

Score = Callable[[FloatArray], FloatArray]
"""(…, n_features) → (…,) scores, higher is better."""


@dataclass(frozen=True)
class Member:
    """One way to rank: its name and how to learn it from groups."""

    name: str
    fit: Callable[[Groups], Score]


@dataclass(frozen=True, slots=True)
class ChoiceConfig:
    """``judged`` latest blocks judge the members; each needs ``least_groups`` before it.

    ``rounds`` members are added to a blend at most, as long as each gains ``least_gain``; blends
    of ``bags`` resamples are averaged, and mixed with the ``start`` that counts as ``trust``
    judged groups.
    """

    start: tuple[str, ...] = ()  # all members alike if empty
    trust: int = 200
    bags: int = 6
    seed: int = 7
    judged: int = 4
    least_groups: int = 15
    rounds: int = 8
    least_gain: float = 0.0005


@dataclass(frozen=True)
class Choice:
    """The blend chosen and fitted, with what each member reached on the judged blocks."""

    shares: dict[str, float]
    score: Score
    judged: dict[str, float] = field(default_factory=dict)
    blended: float = float("nan")
    groups: int = 0

    @property
    def name(self) -> str:
        parts = sorted(self.shares.items(), key=lambda item: (-item[1], item[0]))
        return ", ".join(f"{name} {share:.0%}" for name, share in parts)


def logit(l2: float, *, signs: bool = True) -> Member:
    """Conditional logit on all candidates; ``signs`` keeps weights of evidence positive."""
    config = LogitConfig(l2=l2, signs=signs)
    name = f"logit {l2:g}" if signs else f"free logit {l2:g}"
    return Member(name, lambda groups: fit_logit(groups, config).score)


def toward(name: str, rule: LinearRanker, l2: float) -> Member:
    """The logit drawn to the weights of a rule instead of to zero."""
    config = LogitConfig(l2=l2, prior=rule.weights)
    return Member(name, lambda groups: fit_logit(groups, config).score)


def head(n: int, l2: float = 20.0) -> Member:
    """Conditional logit fitted again on the ``n`` best candidates of each group."""
    return Member(f"head {n}", lambda groups: fit_head(groups, n, LogitConfig(l2=l2)).score)


def boosted(config: TreesConfig | None = None) -> Member:
    """Trees that correct the logit among its best candidates."""
    chosen = config or TreesConfig()
    return Member("trees", lambda groups: fit_boosted(groups, chosen).score)


def rule(*names: str) -> Member:
    """The sum of some features, nothing learned."""
    return weighed("+".join(names), **dict.fromkeys(names, 1.0))


def weighed(name: str, **weights: float) -> Member:
    """A fixed weighted sum of features, nothing learned."""
    ranker = LinearRanker(weights=weights, fallback={})
    return Member(name, lambda _groups: ranker.score)


def choose(
    groups: Groups, members: Sequence[Member], config: ChoiceConfig = ChoiceConfig()
) -> Choice:
    """Put the blend together that did best on the latest blocks, and fit it on all of them.

    With too little to judge by, all members share alike.
    """
    if not len(groups):
        plain = rule("breadth")
        return Choice({plain.name: 1.0}, plain.fit(groups))
    judged = _judge(groups, members, config)
    names = [member.name for member in members]
    start = [name for name in config.start if name in names] or names
    shares = {name: 1.0 / len(start) for name in start}
    singles: dict[str, float] = {}
    best = float("nan")
    if judged is not None:
        singles = {name: float(judged.each([name]).mean()) for name in judged.names}
        found = _bagged(judged, config)
        n = len(judged.groups)
        shares = {
            name: (n * found.get(name, 0.0) + config.trust * shares.get(name, 0.0))
            / (n + config.trust)
            for name in judged.names
            if name in found or name in shares
        }
        best = float(judged.blend(shares).mean())
    fitted = {m.name: m.fit(groups) for m in members if shares.get(m.name, 0.0) > 0.01}
    shares = {name: shares[name] for name in fitted}
    weights = {
        name: share / _scale(fitted[name](groups.features), groups)
        for name, share in shares.items()
    }

    def score(features: FloatArray) -> FloatArray:
        out = np.zeros(features.shape[:-1], dtype=np.float32)
        for name, weight in weights.items():
            out += fitted[name](features) * np.float32(weight)
        return out

    return Choice(shares, score, singles, best, len(groups))


@dataclass(frozen=True)
class _Judged:
    """Standardised scores of all members on the groups of the judged blocks."""

    names: tuple[str, ...]
    scores: FloatArray  # (n_members, n_rows)
    groups: Groups

    def each(self, names: Sequence[str]) -> NDArray[np.float64]:
        """nDCG@10 of each group by members that share alike (repetition counts)."""
        return self.blend(Counter(names))

    def blend(self, shares: Mapping[str, float]) -> NDArray[np.float64]:
        """nDCG@10 of each group by members with their shares."""
        weights = np.array([shares.get(name, 0.0) for name in self.names], dtype=np.float32)
        scores = weights @ self.scores
        return ndcg_of_groups(scores, self.groups.relevant, self.groups.starts)


def _judge(groups: Groups, members: Sequence[Member], config: ChoiceConfig) -> _Judged | None:
    parts: list[NDArray[np.float32]] = []
    chosen = np.zeros(len(groups), dtype=np.bool_)
    for day in np.unique(groups.since)[-config.judged :]:
        now = groups.since == day
        early = groups.take(groups.until <= day)  # what was known by then, outcomes and all
        if len(early) < config.least_groups:
            continue
        late = groups.take(now)
        rows = []
        for member in members:
            fitted = member.fit(early)
            rows.append(fitted(late.features) / _scale(fitted(early.features), early))
        parts.append(np.stack(rows).astype(np.float32))
        chosen |= now
    if not parts:
        return None
    names = tuple(member.name for member in members)
    return _Judged(names, np.concatenate(parts, axis=1), groups.take(chosen))


def _bagged(judged: _Judged, config: ChoiceConfig) -> dict[str, float]:
    """Shares of the members, averaged over greedy blends of resampled groups."""
    rng = np.random.default_rng(config.seed)
    n = len(judged.groups)
    known: dict[tuple[str, ...], NDArray[np.float64]] = {}

    def each(blend: Sequence[str]) -> NDArray[np.float64]:
        key = tuple(sorted(blend))
        if key not in known:
            known[key] = judged.each(key)
        return known[key]

    shares: Counter[str] = Counter()
    for _ in range(config.bags):
        picks = rng.integers(0, n, size=n)
        blend = _greedy(judged.names, partial(_mean_at, each, picks), config)
        for name in blend:
            shares[name] += 1.0 / len(blend) / config.bags  # type: ignore[assignment]
    return dict(shares)


def _mean_at(
    each: Callable[[Sequence[str]], NDArray[np.float64]],
    picks: NDArray[np.int64],
    blend: Sequence[str],
) -> float:
    return float(each(blend)[picks].mean())


def _greedy(
    names: Sequence[str], value: Callable[[Sequence[str]], float], config: ChoiceConfig
) -> list[str]:
    blend: list[str] = []
    best = 0.0
    for _ in range(config.rounds):
        tried = {name: value([*blend, name]) for name in names}
        name = max(tried, key=lambda each: (tried[each], -names.index(each)))
        if blend and tried[name] < best + config.least_gain:
            break
        blend.append(name)
        best = tried[name]
    return blend


def _scale(scores: FloatArray, groups: Groups) -> float:
    """Mean standard deviation within the groups."""
    sizes = np.diff(np.append(groups.starts, len(scores)))
    mean = np.add.reduceat(scores, groups.starts) / sizes
    square = np.add.reduceat((scores - np.repeat(mean, sizes)) ** 2, groups.starts) / sizes
    return max(float(np.sqrt(square).mean()), 1e-6)
