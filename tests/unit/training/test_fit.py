import numpy as np
import pytest

from matcher.features import FEATURES
from tests.unit.training.worlds import checkerboard
from training.choosing import ChoiceConfig, choose, head, logit, rule
from training.fit import LogitConfig, fit_boosted, fit_head, fit_logit, top_rows
from training.metrics import ndcg_of_groups
from training.samples import Groups, draw_samples


@pytest.fixture(scope="module")
def groups() -> Groups:
    return draw_samples(checkerboard()).for_calls


def quality(scores: np.ndarray, groups: Groups) -> float:
    return float(ndcg_of_groups(scores, groups.relevant, groups.starts).mean())


def test_a_logit_learns_what_decides(groups: Groups) -> None:
    learned = fit_logit(groups).score(groups.features)
    blind = np.zeros(len(learned), dtype=np.float32)
    assert quality(learned, groups) > quality(blind, groups) + 0.2


def test_evidence_never_counts_against(groups: Groups) -> None:
    free = {"recency", "call_capital", "demand_text", "demand_field", "demand_capital",
            "field_momentum"}  # fmt: skip
    weights = fit_logit(groups).weights
    assert min(value for name, value in weights.items() if name not in free) >= 0


def test_a_stronger_penalty_gives_smaller_weights(groups: Groups) -> None:
    def size(l2: float) -> float:
        return sum(abs(w) for w in fit_logit(groups, LogitConfig(l2=l2)).weights.values())

    assert size(1e5) < size(10.0)


def test_a_feature_left_out_has_no_weight(groups: Groups) -> None:
    config = LogitConfig(leave_out=frozenset({"text_votes", "sector_votes"}))
    assert not {"text_votes", "sector_votes"} & set(fit_logit(groups, config).weights)


def test_a_prior_decides_where_the_penalty_is_strong(groups: Groups) -> None:
    prior = {"breadth": 1.0, "text_votes": 2.0}
    weights = fit_logit(groups, LogitConfig(l2=1e7, prior=prior)).weights
    strong = {name: weight for name, weight in weights.items() if weight > 1e-3}
    assert set(strong) == set(prior)
    assert strong["text_votes"] == pytest.approx(2 * strong["breadth"], rel=0.01)


def test_a_prior_gives_way_to_the_data(groups: Groups) -> None:
    wrong = {"breadth": 1.0}
    learned = fit_logit(groups, LogitConfig(l2=1.0, prior=wrong)).score(groups.features)
    plain = fit_logit(groups, LogitConfig(l2=1.0)).score(groups.features)
    assert quality(learned, groups) > quality(plain, groups) - 0.02


def test_the_same_groups_give_the_same_weights(groups: Groups) -> None:
    assert fit_logit(groups).weights == fit_logit(groups).weights
    assert fit_head(groups, 10).weights == fit_head(groups, 10).weights


def test_the_head_holds_the_best_rows_of_groups_with_a_hit(groups: Groups) -> None:
    scores = groups.features[:, FEATURES.index("text_votes")]
    best = top_rows(groups, scores, 5)
    sizes = np.diff(np.append(best.starts, len(best.relevant)))
    assert sizes.max() == 5
    assert np.add.reduceat(best.relevant.astype(int), best.starts).min() >= 1


def test_trees_on_too_few_rows_are_the_logit_alone(groups: Groups) -> None:
    few = groups.take(np.arange(len(groups)) < 5)
    ranker = fit_boosted(few)
    assert ranker.text == ""
    np.testing.assert_array_equal(ranker.score(few.features), ranker.linear.score(few.features))


def test_a_choice_is_a_blend_with_shares_of_one(groups: Groups) -> None:
    choice = choose(groups, [logit(20.0), head(10), rule("breadth")])
    assert sum(choice.shares.values()) == pytest.approx(1.0, abs=0.05)
    assert choice.judged["logit 20"] > choice.judged["breadth"]
    assert quality(choice.score(groups.features), groups) > 0.5


def test_with_too_little_to_judge_by_the_start_is_taken(groups: Groups) -> None:
    few = groups.take(groups.since == groups.since.min())
    choice = choose(few, [logit(20.0), rule("breadth")], ChoiceConfig(start=("logit 20",)))
    assert choice.shares == {"logit 20": 1.0}
    assert choice.judged == {}


def test_without_groups_the_most_active_come_first(groups: Groups) -> None:
    none = groups.take(np.zeros(len(groups), dtype=np.bool_))
    choice = choose(none, [logit(20.0)])
    assert choice.name == "breadth 100%"
