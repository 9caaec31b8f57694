"""Labels that are contradicted with confidence."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bancada.scoring.suspects import suspect_labels


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 5), st.integers(5, 80))
def test_it_is_the_off_diagonal_of_the_confident_joint(seed: int, n_classes: int, n_rows: int) -> None:
    """Northcutt, Jiang & Chuang (2021), equation 1, row by row."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, n_classes, size=n_rows)
    probabilities = rng.dirichlet(np.ones(n_classes), size=n_rows)
    expected = {}
    for row in range(n_rows):
        confident = [
            j
            for j in range(n_classes)
            if (labels == j).any() and probabilities[row, j] >= probabilities[labels == j, j].mean()
        ]
        best = max(confident, key=lambda j: probabilities[row, j], default=None)
        if best is not None and best != labels[row]:
            expected[row] = best
    found = suspect_labels(labels, probabilities)
    assert dict(zip(found.rows.tolist(), found.suggested.tolist(), strict=True)) == expected
    assert (np.diff(found.margin) <= 0).all()


def test_labels_that_were_flipped_are_found() -> None:
    rng = np.random.default_rng(3)
    truth = rng.integers(0, 3, size=1_500)
    logits = rng.normal(size=(1_500, 3)) + 4.0 * np.eye(3)[truth]
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    flipped = rng.choice(1_500, 75, replace=False)
    labels = truth.copy()
    labels[flipped] = (truth[flipped] + 1) % 3
    found = suspect_labels(labels, probabilities)
    hits = np.isin(found.rows, flipped)
    assert np.isin(flipped, found.rows).mean() > 0.85
    assert hits.mean() > 0.75
    assert hits[:40].mean() > 0.95


def test_a_row_without_probabilities_and_a_class_without_rows_are_not_judged() -> None:
    labels = np.array([0, 0, 1, 1])
    probabilities = np.array([[0.9, 0.1, 0.0], [np.nan] * 3, [0.1, 0.3, 0.6], [0.2, 0.8, 0.0]])
    found = suspect_labels(labels, probabilities)
    assert found.rows.tolist() == []
    assert np.isnan(found.thresholds[2])
