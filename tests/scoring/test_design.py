"""The procedure follows from the design."""

from __future__ import annotations

import pytest

from bancada.exceptions import DefinitionError
from bancada.scoring import Design


def folds(kind: str, n_folds: int, *, n_train: int = 80, n_test: int = 20, repeats: int = 1) -> Design:
    return Design(kind, (n_train,) * n_folds, (n_test,) * n_folds, repeats)


@pytest.mark.parametrize(
    ("design", "name", "df", "factor"),
    [
        (folds("random", 15, repeats=3), "corrected resampled t", 14, (1 / 15 + 0.25) ** 0.5),
        (folds("random", 3), "corrected resampled t", 2, (1 / 3 + 0.25) ** 0.5),
        (folds("site", 5), "t over sites", 4, (1 / 5) ** 0.5),
        (folds("time", 5), "t over time blocks", 4, (1 / 5) ** 0.5),
    ],
)
def test_each_kind_has_its_procedure(design: Design, name: str, df: int, factor: float) -> None:
    assert (design.procedure.name, design.procedure.df) == (name, df)
    assert design.procedure.factor == pytest.approx(factor)
    assert design.procedure.reason == ""


@pytest.mark.parametrize(
    ("design", "reason"),
    [
        (folds("single", 1), "one split: the variation of training was not measured"),
        (folds("random", 2), "fewer than 3 folds"),
        (folds("site", 4), "fewer than 5 folds"),
        (folds("time", 4), "fewer than 5 folds"),
        (folds("time", 10, repeats=2), "repeats of time folds are not new evidence"),
        (folds("random", 5, n_train=7, n_test=2), "fewer than 10 rows or groups"),
        (folds("random", 5, n_train=38, n_test=9), "test folds of fewer than 10 rows"),
        (Design("random", (), ()), "fewer than 3 folds"),
        (folds("random", 5, n_train=0), "the sizes of the training parts are not known"),
        (Design("random", (0, 80, 80), (20,) * 3), "the sizes of the training parts are not known"),
        (folds("time", 5, n_train=0), "the sizes of the training parts are not known"),
    ],
)
def test_thin_evidence_allows_estimates_only(design: Design, reason: str) -> None:
    assert (design.procedure.name, design.procedure.reason) == ("", reason)


def test_groups_set_rho_and_rows_set_the_size_of_a_test_fold() -> None:
    design = Design("random", (24,) * 5, (6,) * 5, rows_test=(60,) * 5)
    assert design.rho == 0.25
    assert design.procedure.name == "corrected resampled t"


def test_fewer_than_ten_groups_allow_estimates_only_whatever_their_rows() -> None:
    assert Design("random", (6,) * 3, (3,) * 3, rows_test=(300,) * 3).procedure.reason == "fewer than 10 rows or groups"


def test_independent_folds_need_no_training_row_in_each() -> None:
    assert Design("time", (0, 10, 20, 30, 40), (10,) * 5).procedure.name == "t over time blocks"


def test_a_part_of_the_repeats_is_the_design_of_those() -> None:
    design = Design("random", (80, 81, 82, 83, 84, 85), (20, 21, 22, 23, 24, 25), 3, (1, 2, 3, 4, 5, 6))
    assert design.only([2, 0]) == Design("random", (84, 85, 80, 81), (24, 25, 20, 21), 2, (5, 6, 1, 2))


def test_rho_is_of_means() -> None:
    assert Design("random", (90, 70), (10, 30)).rho == 0.25


def test_an_unknown_kind_is_named_with_its_nearest() -> None:
    with pytest.raises(DefinitionError, match=r"The kind is 'randon'. Did you mean `random`"):
        Design("randon", (8,), (2,))


def test_counts_that_do_not_fit_are_refused() -> None:
    with pytest.raises(DefinitionError, match="Found 2 `n_train`, 1 `n_test`"):
        Design("random", (8, 8), (2,))
    with pytest.raises(DefinitionError, match="3 repeats"):
        Design("random", (8,) * 5, (2,) * 5, repeats=3)
