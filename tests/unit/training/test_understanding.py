import numpy as np
import pytest

from training.activities import fit
from training.lexicon import learn
from training.likelihood import LikelihoodConfig, fit_likelihood
from training.sentences import Example, sentences
from training.understanding_measures import judge, overlaps
from training.understanding_sets import PARTS, WAYS, half_of_code, profiles


def test_precision_is_capped_by_what_there_is() -> None:
    assert judge(["a", "x", "b"], {"a": 2, "b": 1}).precision == 1.0
    assert judge(["a", "x"], {"a": 2, "b": 1}).precision == 0.5
    assert judge(["a", "b"], {"a": 2, "b": 1}).ndcg == pytest.approx(1.0)
    assert judge(["b", "a"], {"a": 2, "b": 1}).ndcg < 1.0


def test_overlap_is_with_the_vietnamese_list() -> None:
    lists = {("t", "vi"): list("abcdefghij"), ("t", "en"): list("abcdeklmno")}
    assert overlaps(lists, "en").tolist() == [0.5]


def test_classes_share_the_half_of_their_group() -> None:
    assert half_of_code("1071") == half_of_code("107") == half_of_code("10710")
    assert {half_of_code(f"{code:03}") for code in range(100)} == {"choose", "report"}


def test_parts_of_the_profiles_do_not_meet() -> None:
    themes = [{question.theme for question in profiles(part)} for part in PARTS]
    assert all(themes)
    assert len(set.union(*themes)) == sum(len(found) for found in themes)


def test_every_profile_is_written_in_every_way() -> None:
    for part in PARTS:
        asked = profiles(part)
        assert len(asked) == len({(one.theme, one.way) for one in asked})
        assert {one.way for one in asked} == set(WAYS)
        assert all(one.grades for one in asked)


def test_likelihood_finds_the_class_and_is_the_same_again() -> None:
    rng = np.random.default_rng(1)
    middles = np.eye(4, 8, dtype=np.float32)
    owners = [row % 4 for row in range(400)]
    rows = (middles[owners] + 0.1 * rng.standard_normal((400, 8))).astype(np.float32)
    config = LikelihoodConfig(dim=4, epochs=20, batch=40)
    kin = np.eye(4, dtype=np.float32)
    projection, classes = fit_likelihood(rows, owners, share=np.ones(4), kin=kin, config=config)
    assert ((middles @ projection.T) @ classes.T).argmax(axis=1).tolist() == [0, 1, 2, 3]
    again, _ = fit_likelihood(rows, owners, share=np.ones(4), kin=kin, config=config)
    assert np.array_equal(projection, again)


def test_sentences_are_the_same_for_the_same_seed() -> None:
    assert list(sentences(each=1, seed=3)) == list(sentences(each=1, seed=3))


def test_fit_separates_what_is_apart() -> None:
    vectors = np.eye(3, dtype=np.float32)
    examples = [Example(name, "vi", name) for name in ("a", "b", "c")]
    share = np.ones(3)
    weights = fit(vectors, examples, names=("a", "b", "c"), share=share, ridge=0.1)
    assert (vectors @ weights.T).argmax(axis=1).tolist() == [0, 1, 2]


def test_lexicon_learns_the_word_that_goes_with_another() -> None:
    table = learn(
        [("wind power", "điện gió"), ("wind farm", "trại gió"), ("solar power", "điện nắng")]
    )
    assert next(iter(table["wind"])) == "gio"
    assert "dien" in table["power"]
