"""Refused procedures are refused by name."""

from __future__ import annotations

import pytest

from bancada.exceptions import NotFoundError, ProcedureRefused
from bancada.scoring import Design, refuse
from bancada.scoring._procedures import procedure

KFOLD = Design("random", (80,) * 15, (20,) * 15, 3)
SITES = Design("site", (80,) * 5, (20,) * 5)
BLOCKS = Design("time", (80,) * 5, (20,) * 5)
SINGLE = Design("single", (80,), (20,))


def test_equal_designs_get_their_procedure() -> None:
    assert procedure(KFOLD, KFOLD).name == "corrected resampled t"


def test_unlike_designs_are_refused_with_both_described() -> None:
    with pytest.raises(ProcedureRefused, match=r"One run has 5 random folds × 3 .*, the other one split"):
        procedure(KFOLD, SINGLE)


@pytest.mark.parametrize(
    ("name", "design", "text"),
    [
        ("paired t", KFOLD, "training parts of random folds overlap.*Use `corrected resampled t`"),
        ("Wilcoxon", KFOLD, "training parts of random folds overlap"),
        ("McNemar", KFOLD, "several fitted models"),
        ("DeLong", KFOLD, "several fitted models"),
        ("corrected_resampled_t", SITES, "one independent draw.*Use `t over sites`"),
        ("corrected resampled t", BLOCKS, "one independent draw.*Use `t over time blocks`"),
        ("row-t", BLOCKS, "several fitted models"),
        ("repeats", BLOCKS, "Time passes once"),
        ("overlapping windows", BLOCKS, "Time passes once"),
        ("unpaired t", SINGLE, "compared in pairs"),
        ("corrected resampled t", SINGLE, "One split does not measure.*Read the estimates only: one split"),
    ],
)
def test_a_procedure_that_would_be_wrong_is_refused(name: str, design: Design, text: str) -> None:
    with pytest.raises(ProcedureRefused, match=text):
        refuse(name, design)


@pytest.mark.parametrize(
    ("name", "design"),
    [("corrected resampled t", KFOLD), ("t over sites", SITES), ("paired t", SITES), ("mcnemar", SINGLE)],
)
def test_what_is_sound_passes(name: str, design: Design) -> None:
    refuse(name, design)


def test_an_unknown_procedure_is_named_with_its_nearest() -> None:
    with pytest.raises(NotFoundError, match=r"There is no `wilcoxn`. Did you mean `wilcoxon`"):
        refuse("wilcoxn", KFOLD)
