"""One line a claim, seeds averaged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pytest

from bancada.judgement._lines import Place, claims_tried, design_of, line_of, lines_of
from bancada.records import Estimate

if TYPE_CHECKING:
    from collections.abc import Callable

    from bancada.records import RunRecord

    MakeRun = Callable[..., RunRecord]

RNG = np.random.default_rng(0)


def test_the_newest_complete_run_of_a_claim_counts(run_of: MakeRun, metric_of: Any) -> None:
    old = run_of(values=[0.7] * 15, started="2024-01-01")
    new = run_of(values=[0.8] * 15, started="2024-02-01")
    broken = run_of(values=[None] * 15, started="2024-03-01")
    (line,) = lines_of([new, broken, old], metric_of("roc_auc"))
    assert line.run == new
    assert line.complete


def test_without_a_complete_run_the_newest_counts(run_of: MakeRun, metric_of: Any) -> None:
    old, new = (run_of(values=[0.7, *[None] * 14], started=day) for day in ("2024-01-01", "2024-02-01"))
    (line,) = lines_of([old, new], metric_of("roc_auc"))
    assert line.run == new
    assert not line.complete
    assert not line.eligible


def test_claims_that_differ_in_nothing_but_the_seed_are_one_line(run_of: MakeRun, metric_of: Any) -> None:
    values = RNG.normal(0.8, 0.05, (3, 15))
    runs = [run_of(values=row, seed=seed, train=0.9) for seed, row in enumerate(values)]
    (line,) = lines_of(runs, metric_of("roc_auc"))
    assert [line.folds[Place(r, "", f)] for r in range(3) for f in range(5)] == pytest.approx(values.mean(axis=0))
    assert line.estimate.value == pytest.approx(values.mean())
    assert line.train_gap == pytest.approx(0.9 - values.mean())
    assert line.complete
    assert line.estimate.procedure == "corrected resampled t"


def test_other_parameters_or_other_code_are_another_line(run_of: MakeRun, metric_of: Any) -> None:
    runs = [run_of(), run_of(params={"C": 1}), run_of(code="c2"), run_of(code="c2", seed=7)]
    assert len(lines_of(runs, metric_of("roc_auc"))) == 3


def test_seeds_of_unlike_repeats_are_averaged_over_the_folds_that_all_have(run_of: MakeRun, metric_of: Any) -> None:
    runs = [run_of(values=[0.6] * 5, repeats=1, seed=0), run_of(values=[0.8] * 15, seed=1)]
    (line,) = lines_of(runs, metric_of("roc_auc"))
    assert line.folds == {Place(0, "", fold): pytest.approx(0.7) for fold in range(5)}


def test_the_score_of_several_seeds_is_over_the_folds_that_it_shows(run_of: MakeRun, metric_of: Any) -> None:
    few, many = RNG.normal(0.6, 0.05, 5), RNG.normal(0.8, 0.05, 15)
    many[5:] = 0.2
    runs = [run_of(values=few, repeats=1, seed=0, train=0.9), run_of(values=many, seed=1, train=0.9)]
    (line,) = lines_of(runs, metric_of("roc_auc"))
    expected = (few + many[:5]) / 2
    assert line.estimate.value == pytest.approx(expected.mean())
    assert line.estimate.low is not None
    assert line.estimate.high is not None
    assert (line.estimate.low + line.estimate.high) / 2 == pytest.approx(expected.mean())
    assert line.train_gap == pytest.approx(0.9 - expected.mean())


def test_over_equal_folds_the_score_of_several_seeds_is_the_mean_of_their_scores(
    run_of: MakeRun, metric_of: Any
) -> None:
    def pooled(seed: int, value: float) -> RunRecord:
        made = run_of(values=RNG.normal(0.8, 0.05, 15), seed=seed)
        (score,) = made.scores
        estimate = msgspec.structs.replace(score.estimate, value=value)
        return msgspec.structs.replace(made, scores=(msgspec.structs.replace(score, estimate=estimate),))

    (line,) = lines_of([pooled(0, 0.83), pooled(1, 0.87)], metric_of("roc_auc"))
    assert line.estimate.value == pytest.approx(0.85), "pseudo-values have another mean than the pooled score"


def test_seeds_on_repeats_of_other_tables_are_averaged_over_the_repeats_of_one(run_of: MakeRun, metric_of: Any) -> None:
    runs = [
        run_of(values=[0.6] * 5 + [0.1] * 10, splits="abc", seed=0),
        run_of(values=[0.8] * 5 + [0.9] * 10, splits="ayz", seed=1),
    ]
    (line,) = lines_of(runs, metric_of("roc_auc"))
    assert line.folds == {Place(0, "a", fold): pytest.approx(0.7) for fold in range(5)}
    assert line.estimate.value == pytest.approx(0.7)


def test_seeds_without_an_interval_have_none_together(run_of: MakeRun, metric_of: Any) -> None:
    def bare(seed: int) -> RunRecord:
        made = run_of(values=RNG.normal(0.8, 0.05, 15), slices={"rare": RNG.normal(0.8, 0.05, 15)}, seed=seed)
        whole, rare = made.scores
        rare = msgspec.structs.replace(rare, estimate=Estimate(value=rare.estimate.value))
        return msgspec.structs.replace(made, scores=(whole, rare))

    runs = [bare(0), bare(1)]
    assert line_of(runs, metric_of("roc_auc")).estimate.low is not None
    assert line_of(runs, metric_of("roc_auc"), "rare").estimate.low is None


def test_a_seed_that_failed_is_left_out_of_the_average(run_of: MakeRun, metric_of: Any) -> None:
    runs = [run_of(values=[0.6] * 15, seed=0), run_of(values=[0.9, *[None] * 14], seed=1, status="failed")]
    (line,) = lines_of(runs, metric_of("roc_auc"))
    assert [run.seed for run in line.runs] == [0]
    assert line.estimate.value == pytest.approx(0.6)


def test_an_undefined_fold_makes_a_line_incomplete(run_of: MakeRun, metric_of: Any) -> None:
    line = line_of([run_of(values=[None, *[0.8] * 14])], metric_of("roc_auc"))
    assert not line.complete
    assert len(line.folds) == 14
    assert line.estimate.value == pytest.approx(0.8)


def test_k_counts_parameter_sets_and_not_seeds_baselines_or_failures(run_of: MakeRun, metric_of: Any) -> None:
    runs = [
        run_of(),
        run_of(seed=1),
        run_of(started="2024-02-02"),
        run_of(params={"C": 1}),
        run_of("forest", status="discarded", values=[0.5, *[None] * 14]),
        run_of("knn", status="explored", values=[0.5, *[None] * 14]),
        run_of("svm", status="failed", values=[0.5, *[None] * 14]),
        run_of("tree", status="interrupted", values=[None] * 15),
        run_of("baseline", baseline=True),
    ]
    assert claims_tried(runs, metric_of("roc_auc").digest) == 4
    assert claims_tried(runs, metric_of("brier").digest) == 0


def test_the_design_comes_from_the_folds_and_the_split(run_of: MakeRun, problem_of: Any, metric_of: Any) -> None:
    line = line_of([run_of(problem=problem_of(split__kind="site"), repeats=1)], metric_of("roc_auc"))
    design, places = design_of([line])
    assert (design.kind, design.k, design.repeats, design.rho) == ("site", 5, 1, 0.25)
    assert places == tuple(Place(0, "", fold) for fold in range(5))


def test_repeats_of_other_tables_are_other_repeats_of_the_design(run_of: MakeRun, metric_of: Any) -> None:
    lines = [line_of([run_of(splits=splits)], metric_of("roc_auc")) for splits in ("abc", "ayc")]
    design, places = design_of(lines)
    assert (design.k, design.repeats) == (5, 4)
    assert [place[:2] for place in places[::5]] == [(0, "a"), (1, "b"), (1, "y"), (2, "c")]


def test_the_evidence_of_a_line_is_its_weakest(run_of: MakeRun, metric_of: Any) -> None:
    runs = [run_of(seed=0, grade="reproduced"), run_of(seed=1, grade="incomplete")]
    assert line_of(runs, metric_of("roc_auc")).evidence.grade == "incomplete"
