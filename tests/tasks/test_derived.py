"""Derived columns are what scikit-learn's classifiers give for the same probabilities."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st
from sklearn.dummy import DummyClassifier

from bancada import tasks

SHARES = st.lists(st.integers(0, 40), min_size=3, max_size=3).filter(any)


@given(shares=SHARES)
def test_a_multiclass_label_is_what_scikit_learn_predicts(shares: list[int]) -> None:
    rows = [name for name, share in zip("abc", shares, strict=True) for _ in range(share)]
    model = DummyClassifier(strategy="prior").fit(np.zeros((len(rows), 1)), rows)
    found = dict(zip(model.classes_, model.predict_proba([[0]])[0], strict=True))
    task = tasks.Multiclass().resolve(pa.table({"kind": ["a", "b", "c"]}))
    given_ = pa.table({f"probability_{name}": [found.get(name, 0.0)] for name in "abc"})
    assert tasks.derived(task, given_).column("label").to_pylist() == model.predict([[0]]).tolist()
    task.check(tasks.derived(task, given_), 1)


@given(probability=st.floats(0, 1))
def test_a_binary_label_is_true_above_one_half(probability: float) -> None:
    task = tasks.Binary().resolve(pa.table({"ill": [0, 1]}))
    found = tasks.derived(task, pa.table({"probability": [probability]}))
    assert found.to_pylist() == [{"score": probability, "probability": probability, "label": probability > 0.5}]


def test_what_was_given_stays_and_other_tasks_get_nothing() -> None:
    binary = tasks.Binary().resolve(pa.table({"ill": [0, 1]}))
    told = {"score": [-3.0], "probability": [0.9], "label": [False]}
    assert tasks.derived(binary, pa.table(told)).to_pydict() == told
    assert tasks.derived(binary, pa.table({"score": [2.0]})).column_names == ["score"]
    several = tasks.Multiclass().resolve(pa.table({"kind": ["a", "b"]}))
    assert tasks.derived(several, pa.table({"probability_a": [0.5]})).column_names == ["probability_a"]
    regression = tasks.Regression().resolve(pa.table({"y": [1.0, 2.0]}))
    assert tasks.derived(regression, pa.table({"value": [1.0]})).column_names == ["value"]
