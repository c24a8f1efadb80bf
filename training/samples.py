"""Training examples from the past: what each deal's day looked like, for both tasks.

A block is a day of the past and the calls that came in the time after it, about as many as are
open now. Their features are computed as of that day, from deals before it alone. So a training
pair is seen as the pair to be ranked will be seen, as stale and as sparse, and nothing of the
outcome leaks into its features. Blocks overlap; each knows when its outcomes were known.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.features import DEFAULT_FEATURES, FEATURES, FeatureConfig, feature_parts
from matcher.market import BoolArray, FloatArray, IntArray, Market

Progress = Callable[[int, int], None]
_NEVER = np.iinfo(np.int64).max
_BREADTH = FEATURES.index("breadth")


@dataclass(frozen=True, slots=True)
class SampleConfig:
    """``hard`` best of each of some simple rules and ``random`` others stand for the candidates of
    a call; ``least_deals`` makes an investor worth a group of calls; ``most_investors`` of them a
    block. At most ``most_calls`` are drawn for all blocks together."""

    most_blocks: int = 12
    least_calls: int = 15
    most_calls: int = 1600
    first_share: float = 0.1  # of the deals, that come before the first block
    hard: int = 60
    random: int = 100
    least_deals: int = 3
    most_investors: int = 250
    newcomers: bool = False  # investors without a deal but with a profile are candidates too
    seed: int = 7


@dataclass(frozen=True)
class Groups:
    """Candidates in groups, one group a question; rows of a group are contiguous.

    ``offset`` is the logarithm of how many candidates a row stands for.
    """

    features: FloatArray  # (n_rows, n_features)
    relevant: BoolArray  # (n_rows,)
    offset: FloatArray  # (n_rows,)
    starts: IntArray  # (n_groups,) first row of each
    since: IntArray  # (n_groups,) ordinal day as of which the group is seen
    until: IntArray  # (n_groups,) day by which the outcomes of its block were all known
    weight: FloatArray  # (n_groups,)

    def take(self, groups: BoolArray) -> "Groups":
        """The groups chosen by a mask."""
        sizes = np.diff(np.append(self.starts, len(self.relevant)))
        rows = np.repeat(groups, sizes)
        starts = np.concatenate([[0], np.cumsum(sizes[groups])[:-1]]).astype(np.int64)
        return Groups(
            self.features[rows],
            self.relevant[rows],
            self.offset[rows],
            starts[: int(groups.sum())],
            self.since[groups],
            self.until[groups],
            self.weight[groups],
        )

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def of_known(self) -> "Groups":
        """Without the investors that had no deal as of the day, and without calls left empty."""
        kept = known_rows(self.features)
        if kept.all():
            return self
        sizes = np.diff(np.append(self.starts, len(self.relevant)))
        group = np.repeat(np.arange(len(sizes)), sizes)
        true = np.bincount(group[kept & self.relevant], minlength=len(sizes))
        kept &= true[group] > 0
        count = np.bincount(group[kept], minlength=len(sizes))[true > 0]
        return Groups(
            self.features[kept],
            self.relevant[kept],
            self.offset[kept],
            np.concatenate([[0], np.cumsum(count)[:-1]]).astype(np.int64)[: len(count)],
            self.since[true > 0],
            self.until[true > 0],
            np.sqrt(true[true > 0]).astype(np.float32),
        )


@dataclass(frozen=True)
class Samples:
    """Groups of investors for calls, and of calls for investors."""

    for_calls: Groups
    for_investors: Groups


@dataclass(frozen=True, slots=True)
class Block:
    """Calls whose first deal falls in ``since`` ≤ day < ``until``."""

    since: int
    until: int
    calls: IntArray


def known_rows(features: FloatArray) -> BoolArray:
    """(…,) which pairs are of an investor with a deal before the day."""
    return np.asarray(np.nan_to_num(features[..., _BREADTH]) > 0)


def first_days(market: Market) -> NDArray[np.int64]:
    """(n_calls,) day of each call's first deal; the largest integer for calls without any."""
    first = np.full(len(market.calls), _NEVER)
    np.minimum.at(first, market.deal_call, market.deal_day)
    return first


def blocks(market: Market, config: SampleConfig, horizon: int | None = None) -> list[Block]:
    """Days to look from and the calls that followed each, oldest first.

    Days are never split, so a market dated by years has blocks of whole years.

    Args:
        horizon: number of calls that follow each day; by default a sixth of all.
    """
    first = first_days(market)
    known = np.flatnonzero(first < _NEVER)
    if not len(known):
        return []
    start = np.sort(market.deal_day)[int(len(market.deals) * config.first_share)]
    late = known[first[known] > start]
    late = late[np.argsort(first[late], kind="stable")]
    days = first[late]
    if not len(late):
        return []
    n = len(known)
    size = int(np.clip((horizon or n // 6) // 2, max(config.least_calls, n // 12), n // 4 + 1))
    step = max(config.least_calls, len(late) // config.most_blocks)
    out: list[Block] = []
    following = len(late) + step
    for place in np.flatnonzero(np.append(True, days[1:] != days[:-1]))[::-1].tolist():
        enough = len(late) - place >= size or place == 0
        if enough and following - place >= step:
            until = int(days[min(place + size, len(late)) - 1]) + 1
            chosen = late[(days >= days[place]) & (days < until)]
            out.append(Block(int(days[place]), until, np.sort(chosen)))
            following = place
    return out[::-1]


def draw_samples(
    market: Market,
    *,
    config: SampleConfig = SampleConfig(),
    features: FeatureConfig = DEFAULT_FEATURES,
    horizon: int | None = None,
    progress: Progress | None = None,
) -> Samples:
    """Draw the examples of all blocks. The market must hold no deal that is to be predicted.

    Args:
        horizon: how many calls are to be ranked, which says how far ahead they lie.
    """
    for_calls: list[Groups] = []
    for_investors: list[Groups] = []
    cut = blocks(market, config, horizon)
    rng = np.random.default_rng(config.seed)
    most = max(config.least_calls, config.most_calls // max(len(cut), 1))
    for number, block in enumerate(cut):
        if len(block.calls) > most:
            drawn = np.sort(rng.choice(block.calls, most, replace=False))
            block = Block(block.since, block.until, drawn)
        one, other = _of_block(market, number, block, config, features)
        for_calls.append(one)
        for_investors.append(other)
        if progress:
            progress(number + 1, len(cut))
    return Samples(joined(for_calls), joined(for_investors))


def joined(parts: list[Groups]) -> Groups:
    """All groups of the parts as one."""
    if not parts:
        return _group_rows(iter(()), None)
    sizes = np.cumsum([0, *[len(part.relevant) for part in parts]])
    return Groups(
        np.concatenate([part.features for part in parts]),
        np.concatenate([part.relevant for part in parts]),
        np.concatenate([part.offset for part in parts]),
        np.concatenate([p.starts + s for p, s in zip(parts, sizes[:-1], strict=True)]),
        np.concatenate([part.since for part in parts]),
        np.concatenate([part.until for part in parts]),
        np.concatenate([part.weight for part in parts]),
    )


Row = tuple[FloatArray, BoolArray, FloatArray, float]


def _of_block(
    market: Market, number: int, block: Block, config: SampleConfig, features: FeatureConfig
) -> tuple[Groups, Groups]:
    rng = np.random.default_rng([config.seed, number])
    before = market.deal_day < block.since
    count = np.bincount(market.deal_investor[before], minlength=len(market.investors))
    truth = np.zeros((len(market.calls), len(market.investors)), dtype=np.bool_)
    truth[market.deal_call[~before], market.deal_investor[~before]] = True
    truth = truth[block.calls]
    asked = np.flatnonzero((count >= config.least_deals) & truth.any(axis=0))
    if len(asked) > config.most_investors:
        asked = np.sort(rng.choice(asked, config.most_investors, replace=False))
    known = np.flatnonzero((count > 0) | (config.newcomers & has_profile(market)))
    rows: list[Row] = []
    by_investor = np.empty((len(asked), len(block.calls), len(FEATURES)), dtype=np.float32)
    for places, part in feature_parts(
        market, calls=block.calls, before=block.since, config=features
    ):
        by_investor[:, places] = part[:, asked].transpose(1, 0, 2)
        for place, pairs in zip(places.tolist(), part[:, known], strict=True):
            relevant = truth[place, known]
            if relevant.any():
                rows.append(_candidates(pairs, relevant, rng, config))
    none = np.zeros(len(block.calls), dtype=np.float32)
    columns: Iterator[Row] = (
        (by_investor[row], truth[:, investor], none, 1.0) for row, investor in enumerate(asked)
    )
    return _group_rows(iter(rows), block), _group_rows(columns, block)


def has_profile(market: Market) -> BoolArray:
    """(n_investors,) who says what it does or wants."""
    says = market.investor_activities.any(axis=1) | market.stated_sectors.any(axis=1)
    return np.asarray(says | market.vectors.profiles.any(axis=1))


_RULES = tuple(
    FEATURES.index(name)
    for name in (
        "text_votes", "word_votes", "sector_votes", "activity_recent", "breadth", "taste_votes",
        "best_project", "sector_lift", "peer_votes",
    )
)  # fmt: skip
_OF_PROFILES = tuple(FEATURES.index(name) for name in ("tag_match", "profile"))


def _candidates(
    pairs: FloatArray, relevant: BoolArray, rng: np.random.Generator, config: SampleConfig
) -> Row:
    """The true ones, the best by simple rules, and some of the rest with their weight."""
    chosen = relevant.copy()
    n = len(relevant)
    if n > config.hard + config.random:
        for rule in (*_RULES, *(_OF_PROFILES if config.newcomers else ())):
            if np.isnan(pairs[:, rule]).all():
                continue
            values = np.nan_to_num(pairs[:, rule], nan=-9.0)
            chosen[np.argpartition(-values, config.hard)[: config.hard]] = True
    else:
        chosen[:] = True
    rest = np.flatnonzero(~chosen)
    drawn = np.sort(rng.choice(rest, min(len(rest), config.random), replace=False))
    rows = np.concatenate([np.flatnonzero(chosen), drawn])
    offset = np.zeros(len(rows), dtype=np.float32)
    if len(drawn):
        offset[-len(drawn) :] = np.log(len(rest) / len(drawn))
    return pairs[rows], relevant[rows], offset, float(np.sqrt(relevant.sum()))


def _group_rows(rows: Iterator[Row], block: Block | None) -> Groups:
    made = list(rows)
    if not made or block is None:
        empty = np.zeros(0, dtype=np.float32)
        nowhere = np.zeros(0, dtype=np.int64)
        features = np.zeros((0, len(FEATURES)), dtype=np.float32)
        return Groups(features, empty.astype(np.bool_), empty, nowhere, nowhere, nowhere, empty)
    sizes = np.array([len(row[1]) for row in made])
    return Groups(
        np.concatenate([row[0] for row in made]),
        np.concatenate([row[1] for row in made]),
        np.concatenate([row[2] for row in made]),
        np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64),
        np.full(len(made), block.since, dtype=np.int64),
        np.full(len(made), block.until, dtype=np.int64),
        np.array([row[3] for row in made], dtype=np.float32),
    )
