"""What the encoder is tuned on, how it is put into batches, and what it must never see."""

from itertools import islice
from pathlib import Path

import numpy as np

from matcher.activities import activity_names, activity_similarity
from training.finetune.batches import batches
from training.finetune.choosing import choosing_set
from training.finetune.texts import (
    Concepts,
    activity_concepts,
    held_term,
    sources,
    title_concepts,
    unrelated,
)
from training.retrieval import read_collection
from training.understanding_sets import (
    PARTS,
    goods,
    half_of_code,
    profiles,
    sample_calls,
    titles,
)


def tiny() -> Concepts:
    """Four things in two languages; 0 and 1 are kindred, 2 and 3 are easily taken for another."""
    names = tuple({"vi": (f"vi{n}", f"vi{n}b"), "en": (f"en{n}",)} for n in range(4))
    kin, near = np.eye(4, dtype=bool), np.zeros((4, 4), dtype=bool)
    kin[0, 1] = kin[1, 0] = True
    near[2, 3] = near[3, 2] = True
    return Concepts(tuple("abcd"), names, kin, near, {"en": ("about {x}",)})


def number(text: str) -> str:
    return next(sign for sign in text if sign.isdigit())


def test_pairs_name_the_same_and_kindred_ones_are_hidden() -> None:
    for batch in islice(batches(tiny(), size=4, seed=3), 20):
        numbers = [number(text) for text in batch.left]
        assert numbers == [number(text) for text in batch.right]
        assert sorted(numbers) == ["0", "1", "2", "3"]
        for row, one in enumerate(numbers):
            for column, other in enumerate(numbers):
                assert batch.hidden[row, column] == ({one, other} == {"0", "1"})


def test_what_is_easily_confused_stands_in_one_batch() -> None:
    for batch in islice(batches(tiny(), size=3, seed=3), 30):
        numbers = {number(text) for text in batch.left}
        assert len(batch.left) == 3
        assert ("2" in numbers) == ("3" in numbers) or len(numbers) == 3


def test_equal_seeds_give_equal_batches_and_others_do_not() -> None:
    first, again, other = (
        [batch.left for batch in islice(batches(tiny(), size=4, seed=seed), 5)]
        for seed in (3, 3, 4)
    )
    assert first == again
    assert first != other


def test_every_text_has_its_prefix_and_most_pairs_cross_languages() -> None:
    drawn = list(islice(batches(tiny(), size=4, seed=3), 50))
    assert all(text.startswith("query: ") for batch in drawn for text in batch.left)
    assert {text.split(":")[0] for batch in drawn for text in batch.right} == {"query", "passage"}
    crossing = [
        ("vi" in left) != ("vi" in right)
        for batch in drawn
        for left, right in zip(batch.left, batch.right, strict=True)
    ]
    assert 0.65 < np.mean(crossing) < 0.95


def test_kindred_activities_are_no_counter_examples_and_siblings_are() -> None:
    concepts, names = activity_concepts(), activity_names()
    parent, child = names.index("renewable-energy"), names.index("offshore-wind")
    assert activity_similarity("renewable-energy", "offshore-wind") >= 0.5
    assert concepts.kin[parent, child]
    assert concepts.kin[child, parent]
    assert not (concepts.kin & concepts.near).any()
    assert concepts.near.any(axis=1).mean() > 0.5
    assert not any(
        held_term(name) for known in concepts.names for found in known.values() for name in found
    )


def test_nothing_of_the_reporting_half_is_learnt(shared: Path) -> None:
    concepts = title_concepts(shared, keep_back=False)
    assert {half_of_code(key) for key in concepts.keys} == {"choose"}
    kept = {title.code for title in titles(shared)} - set(concepts.keys)
    assert {half_of_code(code) for code in kept} == {"report"}


def test_held_titles_are_not_learnt_and_are_what_is_chosen_by(shared: Path) -> None:
    learnt = {key[:3] for key in title_concepts(shared).keys}
    chosen = choosing_set(shared)
    held = {chosen.titles[row].code[:3] for row in chosen.held}
    assert held
    assert not held & learnt
    assert all(half_of_code(title.code) == "choose" for title in chosen.titles)


def test_nothing_that_it_is_measured_on_is_kept_or_learnt(shared: Path) -> None:
    kept = set(unrelated())
    measured = {question.text for part in PARTS for question in profiles(part)}
    measured |= {question.text for half in ("choose", "report") for question in goods(half)}
    measured |= {call.title for call in sample_calls()}
    passages = read_collection(shared / "data" / "public" / "xquad_vi_en")
    measured |= {text for texts in passages.passages.values() for text in texts.values()}
    measured |= {text for texts in passages.queries.values() for text in texts.values()}
    assert len(kept) > 1000
    assert not kept & measured


def test_manifest_names_each_source(shared: Path) -> None:
    found = sources(shared)
    assert {"activities.csv", "goods.csv", "groups_vi_en.tsv"} <= set(found)
    assert all(len(digest) == 64 for digest in found.values())
