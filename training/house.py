"""Make the calibration that ships, the figures of docs/sureness.md and its reliability diagram.

`make calibration` runs it. It looks at the sample alone, as `ketnoi demo` loads it.
"""

import argparse
import hashlib
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

import data.sample as sample
from data.importers.market import read_market
from data.importers.programmes import parse_programmes
from embeddings.cache import CachedEncoder, VectorCache
from embeddings.encoder import load_encoder
from matcher.calibration import HOUSE, Calibration
from matcher.indexing import indexed
from matcher.market import Market, build_market
from matcher.ranker import FIRST_RANKER
from training.calibrate import CalibrationConfig, judge_forward, learn_calibration, look_back
from training.calibration_report import diagram, fill_block, tables
from training.calibration_ways import other_ways
from training.undated import dated_market

ROOT = Path(__file__).parents[1]
SAMPLE = Path(sample.__file__).parent
PAGE = ROOT / "docs" / "sureness.md"
FIGURE = ROOT / "docs" / "figures" / "reliability.svg"


def sample_market(home: Path) -> tuple[Market, Market]:
    """The sample with vectors and tags, as an index of it holds them, and without interests.

    Args:
        home: folder with the materialised encoder (``models``) and known vectors.
    """
    files = read_market(SAMPLE)
    path = SAMPLE / "programmes.json"
    market = build_market(
        investors=files.investors,
        calls=files.calls,
        deals=files.deals,
        programmes=parse_programmes(path, path.read_bytes()).records,
    )
    plain = load_encoder("e5-small", cache_dir=home / "models")
    encoder = CachedEncoder(plain, VectorCache(home / "vectors.sqlite"))
    market = indexed(market, encoder)
    return market, dated_market(market, encoder)


def sample_hash() -> str:
    """sha256 of the sample's four files."""
    digest = hashlib.sha256()
    for name in ("investors.csv", "calls.csv", "deals.csv", "programmes.json"):
        digest.update(name.encode() + b"\0" + (SAMPLE / name).read_bytes())
    return digest.hexdigest()


def make(market: Market) -> Calibration:
    """Learn it, and say from what."""
    found = learn_calibration(market, FIRST_RANKER)
    if found is None:
        raise ValueError("The sample is too small to be learned from; look at data/sample.")
    learned = {
        "market": "sample",
        "data_sha256": sample_hash(),
        **found.learned,
    }
    return replace(found, learned=learned)


def main() -> int:
    """Write the calibration, the tables and the figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=Path("var"), help="models and vectors")
    home = parser.parse_args().home
    _, market = sample_market(home)
    made = make(market)
    made.save(HOUSE)
    config = CalibrationConfig()
    folds = look_back(market, lambda _past: FIRST_RANKER, config)
    judged = judge_forward(folds, config)
    fill_block(PAGE, "calibration", tables(made, judged, other_ways(folds, config), config))
    diagram(made, np.asarray(judged.chance[:, 0]), np.asarray(judged.right[:, 0]), FIGURE)
    sys.stdout.write(f"Written: {HOUSE.name}, {PAGE.name}, {FIGURE.name}. ECE {made.ece}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
