"""The level of a family, and the way from fold scores to a verdict."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from bancada.judgement._lines import line_of
from bancada.judgement._words import Level, matrix, tell, told
from bancada.records import RunRecord

MakeRun = Callable[..., RunRecord]
NOISE = np.random.default_rng(2).normal(0, 0.02, (2, 15))


@pytest.mark.parametrize(("tried", "pairs", "champion"), [(1, 1, 1), (2, 1, 1), (6, 15, 5), (62, 1891, 61)])
def test_the_family_is_all_pairs_or_all_but_the_champion(tried: int, pairs: int, champion: int) -> None:
    assert Level.of_pairs(0.05, tried).a == 0.05 / pairs
    assert Level.against_champion(0.05, tried).a == 0.05 / champion


def test_a_repeat_that_a_line_lacks_is_nan_in_its_row_and_only_there(run_of: MakeRun, metric_of: Any) -> None:
    metric = metric_of("roc_auc")
    lines = [line_of([run_of(name, repeats=repeats, values=[0.8] * 5 * repeats)], metric) for name, repeats in _PLAN]
    scores, design, places = matrix(lines, metric)
    assert design.repeats == 3
    assert len(places) == 15
    assert np.isnan(scores).sum(axis=1).tolist() == [0, 10]


_PLAN = (("long", 3), ("short", 1))


def test_where_less_is_better_the_scores_are_turned_round(run_of: MakeRun, metric_of: Any, evaluation_of: Any) -> None:
    metric = metric_of("log_loss", greater=False)
    judged = evaluation_of([metric])
    low, high = (
        line_of([run_of(name, mean + NOISE[i], evaluation=judged)], metric)
        for i, (name, mean) in enumerate((("low", 0.2), ("high", 0.9)))
    )
    level = Level(0.05, 1)
    found, design = tell(low, high, metric, None, level)
    assert found.word == "better"
    spoken = told(found, low, high, metric, level, design)
    assert spoken.delta is not None
    assert spoken.delta > 0
    assert spoken.procedure == "corrected resampled t"


def test_silence_takes_the_word_and_leaves_the_interval(run_of: MakeRun, metric_of: Any) -> None:
    metric = metric_of("roc_auc")
    a, b = (line_of([run_of(name, 0.8 + i / 10 + NOISE[i])], metric) for i, name in enumerate("ab"))
    level = Level(0.05, 1)
    found, design = tell(a, b, metric, None, level)
    spoken = told(found, a, b, metric, level, design, silence="because")
    assert (found.word, spoken.verdict, spoken.note) == ("worse", "none", "because")
    assert spoken.low == found.low
