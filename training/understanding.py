"""`python -m training.understanding`: how well texts are understood, by way of writing.

Prints tables with 95 % bootstrap intervals; with ``--keep`` what was found is kept, and
`make quality` writes it into docs/quality.md.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from embeddings.encoder import Encoder, load_encoder
from training.experiments.run import code_hash, write_result
from training.understanding_measures import (
    Corpus,
    measure_goods,
    measure_investors,
    measure_profiles,
    measure_questions,
    measure_time,
    measure_titles,
)
from training.understanding_sets import HALVES, PARTS, goods, profiles, sample_calls
from training.understanding_tables import understanding

NAME = "understanding"
SECTIONS = ("profiles", "titles", "investors", "goods", "questions", "time")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked for, print it, keep it if asked to."""
    parser = argparse.ArgumentParser(prog="python -m training.understanding", description=__doc__)
    parser.add_argument("sections", nargs="*", help=f"{' '.join(SECTIONS)}; all if none")
    parser.add_argument("--part", choices=PARTS, action="append", help="of profiles; all if none")
    parser.add_argument("--home", type=Path, default=Path("var"), help="where models are kept")
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared")
    parser.add_argument("--encoder", default="e5-small", help="as KETNOI_ENCODER")
    parser.add_argument("--keep", action="store_true", help="for docs/quality.md")
    options = parser.parse_args(arguments)
    wrong = set(options.sections) - set(SECTIONS)
    if wrong:
        parser.error(
            f"no such section: {', '.join(sorted(wrong))}. There are {', '.join(SECTIONS)}."
        )
    if options.keep and (options.sections or options.part or not options.shared.is_dir()):
        parser.error(
            "--keep keeps everything: no sections, no --part, and the shared data are there."
        )
    encoder = load_encoder(options.encoder, cache_dir=options.home / "models")
    found = measure(
        encoder,
        sections=options.sections or SECTIONS,
        parts=options.part or PARTS,
        home=options.home,
        shared=options.shared,
    )
    sys.stdout.write(understanding(found) + "\n")
    if options.keep:
        kept = {"experiment": {"name": NAME}, "encoder": encoder.id, "code_sha256": code_hash()}
        write_result({**kept, "found": found})
    return 0


def measure(
    encoder: Encoder, *, sections: Sequence[str], parts: Sequence[Any], home: Path, shared: Path
) -> dict[str, Any]:
    """What was found, by section; those that need ``shared`` are left out where it is not there."""
    from embeddings.cache import CachedEncoder, VectorCache  # noqa: PLC0415 -- slow import

    cached = CachedEncoder(encoder, VectorCache(home / "vectors.sqlite"))
    found: dict[str, Any] = {}
    if {"profiles", "time"} & set(sections):
        corpus = Corpus(sample_calls(), cached)
        if "profiles" in sections:
            found["profiles"] = {part: measure_profiles(profiles(part), corpus) for part in parts}
        if "time" in sections:
            corpus = Corpus(corpus.calls, encoder)
            found["time"] = measure_time(profiles(parts[-1]), corpus)
    if not shared.is_dir():
        sys.stderr.write(f"No folder {shared}: titles, investors, goods, questions left out.\n")
        return found
    if "titles" in sections:
        found["titles"] = measure_titles(shared, cached)
    if "investors" in sections:
        found["investors"] = measure_investors(shared, cached)
    if "goods" in sections:
        found["goods"] = {half: measure_goods(goods(half), shared, cached) for half in HALVES}
    if "questions" in sections:
        found["questions"] = measure_questions(shared, cached)
    return found


if __name__ == "__main__":
    sys.exit(main())
