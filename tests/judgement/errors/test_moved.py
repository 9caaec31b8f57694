"""A metric over a slice, and how much each row moves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from sklearn.metrics import f1_score, roc_auc_score

from bancada import tasks
from bancada.judgement.errors._moved import by_losses, by_metric
from bancada.metrics._placements import of_one_against_rest
from bancada.scoring.slices import complement

if TYPE_CHECKING:
    from collections.abc import Callable

    from bancada.engine.examples import Examples

    Maker = Callable[..., Examples]

N = 240


def drawn(seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = rng.random(N) < 0.4
    return truth, rng.normal(size=N) + truth, rng.random(N) < 0.5


def folds_of(scores: np.ndarray, k: int, repeats: int = 1) -> list[tuple[int, list[int], dict[str, list[object]]]]:
    found = []
    for repeat in range(repeats):
        order = np.random.default_rng(repeat).permutation(N)
        for number in range(k):
            rows = np.sort(order[number::k])
            told: dict[str, list[object]] = {"score": list(scores[rows]), "label": list(scores[rows] > 0.5)}
            found.append((repeat, rows.tolist(), told))
    return found


def test_over_one_fold_it_is_the_metric_of_scikit_learn(made: Maker) -> None:
    truth, scores, among = drawn()
    yardstick = by_metric(made(truth.tolist(), [folds_of(scores, 1)]), "roc_auc")
    assert yardstick is not None
    part = yardstick.part(among)
    assert part.value == pytest.approx(roc_auc_score(truth[among], scores[among]))
    assert part.influence.sum() == pytest.approx(0, abs=1e-12)
    assert not part.influence[~among].any()
    assert part.n_rows == among.sum()


def test_over_folds_pairs_are_those_within_a_fold(made: Maker) -> None:
    truth, scores, among = drawn()
    listed = folds_of(scores, 4)
    yardstick = by_metric(made(truth.tolist(), [listed]), "roc_auc")
    assert yardstick is not None
    values, weights = [], []
    for _, rows, _ in listed:
        kept = np.array(rows)[among[rows]]
        values.append(roc_auc_score(truth[kept], scores[kept]))
        weights.append(truth[kept].sum() * (~truth[kept]).sum())
    assert yardstick.part(among).value == pytest.approx(np.average(values, weights=weights))


def test_a_mean_of_aucs_over_small_folds_knows_how_few_rows_a_class_has(made: Maker) -> None:
    """With 10 rows of each class in 5 folds, slices that do not differ were flagged in 12 % of cases."""
    rng = np.random.default_rng(1)
    classes, k = np.tile(np.repeat([0, 1, 2], 6), 5), 5
    among = np.tile(np.arange(18) % 6 < 2, k)
    logits = rng.normal(size=(len(classes), 3)) + np.eye(3)[classes]
    told = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    folds = []
    for number in range(k):
        rows = np.arange(18 * number, 18 * number + 18)
        folds.append((0, rows.tolist(), {f"probability_{n}": list(told[rows, i]) for i, n in enumerate("abc")}))
    truth = ["abc"[code] for code in classes]
    yardstick = by_metric(made(truth, [folds], task=tasks.Multiclass(), names=("roc_auc_ovr",)), "roc_auc_ovr")
    assert yardstick is not None
    part = yardstick.part(among)
    plain = []
    for number in range(k):
        inside = np.flatnonzero(among[:18]) + 18 * number
        plain.append(of_one_against_rest(classes[inside], told[inside], None).values / len(inside) / k)
    # Each class has two rows in a fold of the slice: 2/(2 − 1).
    assert part.influence[among] == pytest.approx(np.sqrt(2) * np.concatenate(plain))


def test_a_pooled_metric_is_one_number_for_each_repeat(made: Maker) -> None:
    truth, scores, among = drawn()
    examples = made(truth.tolist(), [folds_of(scores, 4, repeats=2)], names=("f1",))
    yardstick = by_metric(examples, "f1")
    assert yardstick is not None
    assert yardstick.part(among).value == pytest.approx(f1_score(truth[among], scores[among] > 0.5))


def test_repeats_do_not_narrow_the_interval(made: Maker) -> None:
    truth, scores, among = drawn()
    widths = []
    for repeats in (1, 6):
        yardstick = by_metric(made(truth.tolist(), [folds_of(scores, 3, repeats)]), "roc_auc")
        assert yardstick is not None
        found = complement(yardstick.part(among), yardstick.part(~among))
        assert found.low is not None
        assert found.high is not None
        widths.append(found.high - found.low)
    assert widths[1] == pytest.approx(widths[0], rel=0.15)


def test_slices_that_do_not_differ_are_flagged_in_about_one_of_twenty(made: Maker) -> None:
    flagged = []
    for seed in range(250):
        truth, scores, among = drawn(seed)
        yardstick = by_metric(made(truth.tolist(), [folds_of(scores, 4)]), "roc_auc")
        assert yardstick is not None
        found = complement(yardstick.part(among), yardstick.part(~among))
        assert found.p is not None
        flagged.append(found.p < 0.05)
    assert 0.02 <= np.mean(flagged) <= 0.09


def test_of_two_models_it_is_what_the_first_gains(made: Maker) -> None:
    truth, scores, among = drawn()
    noise = scores + np.random.default_rng(2).normal(size=N) * 2
    both = [folds_of(scores, 1), folds_of(noise, 1)]
    yardstick = by_metric(made(truth.tolist(), both), "roc_auc")
    assert yardstick is not None
    gain = roc_auc_score(truth[among], scores[among]) - roc_auc_score(truth[among], noise[among])
    assert yardstick.part(among).value == pytest.approx(gain)
    turned = by_metric(made(truth.tolist(), both[::-1]), "roc_auc")
    assert turned is not None
    assert turned.part(among).value == pytest.approx(-gain)


def test_a_slice_without_one_class_is_undefined(made: Maker) -> None:
    truth, scores, _ = drawn()
    yardstick = by_metric(made(truth.tolist(), [folds_of(scores, 2)]), "roc_auc")
    assert yardstick is not None
    assert np.isnan(yardstick.part(truth).value)
    found = complement(yardstick.part(truth), yardstick.part(~truth))
    assert found.note == "undefined in the slice"


def test_a_fold_where_a_metric_is_undefined_is_counted(made: Maker) -> None:
    truth, scores, _ = drawn()
    listed = folds_of(scores, 3)
    among = np.ones(N, dtype=bool)
    among[np.array(listed[0][1])] = ~truth[np.array(listed[0][1])]
    yardstick = by_metric(made(truth.tolist(), [listed], names=("average_precision",)), "average_precision")
    assert yardstick is not None
    assert yardstick.part(among).note == "undefined in 1 of 3 folds"


@pytest.mark.parametrize("name", ["log_loss", "accuracy", "nothing"])
def test_a_mean_over_rows_and_an_unknown_metric_go_by_the_losses(name: str, made: Maker) -> None:
    truth, scores, _ = drawn()
    listed = [(0, list(range(N)), {"probability": [0.5] * N, "label": [True] * N, "score": scores.tolist()})]
    assert by_metric(made(truth.tolist(), [listed], names=("roc_auc", "log_loss", "accuracy")), name) is None


def test_rows_without_a_loss_do_not_count(made: Maker) -> None:
    truth, scores, among = drawn()
    losses = np.where(np.arange(N) < 5, np.nan, 1.0 * among)
    yardstick = by_losses(made(truth.tolist(), [folds_of(scores, 1)]), "loss", losses)
    assert yardstick.known.sum() == N - 5
    assert yardstick.part(among).value == 1
