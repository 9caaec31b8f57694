"""Classes that folds lack, and an imbalance by what it means for the metric."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from bancada.engine.checking._classes import find_classes

if TYPE_CHECKING:
    from tests.engine.checking.conftest import Clean


def test_a_class_with_fewer_rows_than_folds_is_serious(clean: Clean) -> None:
    clean.y = clean.draw.integers(0, 2, clean.n_rows).astype(np.float64)
    clean.y[:3] = 2
    (finding,) = find_classes(clean.rows()).findings
    assert (finding.severity, finding.evidence["rows"]) == ("serious", {"2": 3})
    assert finding.evidence["folds_without_it_in_test"] >= 2
    assert "join rare classes" in finding.remedy


def test_a_class_that_a_fold_lacks_although_there_are_enough_is_serious(clean: Clean) -> None:
    clean.y = np.zeros(clean.n_rows)
    clean.y[np.flatnonzero(clean.fold == 0)] = 1
    finding = find_classes(clean.rows()).findings[0]
    assert finding.severity == "serious"
    assert "stratify=True" in finding.remedy


@pytest.mark.parametrize(
    ("metric", "severity", "told"),
    [
        ("accuracy", "serious", "whoever always answers `0` scores 0.9"),
        ("roc_auc", "note", "average_precision"),
        ("log_loss", "note", "baseline"),
        ("f1", "note", "rows of the others decide"),
    ],
)
def test_an_imbalance_is_told_by_what_it_means(clean: Clean, metric: str, severity: str, told: str) -> None:
    clean.y = (clean.draw.random(clean.n_rows) < 0.06).astype(np.float64)
    (finding,) = find_classes(clean.rows(metric=metric)).findings
    assert finding.severity == severity
    assert told in finding.found


def test_numbers_have_no_classes(clean: Clean) -> None:
    assert find_classes(clean.rows()).findings == ()
    assert "no class" in find_classes(clean.rows(target=None)).skipped
